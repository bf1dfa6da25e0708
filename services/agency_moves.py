"""When a person leaves an agency: their open enrollment ends, and the seat is free for another."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.agency import Invitee
from domain.outline import Outline
from domain.refusals import Conflict, NotFound
from extensions import db
from models import AgencyContract, AgencySeat, AgencySeatEvent, Course, Enrollment, Person
from services import (
    agency_invitations,
    agency_keys,
    agency_mail,
    agency_seats,
    editions,
    time_record,
)
from services.agencies import get_agency, record
from services.agency_contracts import lock_contract
from services.agency_keys import NewKeys
from services.audit import Actor

PAGE = 50


@dataclass(frozen=True)
class SeatLine:
    """A seat with who holds it, for the administrator."""

    seat: AgencySeat
    enrollment: Enrollment
    person: Person
    outline: Outline

    @property
    def can_move(self) -> bool:
        """A seat on which a course was completed is spent."""
        return self.enrollment.completed_at is None


@dataclass(frozen=True)
class SeatEventLine:
    """One event of a seat's history."""

    event: AgencySeatEvent
    number: int
    person: Person
    outline: Outline


@dataclass(frozen=True)
class Following:
    """Who is invited to a seat next."""

    invitee: Invitee
    intent: str


def list_seats(contract_id: int, after: int = 0) -> tuple[list[SeatLine], int | None]:
    """A page of held seats by number, and the number to ask the next ones with."""
    rows = db.session.execute(
        _HELD.where(AgencySeat.contract_id == contract_id, AgencySeat.number > after)
        .order_by(AgencySeat.number)
        .limit(PAGE + 1)
    )
    lines = [SeatLine(s, e, p, editions.get_outline(e.edition_id)) for s, e, p in rows]
    return lines[:PAGE], lines[PAGE - 1].seat.number if len(lines) > PAGE else None


def get_seat(agency_id: int, contract_id: int, enrollment_id: int) -> SeatLine:
    """The seat an enrollment holds under this contract of this agency. Raises NotFound."""
    row = db.session.execute(
        _HELD.join(AgencyContract, AgencyContract.id == AgencySeat.contract_id).where(
            AgencySeat.contract_id == contract_id,
            AgencyContract.agency_id == agency_id,
            AgencySeat.enrollment_id == enrollment_id,
        )
    ).first()
    if row is None:
        raise NotFound("Nobody holds this seat any more.")
    seat, enrollment, person = row
    return SeatLine(seat, enrollment, person, editions.get_outline(enrollment.edition_id))


def _get_course_of(enrollment_id: int) -> str:
    """The address name of an enrollment's course. Raises NotFound."""
    slug = db.session.scalar(
        select(Course.slug)
        .join(Enrollment, Enrollment.course_id == Course.id)
        .where(Enrollment.id == enrollment_id)
    )
    if slug is None:
        raise NotFound("There is no such enrollment.")
    return slug


def count_seats_of(contract_id: int, person_id: int) -> int:
    """How many seats of a contract a person holds."""
    held = _HELD.where(AgencySeat.contract_id == contract_id, Person.id == person_id)
    return len(db.session.execute(held).all())


def list_events(
    contract_id: int, before: int | None = None
) -> tuple[list[SeatEventLine], int | None]:
    """A page of the events of a contract's seats, the newest first, and the id to ask on with."""
    query = (
        select(AgencySeatEvent, AgencySeat.number, Person, Enrollment.edition_id)
        .join(AgencySeat, AgencySeat.id == AgencySeatEvent.seat_id)
        .join(Enrollment, Enrollment.id == AgencySeatEvent.enrollment_id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(AgencySeat.contract_id == contract_id)
        .order_by(AgencySeatEvent.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(AgencySeatEvent.id < before)
    lines = [
        SeatEventLine(event, number, person, editions.get_outline(edition_id))
        for event, number, person, edition_id in db.session.execute(query)
    ]
    return lines[:PAGE], lines[PAGE - 1].event.id if len(lines) > PAGE else None


def free_seat(
    agency_id: int, contract_id: int, enrollment_id: int, actor: Actor, now: datetime
) -> bool:
    """End the enrollment's access and give the seat back to the contract.

    What was earned stays with the person: the time record, passed tests and certificates are
    theirs. Returns False where it had been done before (a second click). The contract is held
    first, as takers hold it, so that nobody waits in a circle. Raises NotFound, or Conflict for
    a course that is complete: its seat is spent.
    """
    contract = lock_contract(agency_id, contract_id)
    seat = db.session.scalar(
        select(AgencySeat).where(
            AgencySeat.contract_id == contract_id, AgencySeat.enrollment_id == enrollment_id
        )
    )
    if seat is None:
        _refuse_stranger(contract_id, enrollment_id)
        return False
    _end(enrollment_id, now)
    seat.enrollment_id = None
    contract.used -= 1
    db.session.flush()
    agency_seats.record_event(seat, enrollment_id, "freed", actor.person_id, now)
    record(
        "seat.freed", f"enrollment:{enrollment_id}", actor, contract=contract_id, seat=seat.number
    )
    return True


def move_seat(
    agency_id: int,
    contract_id: int,
    enrollment_id: int,
    following: Following | None,
    base_url: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Free a seat, tell who held it, and invite the next person if there is one: all or nothing.

    Returns False where the seat had been freed by another form, and whoever was named here is not
    invited. Raises Invalid where nobody can be invited, and what `free_seat` raises.
    """
    keys = NewKeys(_get_course_of(enrollment_id), None, following.intent if following else "")
    with db.session.begin_nested():
        if not free_seat(agency_id, contract_id, enrollment_id, actor, now):
            return following is None or bool(agency_keys.list_made(keys, actor))
        _tell_leaver(agency_id, enrollment_id, base_url)
        if following is not None:
            agency_invitations.make_invitations(
                agency_id,
                contract_id,
                keys,
                [following.invitee],
                base_url,
                actor,
                now,
            )
    return True


_HELD = (
    select(AgencySeat, Enrollment, Person)
    .join(Enrollment, Enrollment.id == AgencySeat.enrollment_id)
    .join(Person, Person.id == Enrollment.person_id)
)


def _end(enrollment_id: int, now: datetime) -> None:
    """End an open enrollment, in one conditional statement: completing may come first."""
    enrollment = db.session.get_one(Enrollment, enrollment_id)
    db.session.execute(
        update(Enrollment)
        .where(
            Enrollment.id == enrollment_id,
            Enrollment.completed_at.is_(None),
            Enrollment.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(enrollment)
    if enrollment.completed_at is not None:
        raise Conflict("This course has been completed on the seat, so the seat cannot move.")
    time_record.stop_recording(enrollment.person_id, enrollment_id, now)


def _tell_leaver(agency_id: int, enrollment_id: int, base_url: str) -> None:
    enrollment = db.session.get_one(Enrollment, enrollment_id)
    person = db.session.get_one(Person, enrollment.person_id)
    if person.deactivated_at is None:
        agency_mail.tell_leaver(
            person.name_on_license,
            person.email,
            get_agency(agency_id).name,
            editions.get_outline(enrollment.edition_id).title,
            base_url,
        )


def _refuse_stranger(contract_id: int, enrollment_id: int) -> None:
    """Raise NotFound unless the enrollment once held a seat of the contract."""
    held = db.session.scalar(
        select(AgencySeatEvent.id)
        .join(AgencySeat, AgencySeat.id == AgencySeatEvent.seat_id)
        .where(
            AgencySeat.contract_id == contract_id,
            AgencySeatEvent.enrollment_id == enrollment_id,
            AgencySeatEvent.kind == "freed",
        )
        .limit(1)
    )
    if held is None:
        raise NotFound("This contract has no such seat.")
