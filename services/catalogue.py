"""The catalogue: the courses on offer, and what one of them grants."""

from datetime import date, datetime

from domain import credit
from domain.catalogue import Offer, Wanted, matches
from domain.completion import printed_date
from domain.outline import Outline
from domain.refusals import Conflict
from models import Approval
from services.editions import list_current_outlines
from services.provider import get_provider, list_approvals


def list_offers(now: datetime) -> list[Offer]:
    """The courses one can enroll in today, in the order of their titles."""
    today = provider_day(now)
    outlines = [o for o in list_current_outlines() if o.expires >= today]
    lines = {line for o in outlines for line in o.facts["approvals"]}
    approvals = {a.line: a for a in list_approvals(sorted(lines), on=today)}
    return [_offer(outline, approvals) for outline in outlines]


def list_matching(offers: list[Offer], wanted: Wanted) -> list[Offer]:
    """The offers that a visitor looks for."""
    return [offer for offer in offers if matches(offer, wanted)]


def list_bodies(offers: list[Offer]) -> list[str]:
    """The approving bodies of these offers, each once."""
    return sorted({body for offer in offers for body in offer.bodies})


def provider_day(now: datetime) -> date:
    """The calendar day in the provider's time zone: dates of courses are meant in it."""
    return printed_date(now, get_provider().time_zone)


def is_enrollment_closed(outline: Outline, now: datetime) -> bool:
    """Whether the course's last day has passed: nobody enrolls in it any more."""
    return outline.expires < provider_day(now)


def refuse_closed(outline: Outline, now: datetime) -> None:
    """Raise Conflict where nobody enrolls any more."""
    if is_enrollment_closed(outline, now):
        raise Conflict("Enrollment in this course is closed: its last day has passed.")


def _offer(outline: Outline, approvals: dict[str, Approval]) -> Offer:
    found = [approvals[i] for i in outline.facts["approvals"] if i in approvals]
    return Offer(outline, credit.hours(outline.minutes), tuple(a.body for a in found))
