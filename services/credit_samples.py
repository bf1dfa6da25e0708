"""What an approval would say about a course: shown to staff before anybody relies on it."""

from domain import credit
from domain.outline import Outline
from models import Approval
from services import statements
from services.certificate_facts import hour_rule
from services.provider import get_provider


def sample(approval: Approval, outline: Outline) -> str:
    """The statement for the course, or why there is none."""
    granted = credit.hours(outline.minutes, hour_rule(approval))
    if granted == credit.NO_CREDIT:
        return f"{outline.minutes} minutes are below the least credit: it grants none."
    hours = credit.in_words(granted)
    return statements.statement(approval, hours, outline.title, get_provider().legal_name)
