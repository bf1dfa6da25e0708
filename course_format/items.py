"""Item files: `units/<number>-<slug>/<place>-<slug>.md`."""

import re
from dataclasses import dataclass

from course_format.faults import did_you_mean
from course_format.fields import Fields
from course_format.files import ID_RULE, MEDIA_NAME, is_id, read_text
from course_format.front_matter import read_document
from course_format.reading import Reading
from course_format.source import Item, ItemKind, Media

KINDS: tuple[ItemKind, ...] = ("webinar", "video", "audio", "reading", "handout", "link")
COMMON_KEYS = ("title", "kind", "minutes", "required", "objectives")
MEDIA_KEYS = (
    "media", "poster", "poster_alt", "captions", "chapters", "transcript", "duration", "excerpt",
)  # fmt: skip
KEYS_OF_KIND: dict[ItemKind, tuple[str, ...]] = {
    "webinar": MEDIA_KEYS,
    "video": MEDIA_KEYS,
    "audio": MEDIA_KEYS,
    "reading": ("from",),
    "handout": ("file",),
    "link": ("url",),
}
RECORDINGS: dict[ItemKind, tuple[str, ...]] = {
    "webinar": ("mp4", "m4a"),
    "video": ("mp4",),
    "audio": ("m4a",),
}
ALL_KEYS = tuple(dict.fromkeys(COMMON_KEYS + sum(KEYS_OF_KIND.values(), ())))
RESERVED_SLUGS = ("post-test",)
MAX_MINUTES = 1_000
MAX_SECONDS = 36_000

_FILE_NAME = re.compile(r"units/[^/]+/(?P<place>[0-9]{1,3})-(?P<slug>[^/]+)\.md")
_NUMBER = re.compile(r"[1-9][0-9]?")
_URL = re.compile(r"https://[^\s/?#@\\]+\.[^\s/?#@\\]+(?:[/?#][^\s\\]*)?")


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item and its place among the items of its unit."""

    place: int
    item: Item


def read_item(path: str, reading: Reading) -> PlacedItem | None:
    """Read one item file, or return None where it cannot be read at all."""
    name = _FILE_NAME.fullmatch(path)
    if not name or not is_id(name["slug"]) or name["slug"] in RESERVED_SLUGS:
        message = f"Name the file “01-slug.md”: a number, then {ID_RULE}; not “post-test”."
        reading.report.error(path, 0, message)
    document = read_document(reading.folder, path, reading.report)
    if document is None:
        return None
    fields = Fields(document.facts, path, reading.report, ALL_KEYS)
    kind = _kind(fields)
    _refuse_keys_of_other_kinds(fields, kind)
    body = reading.add_page(path, document.body_line, document.body)
    slug = name["slug"] if name else path
    _mark(reading, fields, slug, document.body_line)
    item = _item(slug, kind or "reading", fields, body, reading)
    if kind == "reading" and not body:
        reading.report.error(path, document.body_line, "The text of the reading is missing.")
    return PlacedItem(int(name["place"]) if name else 0, item)


def _mark(reading: Reading, fields: Fields, slug: str, body_line: int) -> None:
    reading.mark(fields.path, 1, "item", slug)
    reading.mark(fields.path, body_line, "item", slug, "body")
    for key in fields.mapping.key_lines:
        reading.mark(fields.path, fields.line(key), "item", slug, key)


def _kind(fields: Fields) -> ItemKind | None:
    word = fields.one_of("kind", KINDS)
    return next((kind for kind in KINDS if kind == word), None)


def _refuse_keys_of_other_kinds(fields: Fields, kind: ItemKind | None) -> None:
    if kind is None:
        return
    for key in fields.mapping.key_lines:
        if key in ALL_KEYS and key not in COMMON_KEYS + KEYS_OF_KIND[kind]:
            hint = did_you_mean(key, KEYS_OF_KIND[kind])
            fields.wrong(key, f"An item of kind {kind} has no “{key}”.{hint}")


def _item(slug: str, kind: ItemKind, fields: Fields, body: str, reading: Reading) -> Item:
    return Item(
        slug=slug,
        title=fields.text("title", 200),
        kind=kind,
        minutes=fields.whole("minutes", 1, MAX_MINUTES),
        required=fields.flag("required", default=True),
        origin=fields.optional_text("from", 300),
        body=body,
        media=_media(kind, fields, reading) if kind in RECORDINGS else None,
        file=_file(fields, "file", ("pdf",), reading) if kind == "handout" else None,
        url=_url(fields) if kind == "link" else None,
        objectives=_objectives(fields),
    )


def _objectives(fields: Fields) -> tuple[int, ...]:
    """The objectives the item teaches, by number, as in `objectives: [1, 3]`."""
    found = [text for text, _ in fields.texts("objectives")]
    if all(_NUMBER.fullmatch(text) for text in found):
        return tuple(sorted({int(text) for text in found}))
    fields.wrong("objectives", "“objectives” must be numbers of objectives, such as [1, 3].")
    return ()


def _media(kind: ItemKind, fields: Fields, reading: Reading) -> Media:
    transcript = _file(fields, "transcript", ("md",), reading)
    poster = _optional_file(fields, "poster", ("webp", "png", "jpg", "jpeg"), reading)
    poster_alt = fields.optional_text("poster_alt", 300)
    if (poster is None) != (poster_alt is None):
        there = "poster" if poster else "poster_alt"
        fields.wrong(there, "“poster” and “poster_alt” (its text alternative) come together.")
    return Media(
        path=_file(fields, "media", RECORDINGS[kind], reading),
        duration=fields.whole("duration", 1, MAX_SECONDS),
        captions=_file(fields, "captions", ("vtt",), reading),
        transcript=transcript,
        transcript_text=_transcript(transcript, fields, reading),
        chapters=_optional_file(fields, "chapters", ("vtt",), reading),
        poster=poster,
        poster_alt=poster_alt,
        excerpt=fields.flag("excerpt", default=False),
    )


def _file(fields: Fields, key: str, suffixes: tuple[str, ...], reading: Reading) -> str:
    path = fields.text(key, 200)
    match = MEDIA_NAME.fullmatch(path)
    if not path:
        return ""
    if not match or match["suffix"] not in suffixes:
        wanted = " or ".join(f"media/name.{suffix}" for suffix in suffixes)
        fields.wrong(key, f"“{key}” must name a file in media, such as {wanted}.")
        return ""
    if path not in reading.files:
        known = [file for file in reading.files if file.startswith("media/")]
        fields.wrong(key, f"There is no file “{path}”.{did_you_mean(path, known)}")
        return ""
    return path


def _optional_file(
    fields: Fields, key: str, suffixes: tuple[str, ...], reading: Reading
) -> str | None:
    return (_file(fields, key, suffixes, reading) or None) if fields.has(key) else None


def _transcript(path: str, fields: Fields, reading: Reading) -> str:
    text = (read_text(reading.folder, path, reading.report) or "") if path else ""
    if path and not text.strip():
        fields.wrong("transcript", "The transcript is empty.")
    return reading.add_page(path, 1, text, deepest_first=3) if text else ""


def _url(fields: Fields) -> str:
    url = fields.text("url", 2_000)
    if url and not _URL.fullmatch(url):
        fields.wrong("url", "“url” must be a whole address that begins with https://.")
        return ""
    return url
