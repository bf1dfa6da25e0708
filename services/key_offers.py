"""What an enrollment key offers to who holds it: a course, and for an agency's key the agency."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.outline import Outline
from domain.refusals import NotFound
from extensions import db
from models import Agency, AgencyContract, AgencyKey, Course, Enrollment, EnrollmentKey
from services import agency_seats, editions, enrollments

NO_SUCH_KEY = (
    "There is no such key. Check it letter by letter, or ask who gave it to you for another."
)


@dataclass(frozen=True)
class KeyOffer:
    """A key with its course. `agency` is '' for a key of no agency."""

    key: EnrollmentKey
    outline: Outline
    agency: str
    contract_id: int | None
    is_invitation: bool

    def why_closed(self, person_id: int | None, now: datetime) -> str:
        """Why the key opens nothing now, in words that help; '' while it does."""
        words = enrollments.why_key_is_closed(self.key, now)
        if words or self.contract_id is None:
            return words
        return agency_seats.why_refused(
            self.contract_id, self.outline.course_id, self.is_invitation, person_id, now
        )


def get_offer(code: str) -> KeyOffer:
    """What a key offers, however it was typed. Raises NotFound in words that help."""
    row = db.session.execute(
        select(EnrollmentKey, Course.slug, AgencyKey, Agency.name)
        .join(Course, Course.id == EnrollmentKey.course_id)
        .outerjoin(AgencyKey, AgencyKey.enrollment_key_id == EnrollmentKey.id)
        .outerjoin(AgencyContract, AgencyContract.id == AgencyKey.contract_id)
        .outerjoin(Agency, Agency.id == AgencyContract.agency_id)
        .where(EnrollmentKey.code == enrollments.normal_key(code))
    ).first()
    if row is None:
        raise NotFound(NO_SUCH_KEY)
    key, slug, own, agency = row
    return KeyOffer(
        key=key,
        outline=editions.get_current_outline(slug),
        agency=agency or "",
        contract_id=own.contract_id if own else None,
        is_invitation=own.is_invitation if own else False,
    )


def find_agency_of(enrollment: Enrollment) -> str:
    """The agency under whose contract somebody enrolled; '' for everybody else, unasked."""
    if enrollment.enrollment_key_id is None:
        return ""
    name = db.session.scalar(
        select(Agency.name)
        .join(AgencyContract, AgencyContract.agency_id == Agency.id)
        .join(AgencyKey, AgencyKey.contract_id == AgencyContract.id)
        .where(AgencyKey.enrollment_key_id == enrollment.enrollment_key_id)
    )
    return name or ""


def names_agency(code: str, course_id: int, person_id: int, now: datetime) -> bool:
    """Whether a typed key is an agency's and opens this course now.

    Then the learner is told what the agency will see before enrolling. Every other key, good or
    bad, is answered by `enrollments.enroll`.
    """
    if not code or len(code) > 60:
        return False
    try:
        offer = get_offer(code)
    except NotFound:
        return False
    is_right = bool(offer.agency) and offer.outline.course_id == course_id
    return is_right and not offer.why_closed(person_id, now)
