"""How long an instructor may take to answer (product.md: 48 hours, visible to both sides)."""

from datetime import datetime, timedelta

REPLY_TIME = timedelta(hours=48)


def due_at(asked_at: datetime) -> datetime:
    """When an answer to something asked at this instant may be expected."""
    return asked_at + REPLY_TIME


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
