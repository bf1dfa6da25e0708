"""Accounts that were made, never confirmed and never used: deleted after a while."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, delete, exists, select

from extensions import db
from models import Person
from models.base import Base

KEPT_UNUSED = timedelta(days=30)
MOST_AT_ONCE = 200
NO_USE = frozenset({"login_session", "mailed_token", "kept_form", "person_word"})
"""Tables whose rows are no use of an account; they go with it."""


def sweep(now: datetime) -> None:
    """Delete unconfirmed accounts to which nothing refers, once they are 30 days old."""
    unused = (
        select(Person.id)
        .where(
            Person.email_confirmed_at.is_(None),
            Person.registered_at < now - KEPT_UNUSED,
            Person.is_instructor.is_(False),
            Person.is_administrator.is_(False),
            *(~exists().where(column == Person.id) for column in _uses()),
        )
        .order_by(Person.id)
        .limit(MOST_AT_ONCE)
    )
    ids = list(db.session.scalars(unused))
    db.session.execute(delete(Person).where(Person.id.in_(ids)))
    db.session.expire_all()


def _uses() -> list[Column[Any]]:
    """Every column that refers to a person: a row there means that the account was used."""
    return [
        column
        for table in Base.metadata.sorted_tables
        if table.name not in NO_USE
        for column in table.columns
        if any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys)
    ]
