"""The catalogue: what a visitor looks for, and the bounds behind the words of its filters."""

from dataclasses import dataclass

from domain.outline import Outline

ANY = ""
LEVELS = ("Beginning", "Intermediate", "Advanced")
HOURS = (("2", "Up to 2 hours"), ("4", "More than 2, up to 4 hours"), ("more", "More than 4 hours"))
PRICES = (("free", "Free"), ("paid", "With a price"))
FORMATS = (
    ("readings", "Readings"),
    ("recordings", "Recordings"),
    ("mixed", "Recordings and readings"),
)
STEP_MINUTES = 15
"""Hours are rounded down to quarters, so that 134 minutes are 2.0 hours."""
MINUTES: dict[str, tuple[int, int]] = {
    "2": (0, 120 + STEP_MINUTES),
    "4": (120 + STEP_MINUTES, 240 + STEP_MINUTES),
    "more": (240 + STEP_MINUTES, 1_000_000),
}
"""The minutes of each choice of hours: from, and less than."""


@dataclass(frozen=True)
class Wanted:
    """The filters as chosen; ANY, or a value that is none of the choices, filters nothing."""

    words: str = ANY
    hours: str = ANY
    level: str = ANY
    price: str = ANY
    body: str = ANY
    format: str = ANY

    @property
    def is_anything(self) -> bool:
        return self == Wanted()


def format_of(outline: Outline) -> str:
    """Whether a course is read, watched and listened to, or both."""
    kinds = {item.is_recording for item in outline.items() if item.kind not in ("handout", "link")}
    if kinds == {True}:
        return "recordings"
    return "mixed" if kinds == {True, False} else "readings"
