"""How long what is kept (product.md, Defaults: retention)."""

from calendar import monthrange
from datetime import datetime

DEFAULT_YEARS = 7
"""The longest time found in the rules of approving bodies (ce-rules.md §9)."""


def years_before(instant: datetime, years: int) -> datetime:
    """The same day and time so many years earlier; records older than that were kept enough."""
    return _in_year(instant, instant.year - years)


def kept_until(completed_at: datetime, years: int) -> datetime:
    """When the records of an enrollment completed then have been kept long enough."""
    return _in_year(completed_at, completed_at.year + years)


def _in_year(instant: datetime, year: int) -> datetime:
    """February 29 becomes February 28 where the year has none."""
    day = min(instant.day, monthrange(year, instant.month)[1])
    return instant.replace(year=year, day=day)
