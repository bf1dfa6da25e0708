"""Days as people type them into an address or a form."""

from datetime import date

YEARS = range(1900, 2200)
"""Of days that may be asked about or agreed on. The calendar of the language ends in 9999."""


def read_day(text: str) -> date | None:
    """A day such as 2026-06-30; None for whatever is none, or is of a year nobody means."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None
