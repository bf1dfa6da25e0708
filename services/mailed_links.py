"""Links sent by mail: each works once and for a time. Confirming an address, a new password."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from domain.identity import normal_email
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Enrollment, MailedToken, Person
from services import accounts, mail, mail_texts, throttle

RESET_LIFETIME = timedelta(hours=1)
CONFIRM_LIFETIME = timedelta(days=7)
INVITATION_LIFETIME = timedelta(days=14)
CONFIRMATIONS_A_DAY = 5
MOST_OFFERED = 50


@dataclass(frozen=True)
class OwnAccount:
    """An account of a mailbox's owner, as they choose among several."""

    person: Person
    courses: int


def send_confirmation(person: Person, base_url: str, now: datetime) -> None:
    """Mail the link that confirms the address; beyond a few a day to one address, silently not.

    The mail says nothing that was typed: whoever registers an address may not be its owner.
    """
    token = _make_token(person.id, "confirm-email", CONFIRM_LIFETIME, now)
    day = timedelta(days=1)
    if throttle.allows("confirm-to", person.email, CONFIRMATIONS_A_DAY, day, now):
        text = mail_texts.confirm_email(f"{base_url}/confirm-email/{token}")
        mail.queue(person.email, text.subject, text.body)


def request_password_reset(email: str, base_url: str, now: datetime) -> None:
    """Mail one link if the address has an account; say nothing either way."""
    found = _list_own(normal_email(email))
    if not found:
        return
    person = found[0].person
    token = _make_token(person.id, "password-reset", RESET_LIFETIME, now)
    text = mail_texts.password_reset(f"{base_url}/password-reset/{token}")
    mail.queue(person.email, text.subject, text.body)


def make_invitation(person: Person, base_url: str, now: datetime) -> str:
    """The address where somebody for whom an account was made chooses a password."""
    token = _make_token(person.id, "password-reset", INVITATION_LIFETIME, now)
    return f"{base_url}/password-reset/{token}"


def get_person_by_token(token: str, purpose: str, now: datetime) -> Person:
    """The person a mailed link was made for. Raises NotFound once it is used or out of date."""
    return db.session.get_one(Person, _get_token(token, purpose, now).person_id)


def list_own_accounts(token: str, now: datetime) -> list[OwnAccount]:
    """The accounts whose password a reset link may set: who has the link has the mailbox.

    The confirmed account of the address alone; without one, every unconfirmed account, those
    with courses first. Raises NotFound for a link that is used or out of date.
    """
    return _list_own(get_person_by_token(token, "password-reset", now).email)


def reset_password(token: str, person_id: int, password_hash: str, now: datetime) -> Person:
    """Set a new password by a mailed link, end every session, spend every link of the address.

    Having the link shows that the address is theirs, so it is confirmed as well. Raises NotFound
    for a link that is used or out of date, and for an account of another address.
    """
    mailed = _spend(_get_token(token, "password-reset", now), now)
    own = _list_own(db.session.get_one(Person, mailed.person_id).email)
    person = next((account.person for account in own if account.person.id == person_id), None)
    if person is None:
        raise NotFound("This link does not belong to that account.")
    person.password_hash = password_hash
    _confirm(person, now)
    for account in own:
        accounts.spend_links(account.person.id, now)
    accounts.end_all_sessions(person.id, now)
    return person


def confirm_email(token: str, now: datetime) -> Person:
    """Confirm the address by a mailed link.

    Raises Invalid when another confirmed account has the address already.
    """
    mailed = _get_token(token, "confirm-email", now)
    person = db.session.get_one(Person, mailed.person_id)
    other = accounts.find_confirmed(person.email)
    if other is not None and other.id != person.id:
        raise Invalid("email", "You already have an account with this address. Log in to that one.")
    _confirm(person, now)
    _spend(mailed, now)
    return person


def _confirm(person: Person, now: datetime) -> None:
    """Raises Conflict if another account of the address was confirmed in the same moment."""
    try:
        with db.session.begin_nested():
            person.email_confirmed_at = person.email_confirmed_at or now
    except IntegrityError as error:
        raise Conflict("This address was confirmed for another account just now.") from error


def _list_own(email: str) -> list[OwnAccount]:
    """The confirmed account of an address, or its unconfirmed ones; deactivated ones never."""
    courses = func.count(Enrollment.id)
    rows = db.session.execute(
        select(Person, courses)
        .outerjoin(Enrollment, Enrollment.person_id == Person.id)
        .where(Person.email == email, Person.deactivated_at.is_(None))
        .group_by(Person.id)
        .order_by(Person.email_confirmed_at.is_(None), courses.desc(), Person.id)
        .limit(MOST_OFFERED)
    )
    found = [OwnAccount(person, number) for person, number in rows]
    confirmed = [account for account in found if account.person.email_confirmed_at is not None]
    return confirmed or found


def _make_token(person_id: int, purpose: str, lifetime: timedelta, now: datetime) -> str:
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
        raise _used_or_old()
    return mailed


def _spend(mailed: MailedToken, now: datetime) -> MailedToken:
    """Use the link up in one conditional statement: of two requests at once, one gets it."""
    spent = db.session.execute(
        update(MailedToken)
        .where(MailedToken.id == mailed.id, MailedToken.used_at.is_(None))
        .values(used_at=now)
        .returning(MailedToken.id)
        .execution_options(synchronize_session=False)
    ).first()
    if spent is None:
        raise _used_or_old()
    return mailed


def _used_or_old() -> NotFound:
    return NotFound("This link has been used already or is out of date. Ask for a new one.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
