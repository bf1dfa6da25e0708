"""How far two versions of a text are apart: in words, as a person would count them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS_CORRECTED = 20
MOST_PERCENT_CORRECTED = 5
"""A text stays the text that was studied while no more of its words differ than the larger of
these. More is new content, whose minutes, objectives and questions have to be judged anew."""

MAX_SHOWN = 3
MAX_PASSAGE = 60
MAX_COMPARED = 2_000
"""Lines or words beyond which two passages that differ are not lined up: it would take long."""

_Words = tuple[list[str], list[str]]

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Apart:
    """How many words differ, of how many, and a few passages of both versions."""

    differing: int
    total: int
    passages: tuple[tuple[str, str], ...] = ()

    @property
    def is_correction(self) -> bool:
        """Say whether so little differs that typing errors and links explain it."""
        allowed = max(MOST_WORDS_CORRECTED, self.total * MOST_PERCENT_CORRECTED // 100)
        return self.differing <= allowed

    def in_words(self) -> str:
        """Return a sentence such as “2 of 1,204 words differ: “teh” is now “the”.”."""
        differ = "words differs" if self.differing == 1 else "words differ"
        shown = "; ".join(_passage(before, after) for before, after in self.passages)
        return f"{self.differing:,} of {self.total:,} {differ}{f': {shown}' if shown else ''}."


def compare_texts(before: str, after: str) -> Apart:
    """Compare two texts word by word. Space and line ends are no words."""
    changed = list(_changed_words(before, after))
    return Apart(
        differing=sum(max(len(old), len(new)) for old, new in changed),
        total=max(len(_WORD.findall(before)), len(_WORD.findall(after))),
        passages=tuple((_cut(old), _cut(new)) for old, new in changed[:MAX_SHOWN]),
    )


def _changed_words(before: str, after: str) -> Iterator[_Words]:
    """The words that differ, passage by passage, found within the lines that differ."""
    for lines, others in _changed(before.split("\n"), after.split("\n")):
        old, new = _WORD.findall("\n".join(lines)), _WORD.findall("\n".join(others))
        yield from _changed(old, new)


def _changed(old: list[str], new: list[str]) -> Iterator[_Words]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if not old or not new or max(len(old), len(new)) > MAX_COMPARED:
        if old or new:
            yield old, new
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield old[a:b], new[c:d]


def _common(old: list[str], new: list[str]) -> int:
    """How many members two lists share at their beginnings."""
    pairs = zip(old, new, strict=False)
    shortest = min(len(old), len(new))
    return next((n for n, (one, other) in enumerate(pairs) if one != other), shortest)


def _cut(words: list[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= MAX_PASSAGE else text[:MAX_PASSAGE].rstrip() + "…"


def _passage(before: str, after: str) -> str:
    if not before:
        return f"“{after}” is added"
    return f"“{before}” is now “{after}”" if after else f"“{before}” is gone"
