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
    today = today_is(now)
    if day < today:
        raise Invalid("last_day", "This day has passed. Choose today or a later day.")
    if day > today + LONGEST:
        raise Invalid("last_day", "Choose a day within the next ten years, or leave it empty.")
    return start_of(day + timedelta(days=1))


def today_is(now: datetime) -> date:
    return now.astimezone(ZoneInfo(get_provider().time_zone)).date()
