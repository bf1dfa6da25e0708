"""Calendar months in a time zone, for reports that count by month."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_MONTHS = 120
"""Ten years: more than that in one report is refused, not drawn."""


@dataclass(frozen=True)
class Days:
    """Whole days, the first and the last included, as the provider's calendar counts them.

    `until` cuts the last of them off at an instant that is not part of it any more.
    """

    first: date
    last: date
    zone: str
    until: datetime | None = None

    @property
    def start(self) -> datetime:
        """The instant at which the first day begins."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The instant at which the last day is over, or cut off."""
        over = _midnight(self.last + timedelta(days=1), self.zone)
        return over if self.until is None else min(over, self.until)

    @property
    def is_cut(self) -> bool:
        """Whether the last day does not count in full."""
        return self.until is not None and self.until < _midnight(
            self.last + timedelta(days=1), self.zone
        )


@dataclass(frozen=True)
class Month:
    """The part of a calendar month ('2026-11') that lies within a report's days."""

    name: str
    start: datetime
    end: datetime


def months_of_days(days: Days) -> list[Month]:
    """The months that some days touch, the earliest first; those at the ends cut off."""
    found = []
    begins = days.first
    while begins <= days.last:
        following = (begins.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = min(following - timedelta(days=1), days.last)
        whole = Days(begins, last, days.zone, days.until)
        found.append(Month(f"{begins:%Y-%m}", whole.start, whole.end))
        begins = following
    return found


def count_months(first: date, last: date) -> int:
    """How many calendar months two days and what lies between them touch."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
