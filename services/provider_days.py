"""Days in the provider's time zone as instants: where a validity begins and ends."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.refusals import Invalid
from services.provider import get_provider

LONGEST = timedelta(days=3653)


def start_of(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time.min, ZoneInfo(get_provider().time_zone))


def end_of(day: date, now: datetime) -> datetime:
    """The first instant after a day that lies ahead. Raises Invalid (field `last_day`)."""
    refuse_unlikely(day, now)
    return start_of(day + timedelta(days=1))


def refuse_unlikely(last_day: date, now: datetime) -> None:
    """Raises Invalid (field `last_day`) for a last day that has passed or is far away."""
    today = today_is(now)
    if last_day < today:
        raise Invalid("last_day", "This day has passed. Choose today or a later day.")
    if last_day > today + LONGEST:
        raise Invalid("last_day", "Choose a day within the next ten years.")


def last_second_of(day: date) -> datetime:
    """Until when something lasts that people read as "until" this day."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(get_provider().time_zone))


def today_is(now: datetime) -> date:
    return now.astimezone(ZoneInfo(get_provider().time_zone)).date()
