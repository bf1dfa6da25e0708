"""Contracts of agencies: seats, days in force, and the courses they cover."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from domain.agency import begin_of, end_of
from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Agency, AgencyContract, AgencyContractCourse, Course
from services import editions
from services.agencies import get_agency, record
from services.agency_seats import count_open_invitations, term_of
from services.audit import Actor
from services.provider import get_provider

LONGEST = timedelta(days=3653)


@dataclass(frozen=True)
class ContractTerms:
    """What an administrator types. Days are whole, in the provider's time zone; both count.

    `courses` are slugs; empty means all courses that a key opens, also later ones.
    """

    name: str
    seats: int
    first_day: date
    last_day: date
    courses: tuple[str, ...]


@dataclass(frozen=True)
class Contract:
    """A contract with its agency and the courses it covers now, by title."""

    row: AgencyContract
    agency: Agency
    courses: list[Outline]
    open_invitations: int

    def state(self, now: datetime) -> str:
        """'ended', 'not begun', 'over', 'used up' or 'open'."""
        return term_of(self.row).state(now)

    @property
    def free(self) -> int:
        """Seats that are neither held nor promised to somebody invited by name."""
        return max(0, self.row.seats - self.row.used - self.open_invitations)

    def gives_seats(self, now: datetime) -> bool:
        """Whether keys and invitations can be made: in force, or about to be."""
        return self.state(now) not in ("ended", "over")


def make_contract(
    agency_id: int, terms: ContractTerms, intent: str, actor: Actor, now: datetime
) -> AgencyContract:
    """Note a contract. A repeated intent finds the contract made before. Raises Invalid."""
    agency = get_agency(agency_id)
    own_intent = f"{actor.person_id}-{intent}"[:64] if intent else None
    made = _find_made(own_intent)
    if made is not None:
        return made
    contract = AgencyContract(
        agency_id=agency.id, created_by_id=actor.person_id, created_at=now, intent=own_intent
    )
    _write(contract, terms, now)
    try:
        with db.session.begin_nested():
            db.session.add(contract)
    except IntegrityError as error:
        made = _find_made(own_intent)
        if made is None:
            raise Conflict("The contract could not be saved. Please try again.") from error
        return made
    _set_courses(contract, terms.courses)
    record("contract.created", f"contract:{contract.id}", actor, seats=contract.seats)
    return contract


def change_terms(
    agency_id: int, contract_id: int, terms: ContractTerms, actor: Actor, now: datetime
) -> AgencyContract:
    """Change seats, days and courses. Raises Invalid.

    Never below the seats that are held or promised to open invitations.
    """
    contract = lock_contract(agency_id, contract_id)
    promised = count_open_invitations(contract.id, now)
    if terms.seats < contract.used + promised:
        raise Invalid("seats", _too_few(contract.used, promised))
    before = (contract.seats, contract.valid_until.isoformat())
    _write(contract, terms, now)
    _set_courses(contract, terms.courses)
    record(
        "contract.changed",
        f"contract:{contract.id}",
        actor,
        seats=contract.seats,
        until=contract.valid_until.isoformat(),
        seats_before=before[0],
        until_before=before[1],
    )
    return contract


def end_contract(agency_id: int, contract_id: int, actor: Actor, now: datetime) -> AgencyContract:
    """Nobody enrolls under the contract any more; who has enrolled, stays. Once."""
    contract = lock_contract(agency_id, contract_id)
    if contract.ended_at is None:
        contract.ended_at = now
        db.session.flush()
        record("contract.ended", f"contract:{contract.id}", actor, used=contract.used)
    return contract


def get_contract(agency_id: int, contract_id: int, now: datetime) -> Contract:
    """A contract of this agency. Raises NotFound."""
    row = db.session.scalar(
        select(AgencyContract).where(
            AgencyContract.id == contract_id, AgencyContract.agency_id == agency_id
        )
    )
    if row is None:
        raise NotFound("This agency has no such contract.")
    return Contract(
        row, get_agency(agency_id), list_courses(row), count_open_invitations(row.id, now)
    )


def lock_contract(agency_id: int, contract_id: int) -> AgencyContract:
    """The contract's row, held until the transaction ends. Raises NotFound."""
    row = db.session.scalar(
        select(AgencyContract)
        .where(AgencyContract.id == contract_id, AgencyContract.agency_id == agency_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("This agency has no such contract.")
    return row


def list_contracts(agency_id: int) -> list[AgencyContract]:
    """The contracts of an agency, the newest first."""
    return list(
        db.session.scalars(
            select(AgencyContract)
            .where(AgencyContract.agency_id == agency_id)
            .order_by(AgencyContract.id.desc())
        )
    )


def list_courses(contract: AgencyContract) -> list[Outline]:
    """The courses on offer that a contract covers, by title."""
    offered = list_key_courses()
    if contract.all_courses:
        return offered
    own = set(
        db.session.scalars(
            select(AgencyContractCourse.course_id).where(
                AgencyContractCourse.contract_id == contract.id
            )
        )
    )
    return [outline for outline in offered if outline.course_id in own]


def list_key_courses() -> list[Outline]:
    """The courses that open to a key."""
    return [o for o in editions.list_current_outlines() if "key" in o.facts["enrollment"]]


def _write(contract: AgencyContract, terms: ContractTerms, now: datetime) -> None:
    zone = get_provider().time_zone
    if terms.last_day < terms.first_day:
        raise Invalid("last_day", "The last day is before the first. Choose a later day.")
    if end_of(terms.last_day, zone) <= now:
        raise Invalid("last_day", "This day has passed. Choose today or a later day.")
    if terms.last_day - terms.first_day > LONGEST:
        raise Invalid("last_day", "A contract lasts at most ten years. Choose an earlier day.")
    contract.name = terms.name
    contract.seats = terms.seats
    contract.valid_from = begin_of(terms.first_day, zone)
    contract.valid_until = end_of(terms.last_day, zone)
    contract.all_courses = not terms.courses


def _set_courses(contract: AgencyContract, slugs: tuple[str, ...]) -> None:
    db.session.execute(
        delete(AgencyContractCourse).where(AgencyContractCourse.contract_id == contract.id)
    )
    for course_id in db.session.scalars(select(Course.id).where(Course.slug.in_(slugs))).all():
        db.session.add(AgencyContractCourse(contract_id=contract.id, course_id=course_id))
    db.session.flush()


def _too_few(used: int, promised: int) -> str:
    also = f", {promised} more promised to open invitations" if promised else ""
    return f"{used} seats are held{also}. Enter at least {used + promised}."


def _find_made(intent: str | None) -> AgencyContract | None:
    if intent is None:
        return None
    return db.session.scalar(select(AgencyContract).where(AgencyContract.intent == intent))
