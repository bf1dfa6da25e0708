"""Cells of a CSV file that a spreadsheet shows as text and never runs as a formula."""

from decimal import Decimal

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A cell's text; what a spreadsheet would take for a formula gets a leading apostrophe.

    Numbers stay numbers, also negative ones. None is an empty cell. (OWASP, CSV injection.)
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
