"""Statements of approval: a pattern filled with the data of one course, never a typed number."""

from domain.wording import day
from models import Approval


def statement(
    approval: Approval, hours: str, course: str, provider: str, pattern: str | None = None
) -> str:
    """The body's statement for a course. `pattern` is a wording other than the approval's own.

    The approval's number and period are added where the pattern does not name them.
    """
    values = {
        "provider": provider,
        "body": approval.body,
        "number": approval.number,
        "hours": hours,
        "unit_word": approval.unit_word,
        "course": course,
        "valid_from": day(approval.valid_from),
        "valid_until": day(approval.valid_until),
    }
    filled = approval.statement if pattern is None else pattern
    for name, value in values.items():
        filled = filled.replace("{" + name + "}", value)
    if values["number"] not in filled:
        filled += f" Approval number {values['number']}."
    if values["valid_until"] not in filled:
        filled += f" Approved from {values['valid_from']} to {values['valid_until']}."
    return filled
