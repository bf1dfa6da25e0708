"""Invitations: a key of one seat for one person, by mail or on a list the supervisor hands out."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from domain.agency import Invitee, last_day_of
from domain.refusals import Conflict, Invalid, NotFound
from domain.wording import day
from extensions import db
from models import AgencyContract, AgencyKey, Enrollment, EnrollmentKey
from services import agency_keys, agency_mail
from services.agencies import get_agency
from services.agency_contracts import lock_contract
from services.agency_keys import KeyOfContract, NewKeys
from services.agency_seats import count_open_invitations, term_of
from services.audit import Actor
from services.provider import get_provider


def make_invitations(
    agency_id: int,
    contract_id: int,
    asked: NewKeys,
    people: list[Invitee],
    base_url: str,
    actor: Actor,
    now: datetime,
) -> list[KeyOfContract]:
    """A key of one seat for each person, mailed to those with an address. Raises Invalid.

    Nobody is invited to a seat that is not there. A repeated intent invites nobody twice.
    """
    contract = agency_keys.lock_open(agency_id, contract_id, now)
    made = agency_keys.list_made(asked, actor)
    if made:
        return made
    free = contract.seats - contract.used - count_open_invitations(contract.id, now)
    if len(people) > free:
        raise Invalid("people", _too_many(len(people), max(0, free)))
    invited = agency_keys.make_keys(contract, asked, people, 1, actor, now)
    for line in invited:
        if line.own.invited_email:
            _mail(contract, line, base_url, now)
    return invited


def send_again(
    agency_id: int, contract_id: int, key_id: int, times_sent: int, base_url: str, now: datetime
) -> KeyOfContract:
    """Mail an open invitation once more. `times_sent` is what the page showed: a second click
    finds it changed and sends nothing. Raises NotFound, or Conflict where it cannot be accepted.
    """
    contract = lock_contract(agency_id, contract_id)
    line = agency_keys.get_key(contract, key_id)
    if not line.own.invited_email:
        raise NotFound("This invitation has no e-mail address.")
    if line.state(now) != "open" or term_of(contract).state(now) in ("ended", "over"):
        raise Conflict("This invitation cannot be accepted any more, so it is not sent again.")
    if line.own.times_sent == times_sent:
        _mail(contract, line, base_url, now)
    return line


def list_open_invitations(contract_id: int, now: datetime) -> list[KeyOfContract]:
    """The invitations that may still be accepted, by course and name: for the printed list."""
    query = agency_keys.LINES.where(
        AgencyKey.contract_id == contract_id, AgencyKey.is_invitation, EnrollmentKey.used == 0
    )
    lines = agency_keys.rows_of(query)
    return sorted(
        (line for line in lines if line.state(now) == "open"),
        key=lambda line: (line.outline.title, line.own.invited_name.casefold()),
    )


def are_of(person_id: int, email: str) -> ColumnElement[bool]:
    """The invitations that were sent to a person's address, and those the person has accepted."""
    accepted = select(Enrollment.enrollment_key_id).where(
        Enrollment.person_id == person_id, Enrollment.enrollment_key_id.is_not(None)
    )
    return and_(
        AgencyKey.is_invitation,
        or_(
            func.lower(AgencyKey.invited_email) == email,
            AgencyKey.enrollment_key_id.in_(accepted),
        ),
    )


def forget(person_id: int, email: str, name: str, now: datetime) -> None:
    """Take a person's name and address out of invitations; `name` stands there instead.

    Open ones end.
    """
    invitations = select(AgencyKey.enrollment_key_id).where(are_of(person_id, email))
    ids = db.session.scalars(invitations).all()
    db.session.execute(
        update(EnrollmentKey)
        .where(
            EnrollmentKey.id.in_(ids), EnrollmentKey.used == 0, EnrollmentKey.revoked_at.is_(None)
        )
        .values(revoked_at=now)
    )
    db.session.execute(
        update(AgencyKey)
        .where(AgencyKey.enrollment_key_id.in_(ids))
        .values(invited_name=name, invited_email="")
    )


def _mail(contract: AgencyContract, line: KeyOfContract, base_url: str, now: datetime) -> None:
    until = line.key.valid_until
    agency_mail.send_invitation(
        agency_mail.Invitation(
            name=line.own.invited_name,
            email=line.own.invited_email,
            agency=get_agency(contract.agency_id).name,
            course=line.outline.title,
            code=line.key.code,
            last_day=day(last_day_of(until, get_provider().time_zone)) if until else "",
            base_url=base_url,
        )
    )
    line.own.times_sent += 1
    line.own.sent_at = now
    db.session.flush()


def _too_many(asked: int, free: int) -> str:
    seats = "1 seat" if free == 1 else f"{free} seats"
    return (
        f"You invite {asked}, and the contract has {seats} that nobody holds and that no open "
        "invitation waits for. Invite fewer people, withdraw invitations, or add seats."
    )
