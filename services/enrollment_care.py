"""What administrators do for enrollments: enroll by hand, extend access, withdraw."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import AgencyContract, AgencySeat, Enrollment, Order, Person
from services import audit, care_mail, enrollments, provider_days, time_record
from services.audit import Actor

BY_STAFF = "staff"
"""The source of an enrollment that an administrator opened."""


def enroll_by_hand(
    person: Person, outline: Outline, reason: str, actor: Actor, now: datetime
) -> tuple[Enrollment, bool]:
    """Enroll somebody; returns the enrollment, and whether it is new. One that is open stays."""
    present = enrollments.find_open(person.id, outline.course_id)
    if present is not None:
        return present, False
    if person.deactivated_at is not None:
        raise Conflict("This account is deactivated. Reactivate it first.")
    try:
        with db.session.begin_nested():
            made = enrollments.open_enrollment(person.id, outline, BY_STAFF, now)
    except IntegrityError as error:
        meanwhile = enrollments.find_open(person.id, outline.course_id)
        if meanwhile is None:
            raise Conflict("The enrollment could not be saved. Please try again.") from error
        return meanwhile, False
    subject = f"enrollment:{made.id}"
    audit.record_act(actor, "enrollment.opened", subject, person=person.id, reason=reason)
    return made, True


def extend_access(
    enrollment_id: int, last_day: date, reason: str, actor: Actor, base_url: str, now: datetime
) -> datetime:
    """Let somebody study until the end of a day, and tell them by mail.

    Raises Invalid (field `last_day`), Conflict.
    """
    row = _lock(enrollment_id)
    if row.ended_at is not None:
        raise Conflict("This enrollment has ended: its access cannot be extended.")
    provider_days.refuse_unlikely(last_day, now)
    until = provider_days.last_second_of(last_day)
    if until <= row.access_until:
        raise Invalid("last_day", "Access lasts that long already. Choose a later day.")
    before, row.access_until = row.access_until, until
    db.session.flush()
    audit.record_act(
        actor,
        "enrollment.extended",
        f"enrollment:{row.id}",
        before=before.isoformat(),
        after=until.isoformat(),
        reason=reason,
    )
    care_mail.tell_extended(row, base_url)
    return until


def withdraw(enrollment_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """End an open enrollment; what was recorded in it stays. Once, and told by mail.

    Raises Conflict for a completed one, and for one that holds a seat of an agency: the seat is
    freed where it is moved.
    """
    row = _lock(enrollment_id)
    if row.ended_at is not None:
        return
    if row.completed_at is not None:
        raise Conflict("This course is complete: what was earned cannot be withdrawn.")
    if find_seat_place(enrollment_id) is not None:
        raise Conflict("This enrollment holds a seat of an agency. End it by moving the seat.")
    time_record.stop_recording(row.person_id, row.id, now)
    row.ended_at = now
    db.session.flush()
    audit.record_act(actor, "enrollment.withdrawn", f"enrollment:{row.id}", reason=reason)
    care_mail.tell_withdrawn(row)


def find_seat_place(enrollment_id: int) -> tuple[int, int] | None:
    """The ids of the agency and the contract whose seat an enrollment holds."""
    row = db.session.execute(
        select(AgencyContract.agency_id, AgencyContract.id)
        .join(AgencySeat, AgencySeat.contract_id == AgencyContract.id)
        .where(AgencySeat.enrollment_id == enrollment_id)
    ).first()
    return (row[0], row[1]) if row is not None else None


def find_order_number(enrollment_id: int) -> int | None:
    """The number of the order that opened an enrollment."""
    return db.session.scalar(select(Order.number).where(Order.enrollment_id == enrollment_id))


def _lock(enrollment_id: int) -> Enrollment:
    row = enrollments.hold_enrollment(enrollment_id)
    if row is None:
        raise NotFound("There is no such enrollment.")
    return row
