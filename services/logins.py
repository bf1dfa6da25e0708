"""Checking a password: always the same work, whether or not anybody has the address.

Unconfirmed accounts of one address share a salt, so one hash of the password is compared with
all of them, however many others have registered: nobody can crowd the owner out.
"""

from dataclasses import dataclass

from sqlalchemy import select

from domain.identity import normal_email
from extensions import db
from models import Person
from services import passwords

SALTS = 2
"""Of the unconfirmed accounts' salts the oldest are tried; a second one arises only when two
people register the same address in the same moment."""
MOST_ACCOUNTS = 2000


@dataclass(frozen=True)
class Account:
    """Who may log in, and the hash of their password."""

    person_id: int
    password_hash: str


@dataclass(frozen=True)
class Candidates:
    """The accounts of an address: the confirmed one, and the others by salt, oldest first."""

    confirmed: Account | None
    others: tuple[tuple[Account, ...], ...]


def hash_for(email: str, password: str) -> str:
    """The hash of a new account's password, with the salt of the address if it has one."""
    return passwords.hash_password(password, like=_find_oldest_hash(normal_email(email)))


def list_candidates(email: str) -> Candidates:
    """Every account that may log in with this address."""
    rows = db.session.execute(
        select(Person.id, Person.password_hash, Person.email_confirmed_at)
        .where(Person.email == normal_email(email), Person.deactivated_at.is_(None))
        .order_by(Person.email_confirmed_at.is_(None), Person.id)
        .limit(MOST_ACCOUNTS)
    ).all()
    confirmed = [Account(row[0], row[1]) for row in rows if row[2] is not None]
    others: dict[str, list[Account]] = {}
    for row in rows[len(confirmed) :]:
        others.setdefault(passwords.settings_of(row[1]), []).append(Account(row[0], row[1]))
    return Candidates(
        confirmed[0] if confirmed else None,
        tuple(tuple(group) for group in list(others.values())[:SALTS]),
    )


def pick_by_password(candidates: Candidates, password: str) -> int | None:
    """The account whose password matches, the confirmed before the oldest; None if none does.

    Always 1 + SALTS hashes: slow on purpose, and as slow for an address that nobody has.
    """
    first = candidates.confirmed
    matching = [first.person_id] if _verify(first, password) and first is not None else []
    groups = [*candidates.others, *[()] * SALTS][:SALTS]
    for group in groups:
        hashes = [account.password_hash for account in group]
        found = passwords.list_matching(hashes, password)
        matching += [account.person_id for account in group if account.password_hash in found]
    return matching[0] if matching else None


def _verify(account: Account | None, password: str) -> bool:
    return passwords.verify(account.password_hash if account else None, password)


def _find_oldest_hash(email: str) -> str | None:
    return db.session.scalar(
        select(Person.password_hash)
        .where(Person.email == email, Person.email_confirmed_at.is_(None))
        .order_by(Person.id)
        .limit(1)
    )
