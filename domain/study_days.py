"""The time record by calendar days, and days and stretches so long that they merit a look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONG_DAY = timedelta(hours=12)
LONG_STRETCH = timedelta(hours=6)
BREAK = timedelta(minutes=5)
"""Intervals closer together than this are one stretch."""

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class Unusual:
    """A day or a stretch that is flagged, never cut. `kind`: 'day' or 'stretch'."""

    kind: str
    day: date
    length: timedelta


def split_at_midnight(bounds: Bounds, zone: str) -> list[Bounds]:
    """The parts of an interval that lie in one calendar day of the zone each."""
    start, end = bounds
    parts = []
    while (midnight := _next_midnight(start, zone)) < end:
        parts.append((start, midnight))
        start = midnight
    return [*parts, (start, end)]


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def find_unusual(intervals: Iterable[Bounds], zone: str) -> list[Unusual]:
    """Days of more than 12 hours and stretches of more than 6, in order of time."""
    ordered = sorted(intervals)
    return sorted(
        [*_long_days(ordered, zone), *_long_stretches(ordered, zone)],
        key=lambda found: (found.day, found.kind),
    )


def _long_days(ordered: Sequence[Bounds], zone: str) -> list[Unusual]:
    by_day: dict[date, timedelta] = {}
    for interval in ordered:
        for start, end in split_at_midnight(interval, zone):
            day = local_day(start, zone)
            by_day[day] = by_day.get(day, timedelta(0)) + (end - start)
    return [Unusual("day", day, length) for day, length in by_day.items() if length > LONG_DAY]


def _long_stretches(ordered: Sequence[Bounds], zone: str) -> list[Unusual]:
    stretches: list[list[datetime]] = []
    for start, end in ordered:
        if stretches and start - stretches[-1][1] < BREAK:
            stretches[-1][1] = max(stretches[-1][1], end)
        else:
            stretches.append([start, end])
    return [
        Unusual("stretch", local_day(start, zone), end - start)
        for start, end in stretches
        if end - start > LONG_STRETCH
    ]


def _next_midnight(instant: datetime, zone: str) -> datetime:
    """The first instant of the next calendar day, in UTC."""
    following = local_day(instant, zone) + timedelta(days=1)
    return datetime.combine(following, time.min, ZoneInfo(zone)).astimezone(instant.tzinfo)
