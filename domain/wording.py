"""Instants, durations and money in words. The same words on pages, in mail and on paper."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def local(instant: datetime, zone: str) -> str:
    """'November 24, 2026, 2:05 PM EST' in the zone."""
    there = instant.astimezone(ZoneInfo(zone))
    return f"{day(there.date())}, {clock_of_day(instant, zone)} {there.tzname()}"


def clock_of_day(instant: datetime, zone: str) -> str:
    """'2:05 PM' in the zone."""
    there = instant.astimezone(ZoneInfo(zone))
    return f"{there.hour % 12 or 12}:{there.minute:02d} {'AM' if there.hour < 12 else 'PM'}"


def local_date(instant: datetime, zone: str) -> str:
    """'November 24, 2026': the day it is in the zone."""
    return day(instant.astimezone(ZoneInfo(zone)).date())


def day(of: date) -> str:
    """'November 24, 2026'."""
    return f"{MONTHS[of.month - 1]} {of.day}, {of.year}"


def duration(seconds: int | timedelta) -> str:
    """'1 h 05 min', '12 min 30 s', '40 s'. Nothing is rounded up."""
    whole = _seconds(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"


def to_the_second(seconds: int | timedelta) -> str:
    """'0:12:30': hours, minutes, seconds, where totals must be seen to equal their parts."""
    hours, rest = divmod(_seconds(seconds), 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"


def money(cents: int, currency: str) -> str:
    """'$48.00', or '48.00 EUR' for other currencies; 'Free' for nothing."""
    if cents == 0:
        return "Free"
    amount = f"{cents // 100:,}.{cents % 100:02d}"
    return f"${amount}" if currency == "USD" else f"{amount} {currency}"


def _seconds(value: int | timedelta) -> int:
    return int(value.total_seconds()) if isinstance(value, timedelta) else int(value)
