"""Which stretches of days a report keeps summed up, and how a period is put together from them.

Whole months that are over are kept, and single days where a period of a year is likely to begin
or end: so that the default report reads a few dozen sums, however much happened.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

YEAR = timedelta(days=364)
"""The default period of a report: a year, today included."""


@dataclass(frozen=True)
class Span:
    """Some days in a row, the first and the last included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """'2026-10' for a whole month, '2026-10-05' for a day or another part of a month."""
        return f"{self.first:%Y-%m}" if self.is_month else self.first.isoformat()

    @property
    def is_month(self) -> bool:
        return self.first.day == 1 and self.last == last_of_month(self.first)


def last_of_month(day: date) -> date:
    """The last day of the month that a day is in."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def list_kept(earliest: date, today: date) -> list[Span]:
    """The spans to keep summed up on a day, the latest first.

    The days of this month that are over, those of the month in which the default period begins,
    and every month that is over since the earliest day of which there is anything.
    """
    days = [*_days(today.replace(day=1), today - timedelta(days=1)), *_days_of(today - YEAR)]
    months = []
    month = earliest.replace(day=1)
    while last_of_month(month) < today:
        months.append(Span(month, last_of_month(month)))
        month = last_of_month(month) + timedelta(days=1)
    known = {*days, *months}
    return sorted(known, key=lambda span: (span.last, span.first), reverse=True)


def names_of(day: date) -> tuple[str, str]:
    """The names of the two spans that may hold what happened on a day."""
    return f"{day:%Y-%m}", day.isoformat()


def split(first: date, last: date, kept: Container[str]) -> list[Span]:
    """A period as spans that are kept, by name, and the longest parts of months between them."""
    found: list[Span] = []
    for month in _months(first, last):
        if month.is_month and month.name in kept:
            found.append(month)
        else:
            found += _split_month(month, kept)
    return found


def _split_month(part: Span, kept: Container[str]) -> list[Span]:
    """Single days that are kept, and runs of days that are not."""
    found: list[Span] = []
    run: date | None = None
    for day in _days(part.first, part.last):
        if day.name not in kept:
            run = run or day.first
            continue
        if run is not None:
            found.append(Span(run, day.first - timedelta(days=1)))
            run = None
        found.append(day)
    return found if run is None else [*found, Span(run, part.last)]


def _months(first: date, last: date) -> Iterator[Span]:
    while first <= last:
        end = min(last_of_month(first), last)
        yield Span(first, end)
        first = end + timedelta(days=1)


def _days(first: date, last: date) -> Iterator[Span]:
    while first <= last:
        yield Span(first, first)
        first += timedelta(days=1)


def _days_of(day: date) -> Iterator[Span]:
    return _days(day.replace(day=1), last_of_month(day))
