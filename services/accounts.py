"""Accounts: sessions and passwords (see also registration, logins, mailed_links)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, and_, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute

from domain.identity import Identity
from extensions import db
from models import AgencyManager, LoginSession, MailedToken, Person
from services.plain_rows import read


@dataclass(frozen=True)
class Registration:
    """What somebody typed to make an account; the password only as its hash."""

    email: str
    password_hash: str
    name_on_license: str
    time_zone: str
    intent: str


def open_session(person_id: int, browser: str, now: datetime) -> str:
    """Begin a login session; returns the token for the cookie (256 bits, stored hashed)."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        LoginSession(
            person_id=person_id, token_hash=_hash(token), browser=browser[:200], started_at=now
        )
    )
    db.session.flush()
    return token


_TOKEN_HASH: ColumnElement[Any] = bindparam("token_hash")
_IS_LIVE = and_(LoginSession.revoked_at.is_(None), Person.deactivated_at.is_(None))
_IDENTITY = (
    select(
        Person.id,
        LoginSession.id.label("session_id"),
        Person.name_on_license,
        Person.email,
        Person.email_confirmed_at,
        Person.time_zone,
        Person.is_instructor,
        Person.is_administrator,
        select(AgencyManager.id)
        .where(AgencyManager.person_id == Person.id, AgencyManager.ended_at.is_(None))
        .correlate(Person)
        .exists(),
    )
    .join(LoginSession, LoginSession.person_id == Person.id)
    .where(_IS_LIVE, LoginSession.token_hash == _TOKEN_HASH)
)


def find_identity(token: str) -> Identity | None:
    """Who holds a session token; None once it is revoked or the account deactivated."""
    rows = read(_IDENTITY, session_parameters(token))
    if not rows:
        return None
    row = rows[0]
    return Identity(
        person_id=row[0],
        session_id=row[1],
        name=row[2],
        email=row[3],
        email_confirmed=row[4] is not None,
        time_zone=row[5],
        is_instructor=row[6],
        is_administrator=row[7],
        manages_agency=row[8],
    )


def holds_session(
    person_id: InstrumentedAttribute[int], token_hash: ColumnElement[Any] = _TOKEN_HASH
) -> Exists:
    """For other statements: whether this person holds the session of `session_parameters`.

    Or that of another column with the hash of a token.
    """
    return (
        select(LoginSession.id)
        .join(Person, Person.id == LoginSession.person_id)
        .where(_IS_LIVE, LoginSession.token_hash == token_hash, LoginSession.person_id == person_id)
        .exists()
    )


def session_parameters(token: str) -> dict[str, str]:
    return {"token_hash": _hash(token)}


def list_sessions(person_id: int) -> list[LoginSession]:
    """The person's live sessions, newest first."""
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(LoginSession.person_id == person_id, LoginSession.revoked_at.is_(None))
            .order_by(LoginSession.id.desc())
        )
    )


def end_session(session_id: int, now: datetime) -> None:
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(revoked_at=now)
    )


def end_all_sessions(person_id: int, now: datetime, besides: int | None = None) -> None:
    """Sign out everywhere, except in the session `besides`."""
    db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.id != (besides or 0),
        )
        .values(revoked_at=now)
    )


def change_password(person_id: int, password_hash: str, session_id: int, now: datetime) -> None:
    """Set a new password and sign out everywhere else."""
    db.session.get_one(Person, person_id).password_hash = password_hash
    spend_links(person_id, now)
    end_all_sessions(person_id, now, besides=session_id)
    db.session.flush()


def get_person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def find_confirmed(email: str) -> Person | None:
    """The confirmed account of an address in normal form; there is at most one."""
    return db.session.scalar(
        select(Person).where(Person.email == email, Person.email_confirmed_at.is_not(None))
    )


def spend_links(person_id: int, now: datetime) -> None:
    """Make every mailed link of a person worthless."""
    db.session.execute(
        update(MailedToken)
        .where(MailedToken.person_id == person_id, MailedToken.used_at.is_(None))
        .values(used_at=now)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
