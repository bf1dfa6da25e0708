"""Chores: what the worker does again and again, such as sweeping and reminding.

A chore's row says when it is due next; the worker that moves it on does the chore, so that
several workers never do one at the same time.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

import clock
from extensions import db
from models import Chore

LOG = logging.getLogger("contact_hour.worker")


@dataclass(frozen=True)
class Duty:
    """What a chore does, and how long after one turn the next is due.

    `do` writes and flushes, is safe to repeat, and must be short: it runs in one transaction.
    """

    every: timedelta
    do: Callable[[datetime], None]


def do_due(duties: Mapping[str, Duty], now: datetime) -> int:
    """Do every chore that is due; returns how many were done. Commits each by itself.

    A chore that fails is logged, rolled back, and due again after its interval.
    """
    due = {row.name: row.due_at for row in db.session.scalars(select(Chore))}
    db.session.rollback()
    names = [name for name in duties if name not in due or due[name] <= now]
    return sum(_do(name, duties[name], now) for name in names)


def _do(name: str, duty: Duty, now: datetime) -> bool:
    _ensure(name, now)
    if not _take(name, now, now + duty.every):
        db.session.rollback()
        return False
    db.session.commit()
    try:
        duty.do(now)
        db.session.commit()
    except Exception:
        LOG.exception("the chore %s failed and will be tried again", name)
        db.session.rollback()
        return False
    return True


def _ensure(name: str, now: datetime) -> None:
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    db.session.execute(insert(Chore).values(name=name, due_at=now).on_conflict_do_nothing())


def _take(name: str, now: datetime, next_at: datetime) -> bool:
    """Move the chore on, in one conditional statement; False if another worker was faster."""
    statement = (
        update(Chore)
        .where(Chore.name == name, Chore.due_at <= now)
        .values(due_at=next_at)
        .returning(Chore.name)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(statement).first() is not None


def is_worth_looking(last_looked: datetime | None, every: timedelta) -> bool:
    """Whether the worker should look for due chores again, by the clock of this process."""
    return last_looked is None or clock.now() - last_looked >= every
