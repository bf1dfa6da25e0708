"""The rows of the management panel's tables."""

from datetime import datetime, timedelta

from domain.wording import local_date
from services.enrollment_keys import KeyLine

STATES = {
    "open": "Open",
    "withdrawn": "Withdrawn",
    "out of date": "Out of date",
    "used up": "All seats taken",
}
ONE_SECOND = timedelta(seconds=1)


def key_state(line: KeyLine, now: datetime) -> str:
    return STATES[line.state(now)]


def last_day(line: KeyLine, zone: str) -> str:
    """The last day a key works, in the provider's time zone."""
    until = line.key.valid_until
    return local_date(until - ONE_SECOND, zone) if until else "No end"
