"""The transcript: what a learner's certificates add up to, by period, body and license."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

LONGEST_CYCLE_YEARS = 6


@dataclass(frozen=True)
class Total:
    """The hours granted under one body, in that body's unit word."""

    body: str
    unit_word: str
    hours: Decimal
    certificates: int


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included; None is open on that side."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is in the period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


EVER = Period()


def totals(credits: Iterable[list[dict[str, Any]]]) -> list[Total]:
    """The total by body, in the order in which bodies first appear.

    `credits` are those of each certificate's facts. Hours of different bodies are never added.
    """
    found: dict[tuple[str, str], Total] = {}
    for granted in (granted for some in credits for granted in some):
        key = (granted["body"], granted["unit_word"])
        before = found.get(key, Total(*key, Decimal(0), 0))
        hours = before.hours + Decimal(granted["hours"])
        found[key] = Total(*key, hours, before.certificates + 1)
    return list(found.values())


def list_years(days: Iterable[date]) -> list[int]:
    """The calendar years in which something was completed, the latest first."""
    return sorted({day.year for day in days}, reverse=True)


def cycle(renews_on: date, years: int, on: date) -> Period:
    """The license period that holds a day, from one recorded last day and its length in years.

    A license that renews on June 30, 2027 every two years has the periods July 1, 2025 to
    June 30, 2027, July 1, 2027 to June 30, 2029, and so on, both ways.
    """
    last = renews_on
    while last < on:
        last = _years_later(renews_on, last.year - renews_on.year + years)
    while (before := _years_later(renews_on, last.year - renews_on.year - years)) >= on:
        last = before
    first = _years_later(renews_on, last.year - renews_on.year - years) + timedelta(days=1)
    return Period(first, last)


def is_printed_on(license: dict[str, str], facts: dict[str, Any]) -> bool:
    """Whether a certificate was issued for a license: all three parts are the same."""
    parts = ("profession", "jurisdiction", "number")
    return any(all(one[p] == license[p] for p in parts) for one in facts["licenses"])


def _years_later(day: date, years: int) -> date:
    """The same day some years away; February 29 becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
