"""What differs between the items of a unit; each difference in words, and whether it corrects."""

from collections.abc import Iterator, Mapping

from course_format.markdown import linked_files
from course_format.source import Item, Media, Unit
from course_format.wording import compare_texts

Found = tuple[str, bool]
Files = Mapping[str, str]

SECONDS_APART = 2
PERCENT_APART = 5
"""A recording that is this much longer or shorter, whichever is more, is still the same."""


def compare_items(before: Unit, after: Unit, old: Files, new: Files) -> Iterator[Found]:
    """Compare the items of two versions of a unit. `old` and `new` hash the files of each."""
    items = {item.slug: item for item in before.items}
    others = {item.slug: item for item in after.items}
    kept = [slug for slug in items if slug in others]
    for slug in others:
        if slug not in items:
            yield f"“{others[slug].title}” is added.", False
    for slug in items:
        if slug not in others:
            yield f"“{items[slug].title}” is gone.", False
    if kept != [slug for slug in others if slug in items]:
        yield "the items stand in another order.", False
    for slug in kept:
        for words, is_correction in _item(items[slug], others[slug], old, new):
            yield f"“{items[slug].title}”: {words}", is_correction


def _item(before: Item, after: Item, old: Files, new: Files) -> Iterator[Found]:
    if before.kind != after.kind:
        yield f"the {before.kind} is now a {after.kind}.", False
        return
    if before.title != after.title:
        is_correction = compare_texts(before.title, after.title).is_correction
        yield f"its title is now “{after.title}”.", is_correction
    if before.minutes != after.minutes:
        yield f"{before.minutes} minutes are now {after.minutes}.", False
    if before.required != after.required:
        yield f"it is {'required' if after.required else 'optional'} now.", False
    if before.objectives != after.objectives:
        taught = ", ".join(map(str, after.objectives)) or "none"
        yield f"the objectives that it is said to teach: {taught} now.", True
    if before.origin != after.origin:
        yield f"its source is now “{after.origin or 'not named'}”.", True
    if before.body != after.body:
        apart = compare_texts(before.body, after.body)
        yield f"in the text, {apart.in_words()}", apart.is_correction
    if before.url != after.url:
        yield f"the link leads to {after.url} now.", True
    if _hash(before.file, old) != _hash(after.file, new):
        yield "the handout is replaced.", True
    yield from _pictures(before.body, after.body, old, new)
    if before.media and after.media:
        yield from _recording(before.media, after.media, old, new)


def _recording(before: Media, after: Media, old: Files, new: Files) -> Iterator[Found]:
    if before.excerpt != after.excerpt:
        yield f"the recording is {'' if after.excerpt else 'no longer '}an excerpt.", False
    if _hash(before.path, old) != _hash(after.path, new) or before.duration != after.duration:
        yield (
            f"the recording is replaced: {before.duration} s before, {after.duration} s now.",
            _is_same_length(before, after),
        )
    for name in ("captions", "transcript", "chapters", "poster"):
        if _hash(getattr(before, name), old) != _hash(getattr(after, name), new):
            yield f"the {name} {'are' if name.endswith('s') else 'is'} corrected.", True
    if before.poster_alt != after.poster_alt:
        yield "the text alternative of the poster is corrected.", True
    yield from _pictures(before.transcript_text, after.transcript_text, old, new)


def _is_same_length(before: Media, after: Media) -> bool:
    allowed = max(SECONDS_APART, before.duration * PERCENT_APART // 100)
    return before.path[-3:] == after.path[-3:] and abs(before.duration - after.duration) <= allowed


def _pictures(before: str, after: str, old: Files, new: Files) -> Iterator[Found]:
    for path in sorted(linked_files(before) & linked_files(after)):
        if _hash(path, old) != _hash(path, new):
            yield f"{path} is replaced.", True


def _hash(path: str | None, files: Files) -> str:
    return files.get(path or "", "")
