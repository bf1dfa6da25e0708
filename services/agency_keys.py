"""Keys of agency contracts: making, listing, withdrawing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from domain.agency import Invitee, end_of, last_day_of
from domain.enrollment_key import make_code
from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from domain.wording import day
from extensions import db
from models import AgencyContract, AgencyKey, Course, EnrollmentKey
from services import editions, enrollment_keys
from services.agencies import get_agency, record
from services.agency_contracts import list_courses, lock_contract
from services.agency_seats import term_of
from services.audit import Actor
from services.provider import get_provider

PAGE = 50


@dataclass(frozen=True)
class NewKeys:
    """Keys to make for one course of a contract. `last_day` in the provider's time zone."""

    slug: str
    last_day: date | None
    intent: str


@dataclass(frozen=True)
class KeyOfContract:
    """A key with what makes it one of a contract, and the course it opens."""

    key: EnrollmentKey
    own: AgencyKey
    outline: Outline

    def state(self, now: datetime) -> str:
        """'open', 'withdrawn', 'out of date' or 'used up'."""
        return enrollment_keys.KeyLine(self.key, self.outline).state(now)


def make_shared_key(
    agency_id: int, contract_id: int, asked: NewKeys, seats: int, actor: Actor, now: datetime
) -> EnrollmentKey:
    """Make a key that several people of the agency may use. Raises Invalid.

    Several such keys may together have more seats than the contract: the contract's limit holds
    when a seat is taken.
    """
    contract = lock_open(agency_id, contract_id, now)
    if seats > contract.seats:
        raise Invalid("seats", f"The contract has {contract.seats} seats. Enter no more.")
    made = list_made(asked, actor)
    if made:
        return made[0].key
    return make_keys(contract, asked, [None], seats, actor, now)[0].key


def revoke(
    agency_id: int, contract_id: int, key_id: int, actor: Actor, now: datetime
) -> KeyOfContract:
    """Withdraw a key or an invitation of the contract; who has enrolled, stays. Once."""
    line = get_key(lock_contract(agency_id, contract_id), key_id)
    enrollment_keys.revoke_key(key_id, actor, now)
    return line


def list_keys(
    contract_id: int, *, invitations: bool, before: int | None = None
) -> tuple[list[KeyOfContract], int | None]:
    """A page of shared keys or of invitations, the newest first, and the id to ask older with."""
    query = (
        LINES.where(AgencyKey.contract_id == contract_id, AgencyKey.is_invitation == invitations)
        .order_by(EnrollmentKey.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(EnrollmentKey.id < before)
    lines = rows_of(query)
    return lines[:PAGE], lines[PAGE - 1].key.id if len(lines) > PAGE else None


LINES = (
    select(EnrollmentKey, AgencyKey, Course.current_edition_id)
    .join(AgencyKey, AgencyKey.enrollment_key_id == EnrollmentKey.id)
    .join(Course, Course.id == EnrollmentKey.course_id)
)


def rows_of(query: Select[EnrollmentKey, AgencyKey, int | None]) -> list[KeyOfContract]:
    """The keys of a query made from LINES."""
    return [
        KeyOfContract(key, own, editions.get_outline(edition_id))
        for key, own, edition_id in db.session.execute(query)
        if edition_id is not None
    ]


def get_key(contract: AgencyContract, key_id: int) -> KeyOfContract:
    rows = rows_of(LINES.where(AgencyKey.contract_id == contract.id, EnrollmentKey.id == key_id))
    if not rows:
        raise NotFound("This contract has no such key.")
    return rows[0]


def lock_open(agency_id: int, contract_id: int, now: datetime) -> AgencyContract:
    contract = lock_contract(agency_id, contract_id)
    if term_of(contract).state(now) in ("ended", "over"):
        raise Conflict("This contract is not in force any more, so it gives no keys.")
    return contract


def make_keys(
    contract: AgencyContract,
    asked: NewKeys,
    people: Sequence[Invitee | None],
    seats: int,
    actor: Actor,
    now: datetime,
) -> list[KeyOfContract]:
    outline = next((o for o in list_courses(contract) if o.slug == asked.slug), None)
    if outline is None:
        raise Invalid("course", "The contract does not cover this course. Choose another.")
    valid_until = _valid_until(contract, asked.last_day, now)
    try:
        with db.session.begin_nested():
            made = [
                _add(contract, outline, person, seats, valid_until, _intent(asked, actor, n), now)
                for n, person in enumerate(people)
            ]
    except IntegrityError as error:
        raise Conflict("The keys could not be made. Please try again.") from error
    for line in made:
        line.key.created_by_id = actor.person_id
    record(
        "agency-key.created",
        f"contract:{contract.id}",
        actor,
        course_id=outline.course_id,
        first_key=made[0].key.id,
        keys=len(made),
        seats=seats,
    )
    return made


def _add(
    contract: AgencyContract,
    outline: Outline,
    person: Invitee | None,
    seats: int,
    valid_until: datetime,
    intent: str | None,
    now: datetime,
) -> KeyOfContract:
    key = EnrollmentKey(
        code=make_code(),
        course_id=outline.course_id,
        seats=seats,
        used=0,
        note=f"{get_agency(contract.agency_id).name}, {contract.name}"[:200],
        created_at=now,
        valid_until=valid_until,
        intent=intent,
    )
    db.session.add(key)
    db.session.flush()
    own = AgencyKey(
        enrollment_key_id=key.id,
        contract_id=contract.id,
        is_invitation=person is not None,
        invited_name=person.name if person else "",
        invited_email=person.email if person else "",
        times_sent=0,
    )
    db.session.add(own)
    db.session.flush()
    return KeyOfContract(key, own, outline)


def _valid_until(contract: AgencyContract, last_day: date | None, now: datetime) -> datetime:
    """The end of a key: its last day, never after the contract's own."""
    if last_day is None:
        return contract.valid_until
    until = end_of(last_day, get_provider().time_zone)
    if until <= now:
        raise Invalid("last_day", "This day has passed. Choose today or a later day.")
    if until > contract.valid_until:
        last = day(last_day_of(contract.valid_until, get_provider().time_zone))
        raise Invalid("last_day", f"The contract ends on {last}. Choose no later day.")
    return until


def list_made(asked: NewKeys, actor: Actor) -> list[KeyOfContract]:
    """What the same click has made before."""
    first = _intent(asked, actor, 0)
    if first is None:
        return []
    stem = first.rpartition("-")[0]
    rows = rows_of(LINES.where(EnrollmentKey.intent.startswith(f"{stem}-", autoescape=True)))
    return sorted(rows, key=lambda line: line.key.id)


def _intent(asked: NewKeys, actor: Actor, number: int) -> str | None:
    if not asked.intent:
        return None
    return f"{actor.person_id}-{asked.intent[:40]}-{number}"
