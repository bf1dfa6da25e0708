"""Seats of agency contracts: each is taken together with a seat of the key, or not at all."""

from datetime import datetime

from sqlalchemy import func, or_, select, update

from domain.agency import Term
from domain.refusals import Invalid
from domain.wording import local_date
from extensions import db
from models import (
    Agency,
    AgencyContract,
    AgencyContractCourse,
    AgencyKey,
    AgencySeat,
    AgencySeatEvent,
    Enrollment,
    EnrollmentKey,
)
from services.provider import get_provider

BUSY = "The seat could not be taken just now. Please try again."
NOT_COVERED = "The contract of your agency no longer covers this course. Ask your supervisor."

GIVEN_AWAY = (
    "Your agency has given your seat to somebody else, so this key does not open the course for "
    "you. An invitation in your name would."
)
PROMISED = "The seats that are left are kept for people invited by name. Ask your supervisor."


def take_from_contract(key_id: int, person_id: int, course_id: int, now: datetime) -> int | None:
    """Take a seat of the contract that a key belongs to; returns the contract's id, or None.

    One conditional update takes the seat and holds the contract's row until the transaction
    ends, so that takers come one after the other. Raises Invalid (field `key`) in words that
    help; the caller then rolls the seat back.
    """
    own = db.session.get(AgencyKey, key_id)
    if own is None:
        return None
    if not _take(own.contract_id, now):
        raise Invalid("key", why_closed(own.contract_id, now) or BUSY)
    refused = _why_not_for(own.contract_id, course_id, own.is_invitation, person_id, 0, now)
    if refused:
        raise Invalid("key", refused)
    return own.contract_id


def why_refused(
    contract_id: int, course_id: int, is_invitation: bool, person_id: int | None, now: datetime
) -> str:
    """Why a key of a contract would not open a course now, before anything is taken; or ''."""
    return why_closed(contract_id, now) or _why_not_for(
        contract_id, course_id, is_invitation, person_id, 1, now
    )


def assign(contract_id: int, enrollment: Enrollment, now: datetime) -> AgencySeat:
    """Give an enrollment a seat of the contract: the lowest free number, or a new one."""
    seat = db.session.scalar(
        select(AgencySeat)
        .where(AgencySeat.contract_id == contract_id, AgencySeat.enrollment_id.is_(None))
        .order_by(AgencySeat.number)
        .limit(1)
    )
    if seat is None:
        seat = AgencySeat(contract_id=contract_id, number=_next_number(contract_id))
        db.session.add(seat)
    seat.enrollment_id = enrollment.id
    db.session.flush()
    record_event(seat, enrollment.id, "taken", enrollment.person_id, now)
    return seat


def record_event(
    seat: AgencySeat, enrollment_id: int, kind: str, actor_id: int, now: datetime
) -> None:
    """Note for ever that a seat was taken or freed."""
    db.session.add(
        AgencySeatEvent(
            seat_id=seat.id,
            enrollment_id=enrollment_id,
            kind=kind,
            actor_id=actor_id,
            happened_at=now,
        )
    )
    db.session.flush()


def why_closed(contract_id: int, now: datetime) -> str:
    """Why a contract gives no seat, in words for who holds a key of it; '' if it gives one."""
    contract = db.session.get_one(AgencyContract, contract_id, populate_existing=True)
    agency = db.session.get_one(Agency, contract.agency_id).name
    state = term_of(contract).state(now)
    if state == "not begun":
        begins = local_date(contract.valid_from, get_provider().time_zone)
        return f"The contract of {agency} begins on {begins}. The key works from that day on."
    words = {
        "ended": f"The contract of {agency} has ended. Ask your supervisor.",
        "over": f"The contract of {agency} is out of date. Ask your supervisor for a new key.",
        "used up": f"All seats of the contract of {agency} are taken. Ask your supervisor.",
    }
    return words.get(state, "")


def term_of(contract: AgencyContract) -> Term:
    return Term(
        contract.valid_from,
        contract.valid_until,
        contract.ended_at,
        contract.seats,
        contract.used,
    )


def covers(contract: AgencyContract, course_id: int) -> bool:
    """Whether a course is in the contract's set."""
    if contract.all_courses:
        return True
    return db.session.get(AgencyContractCourse, (contract.id, course_id)) is not None


def count_open_invitations(contract_id: int, now: datetime) -> int:
    """Invitations that may still be accepted: each is promised a seat."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AgencyKey)
            .join(EnrollmentKey, EnrollmentKey.id == AgencyKey.enrollment_key_id)
            .where(
                AgencyKey.contract_id == contract_id,
                AgencyKey.is_invitation,
                EnrollmentKey.used == 0,
                EnrollmentKey.revoked_at.is_(None),
                or_(EnrollmentKey.valid_until.is_(None), EnrollmentKey.valid_until >= now),
            )
        )
        or 0
    )


def has_left(contract_id: int, person_id: int) -> bool:
    """Whether the agency has given a seat of this person to somebody else."""
    freed = (
        select(AgencySeatEvent.id)
        .join(Enrollment, Enrollment.id == AgencySeatEvent.enrollment_id)
        .join(AgencySeat, AgencySeat.id == AgencySeatEvent.seat_id)
        .where(
            AgencySeat.contract_id == contract_id,
            AgencySeatEvent.kind == "freed",
            Enrollment.person_id == person_id,
        )
        .limit(1)
    )
    return db.session.scalar(freed) is not None


def _take(contract_id: int, now: datetime) -> bool:
    taken = db.session.execute(
        update(AgencyContract)
        .where(
            AgencyContract.id == contract_id,
            AgencyContract.used < AgencyContract.seats,
            AgencyContract.ended_at.is_(None),
            AgencyContract.valid_from <= now,
            AgencyContract.valid_until > now,
        )
        .values(used=AgencyContract.used + 1)
        .returning(AgencyContract.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None


def _why_not_for(
    contract_id: int,
    course_id: int,
    is_invitation: bool,
    person_id: int | None,
    taking: int,
    now: datetime,
) -> str:
    """Why a contract in force has nothing for this person by this key; or ''.

    A shared key lets nobody back in whose seat was given to somebody else, and leaves the seats
    that are promised to people invited by name. `taking`: seats to be taken on top of those held.
    """
    contract = db.session.get_one(AgencyContract, contract_id, populate_existing=True)
    if not covers(contract, course_id):
        return NOT_COVERED
    if is_invitation:
        return ""
    if person_id is not None and has_left(contract_id, person_id):
        return GIVEN_AWAY
    promised = count_open_invitations(contract_id, now)
    return PROMISED if contract.used + taking + promised > contract.seats else ""


def _next_number(contract_id: int) -> int:
    highest = db.session.scalar(
        select(func.max(AgencySeat.number)).where(AgencySeat.contract_id == contract_id)
    )
    return (highest or 0) + 1
