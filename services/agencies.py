"""Agencies and their managers, as administrators keep them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from domain.identity import normal_email
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Agency, AgencyContract, AgencyManager, Person
from services import accounts, audit
from services.audit import Actor

PAGE = 50
NO_ACCOUNT = (
    "No account has confirmed this address. Ask the person to create an account and to confirm "
    "the address; then add them here."
)


@dataclass(frozen=True)
class NewAgency:
    """What an administrator types."""

    name: str
    note: str
    intent: str


@dataclass(frozen=True)
class AgencyLine:
    """An agency with the seats of all its contracts."""

    agency: Agency
    contracts: int
    seats: int
    used: int


@dataclass(frozen=True)
class ManagerLine:
    """A manager of an agency, with the person."""

    manager: AgencyManager
    person: Person


def make_agency(asked: NewAgency, actor: Actor, now: datetime) -> Agency:
    """Note a new agency. A repeated intent finds the agency made before."""
    intent = f"{actor.person_id}-{asked.intent}"[:64] if asked.intent else None
    agency = Agency(
        name=asked.name,
        note=asked.note,
        created_by_id=actor.person_id,
        created_at=now,
        intent=intent,
    )
    made = _find_made(intent)
    if made is not None:
        return made
    try:
        with db.session.begin_nested():
            db.session.add(agency)
    except IntegrityError as error:
        made = _find_made(intent)
        if made is None:
            raise Conflict("The agency could not be saved. Please try again.") from error
        return made
    record("agency.created", f"agency:{agency.id}", actor)
    return agency


def get_agency(agency_id: int) -> Agency:
    """Raises NotFound."""
    agency = db.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("There is no such agency.")
    return agency


def list_agencies(before: int | None = None) -> tuple[list[AgencyLine], int | None]:
    """A page of agencies, the newest first, and the id to ask older ones with (None: no more)."""
    query = (
        select(
            Agency,
            func.count(AgencyContract.id),
            func.coalesce(func.sum(AgencyContract.seats), 0),
            func.coalesce(func.sum(AgencyContract.used), 0),
        )
        .outerjoin(AgencyContract, AgencyContract.agency_id == Agency.id)
        .group_by(Agency.id)
        .order_by(Agency.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Agency.id < before)
    lines = [AgencyLine(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)]
    return lines[:PAGE], lines[PAGE - 1].agency.id if len(lines) > PAGE else None


def list_names() -> list[tuple[str, str]]:
    """Id, as text, and name of every agency, by name."""
    rows = db.session.execute(select(Agency.id, Agency.name).order_by(Agency.name, Agency.id))
    return [(str(agency_id), name) for agency_id, name in rows]


def list_managers(agency_id: int) -> list[ManagerLine]:
    """The managers in force, by name."""
    rows = db.session.execute(
        select(AgencyManager, Person)
        .join(Person, Person.id == AgencyManager.person_id)
        .where(AgencyManager.agency_id == agency_id, AgencyManager.ended_at.is_(None))
        .order_by(Person.name_on_license, AgencyManager.id)
    )
    return [ManagerLine(manager, person) for manager, person in rows]


def add_manager(agency_id: int, email: str, actor: Actor, now: datetime) -> Person:
    """Let a person see the progress of an agency's people. A second click changes nothing.

    Only of a confirmed address: somebody else's unconfirmed account with it must never see
    them. Raises Invalid (field `email`).
    """
    get_agency(agency_id)
    person = accounts.find_confirmed(normal_email(email))
    if person is None or person.deactivated_at is not None:
        raise Invalid("email", NO_ACCOUNT)
    manager = AgencyManager(
        agency_id=agency_id,
        person_id=person.id,
        granted_by_id=actor.person_id,
        granted_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(manager)
    except IntegrityError:
        return person
    record("role.granted", f"person:{person.id}", actor, manager_of=agency_id)
    return person


def end_manager(agency_id: int, manager_id: int, actor: Actor, now: datetime) -> Person:
    """From now on the person sees nothing of the agency. Once. Raises NotFound."""
    manager = db.session.scalar(
        select(AgencyManager)
        .where(AgencyManager.id == manager_id, AgencyManager.agency_id == agency_id)
        .with_for_update()
    )
    if manager is None:
        raise NotFound("This agency has no such manager.")
    if manager.ended_at is None:
        manager.ended_at = now
        record("role.ended", f"person:{manager.person_id}", actor, manager_of=agency_id)
    return db.session.get_one(Person, manager.person_id)


def record(kind: str, subject: str, actor: Actor, **facts: int | str) -> None:
    """Note in the audit log what an administrator did about an agency."""
    audit.record(
        kind,
        actor_id=actor.person_id,
        subject=subject,
        request_id=actor.request_id,
        facts=dict(facts),
    )


def _find_made(intent: str | None) -> Agency | None:
    if intent is None:
        return None
    return db.session.scalar(select(Agency).where(Agency.intent == intent))
