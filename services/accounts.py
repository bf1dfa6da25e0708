"""Accounts: registering, logging in and out, passwords, confirming an address."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from domain.identity import Identity, normal_email
from domain.refusals import Invalid, NotFound
from extensions import db
from models import LoginSession, MailedToken, Person
from services import mail, mail_texts, passwords
from services.plain_rows import read

RESET_LIFETIME = timedelta(hours=1)
CONFIRM_LIFETIME = timedelta(days=7)
NEWEST_UNCONFIRMED = 2
"""How many unconfirmed accounts of one address may log in; each costs one hash to check."""


@dataclass(frozen=True)
class Registration:
    """What somebody typed to make an account; the password only as its hash."""

    email: str
    password_hash: str
    name_on_license: str
    time_zone: str
    intent: str


def register(typed: Registration, base_url: str, now: datetime) -> Person:
    """Make an account, and mail a link to confirm the address. A repeated intent makes one.

    An address that is taken is not refused, since that would tell who has an account: the new
    account stands on its own until its owner shows that the address is theirs.
    """
    made = db.session.scalar(select(Person).where(Person.registration_intent == typed.intent))
    if made is not None:
        return made
    person = Person(
        email=normal_email(typed.email),
        password_hash=typed.password_hash,
        name_on_license=typed.name_on_license,
        time_zone=typed.time_zone,
        registered_at=now,
        registration_intent=typed.intent,
    )
    db.session.add(person)
    db.session.flush()
    send_confirmation(person, base_url, now)
    return person


def send_confirmation(person: Person, base_url: str, now: datetime) -> None:
    """Mail the link that confirms the address."""
    token = _mail_token(person.id, "confirm-email", CONFIRM_LIFETIME, now)
    text = mail_texts.confirm_email(person.name_on_license, f"{base_url}/confirm-email/{token}")
    mail.queue(person.email, text.subject, text.body)


def list_password_hashes(email: str) -> list[tuple[int | None, str | None]]:
    """(person, hash) of every account that may log in with this address, always three of them.

    The confirmed account first, then the newest unconfirmed; empty places are filled with None,
    so that checking a password costs the same whether or not anybody has the address.
    """
    rows = db.session.execute(
        select(Person.id, Person.password_hash, Person.email_confirmed_at)
        .where(Person.email == normal_email(email), Person.deactivated_at.is_(None))
        .order_by(Person.email_confirmed_at.is_(None), Person.id.desc())
        .limit(1 + NEWEST_UNCONFIRMED)
    ).all()
    confirmed = [row for row in rows if row.email_confirmed_at is not None]
    others = [row for row in rows if row.email_confirmed_at is None][:NEWEST_UNCONFIRMED]
    found: list[tuple[int | None, str | None]] = [(r.id, r.password_hash) for r in confirmed]
    found += [(None, None)] * (1 - len(confirmed))
    found += [(r.id, r.password_hash) for r in others]
    return found + [(None, None)] * (1 + NEWEST_UNCONFIRMED - len(found))


def pick_by_password(candidates: list[tuple[int | None, str | None]], password: str) -> int | None:
    """The first account whose password matches. Checks all of them: slow on purpose."""
    matches = [person_id for person_id, hashed in candidates if passwords.verify(hashed, password)]
    return matches[0] if matches else None


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


_IDENTITY = (
    select(
        Person.id,
        LoginSession.id,
        Person.name_on_license,
        Person.email,
        Person.email_confirmed_at,
        Person.time_zone,
        Person.is_instructor,
        Person.is_administrator,
    )
    .join(LoginSession, LoginSession.person_id == Person.id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.revoked_at.is_(None),
        Person.deactivated_at.is_(None),
    )
)


def find_identity(token: str) -> Identity | None:
    """Who holds a session token; None once it is revoked or the account deactivated."""
    row = read(_IDENTITY, {"token_hash": _hash(token)}).first()
    if row is None:
        return None
    return Identity(
        person_id=row[0],
        session_id=row[1],
        name=row[2],
        email=row[3],
        email_confirmed=row[4] is not None,
        time_zone=row[5],
        is_instructor=row[6],
        is_administrator=row[7],
    )


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


def request_password_reset(email: str, base_url: str, now: datetime) -> None:
    """Mail a reset link if the address has an account; say nothing either way."""
    person = _find_by_email(email)
    if person is None:
        return
    token = _mail_token(person.id, "password-reset", RESET_LIFETIME, now)
    text = mail_texts.password_reset(person.name_on_license, f"{base_url}/password-reset/{token}")
    mail.queue(person.email, text.subject, text.body)


def get_person_by_token(token: str, purpose: str, now: datetime) -> Person:
    """The person a mailed link belongs to. Raises NotFound once it is used or out of date."""
    return db.session.get_one(Person, _get_token(token, purpose, now).person_id)


def reset_password(token: str, password_hash: str, now: datetime) -> Person:
    """Set a new password by a mailed link, end every session, spend every link of the person.

    Having the link shows that the address is theirs, so it is confirmed as well where it can be.
    """
    mailed = _get_token(token, "password-reset", now)
    person = db.session.get_one(Person, mailed.person_id)
    person.password_hash = password_hash
    if person.email_confirmed_at is None and find_confirmed(person.email) is None:
        person.email_confirmed_at = now
    _spend_tokens(person.id, now)
    end_all_sessions(person.id, now)
    db.session.flush()
    return person


def confirm_email(token: str, now: datetime) -> Person:
    """Confirm the address by a mailed link.

    Raises Invalid when another confirmed account has the address already.
    """
    mailed = _get_token(token, "confirm-email", now)
    person = db.session.get_one(Person, mailed.person_id)
    other = find_confirmed(person.email)
    if other is not None and other.id != person.id:
        raise Invalid("email", "You already have an account with this address. Log in to that one.")
    person.email_confirmed_at = person.email_confirmed_at or now
    mailed.used_at = now
    db.session.flush()
    return person


def change_password(person_id: int, password_hash: str, session_id: int, now: datetime) -> None:
    """Set a new password and sign out everywhere else."""
    db.session.get_one(Person, person_id).password_hash = password_hash
    _spend_tokens(person_id, now)
    end_all_sessions(person_id, now, besides=session_id)
    db.session.flush()


def get_person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def _find_by_email(email: str) -> Person | None:
    return db.session.scalar(
        select(Person)
        .where(Person.email == normal_email(email), Person.deactivated_at.is_(None))
        .order_by(Person.email_confirmed_at.is_(None), Person.id.desc())
        .limit(1)
    )


def find_confirmed(email: str) -> Person | None:
    """The confirmed account of an address in normal form; there is at most one."""
    return db.session.scalar(
        select(Person).where(Person.email == email, Person.email_confirmed_at.is_not(None))
    )


def _mail_token(person_id: int, purpose: str, lifetime: timedelta, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    db.session.add(
        MailedToken(
            person_id=person_id,
            purpose=purpose,
            token_hash=_hash(token),
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    db.session.flush()
    return token


def _get_token(token: str, purpose: str, now: datetime) -> MailedToken:
    mailed = db.session.scalar(
        select(MailedToken).where(
            MailedToken.token_hash == _hash(token),
            MailedToken.purpose == purpose,
            MailedToken.used_at.is_(None),
            MailedToken.expires_at > now,
        )
    )
    if mailed is None:
        raise NotFound("This link has been used already or is out of date. Ask for a new one.")
    return mailed


def _spend_tokens(person_id: int, now: datetime) -> None:
    db.session.execute(
        update(MailedToken)
        .where(MailedToken.person_id == person_id, MailedToken.used_at.is_(None))
        .values(used_at=now)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
