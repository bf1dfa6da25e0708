"""The outline of an edition: what pages need of it, immutable, safe to keep in memory.

An outline is read once in a process, so that its parts are equal to themselves only and can be
keys of what is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, eq=False)
class ItemOutline:
    """One item. `details` holds files by SHA-256, `duration` in seconds, `transcript_html`."""

    id: int
    unit_number: int
    position: int
    slug: str
    title: str
    kind: str
    minutes: int
    required: bool
    words: int
    body_html: str
    details: dict[str, Any]

    @property
    def is_recording(self) -> bool:
        return self.kind in ("webinar", "video", "audio")


@dataclass(frozen=True, eq=False)
class UnitOutline:
    """One unit with its items in order and its post-test."""

    id: int
    number: int
    title: str
    minutes: int
    items: tuple[ItemOutline, ...]
    post_test_id: int
    post_test_title: str
    draw: int


@dataclass(frozen=True, eq=False)
class Outline:
    """An edition as pages and rules need it; `revision` counts the corrections it has had."""

    edition_id: int
    edition_number: int
    course_id: int
    slug: str
    code: str
    title: str
    summary: str
    about_html: str
    price_cents: int
    currency: str
    assessment_minutes: int
    pass_mark: int
    attempts_allowed: int
    access_days: int
    released: date
    expires: date
    content_hash: str
    facts: dict[str, Any]
    evaluation: dict[str, Any]
    units: tuple[UnitOutline, ...]
    revision: int = 0

    @property
    def faq_html(self) -> str:
        """The course's frequently asked questions; empty where there are none."""
        return str(self.facts.get("faq_html", ""))

    @property
    def minutes(self) -> int:
        """All minutes that count: the units', the post-tests' and the evaluation's."""
        return sum(unit.minutes for unit in self.units) + self.assessment_minutes

    @property
    def objectives(self) -> tuple[str, ...]:
        return tuple(self.facts["objectives"])

    @property
    def units_in_order(self) -> bool:
        return bool(self.facts["completion"]["order"] == "units")

    @property
    def minimum_percent(self) -> int | None:
        """The share of a unit's minutes to record before its post-test; None: advisory."""
        percent = self.facts["completion"].get("minimum_percent")
        return None if percent is None else int(percent)

    @property
    def counts_declared(self) -> bool:
        """Whether study away from the screen, as the learner declares it, counts as time."""
        return bool(self.facts["completion"].get("counts_declared"))

    def items(self) -> Iterator[ItemOutline]:
        for unit in self.units:
            yield from unit.items

    def find_unit(self, number: int) -> UnitOutline | None:
        return next((unit for unit in self.units if unit.number == number), None)

    def find_item(self, unit_number: int, slug: str) -> ItemOutline | None:
        unit = self.find_unit(unit_number)
        return next((item for item in unit.items if item.slug == slug), None) if unit else None
