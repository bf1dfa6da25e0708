"""How long an instructor may take to answer, visible to both sides, and who is reminded when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_HOURS = 48
"""product.md, Defaults."""


@dataclass(frozen=True)
class Reminder:
    """A reminder so long before an answer is due; `to_director`: to the provider instead."""

    name: str
    before_due: timedelta
    to_director: bool = False


REMINDERS = (
    Reminder("first", timedelta(hours=24)),
    Reminder("last", timedelta(hours=4)),
    Reminder("overdue", timedelta(0), to_director=True),
)
"""In the order in which they come: of 48 hours, after 24, after 44, and when they are over."""


def due_at(asked_at: datetime, hours: int = DEFAULT_HOURS) -> datetime:
    """When an answer to something asked at this instant may be expected."""
    return asked_at + timedelta(hours=hours)


def list_due_reminders(due: datetime, now: datetime) -> Sequence[Reminder]:
    """The reminders whose time has come, the earliest first."""
    return [reminder for reminder in REMINDERS if now >= due - reminder.before_due]


@dataclass(frozen=True)
class MonthOfPromises:
    """The answers that were due in a month ('2026-11'): how many came in time, late, not yet."""

    month: str
    in_time: int
    late: int
    missing: int

    @property
    def all(self) -> int:
        return self.in_time + self.late + self.missing

    @property
    def share(self) -> int:
        """Percent answered in time, rounded down; 100 where nothing was due."""
        return self.in_time * 100 // self.all if self.all else 100


def is_overdue(due: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether an answer is still missing after its due time."""
    return answered_at is None and now > due


def time_left(due: datetime, now: datetime) -> str:
    """'due in 5 hours', 'due in 20 minutes', 'overdue by 3 hours': whole hours, rounded down."""
    words = _roughly(abs(due - now))
    return f"due in {words}" if due >= now else f"overdue by {words}"


def _roughly(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    number, unit = (minutes // 60, "hour") if minutes >= 60 else (minutes, "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
