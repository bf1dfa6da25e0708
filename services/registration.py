"""Registering: tells nobody who has an account, and waits for nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.identity import normal_email
from domain.refusals import Conflict
from extensions import db
from models import Person
from services import mailed_links
from services.accounts import Registration


def register(typed: Registration, base_url: str, now: datetime) -> Person:
    """Make an account, and mail a link to confirm the address. A repeated intent makes one.

    An address that is taken is not refused, since that would tell who has an account: the new
    account stands on its own until its owner shows that the address is theirs.
    """
    made = _find_made(typed.intent)
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
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as error:
        made = _find_made(typed.intent)
        if made is None:
            raise Conflict("The account could not be made. Please try again.") from error
        return made
    mailed_links.send_confirmation(person, base_url, now)
    return person


def _find_made(intent: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.registration_intent == intent))
