"""Rate limits, counted in the database so that every process sees the same count."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.refusals import TooMany
from extensions import db
from models import Throttle


def count(name: str, key: str, limit: int, window: timedelta, now: datetime) -> None:
    """Count one attempt of `name` by `key`; raise TooMany beyond `limit` in the window.

    The caller commits before acting, so that the count survives a refusal.
    """
    began = _window_start(window, now)
    if _add(name, key, window, began) > limit:
        wait = int((began + window - now).total_seconds()) + 1
        raise TooMany("This was tried too many times. Please wait a little.", retry_after=wait)


def allows(name: str, key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one attempt, and say whether it is within the limit: for limits kept silently."""
    return _add(name, key, window, _window_start(window, now)) <= limit


def _window_start(window: timedelta, now: datetime) -> datetime:
    width = int(window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // width * width, UTC)


def _add(name: str, key: str, window: timedelta, began: datetime) -> int:
    """Count one; returns how many there are in the window now."""
    postgresql = db.engine.dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    statement = (
        insert(Throttle)
        .values(
            name=f"{name}/{int(window.total_seconds())}",
            key_hash=hashlib.sha256(key.encode()).hexdigest(),
            window_start=began,
            count=1,
        )
        .on_conflict_do_update(
            index_elements=["name", "key_hash", "window_start"],
            set_={"count": Throttle.count + 1},
        )
        .returning(Throttle.count)
    )
    return int(db.session.execute(statement).scalar_one())


def sweep(now: datetime) -> None:
    """Delete counters of windows that ended more than a day ago."""
    db.session.execute(delete(Throttle).where(Throttle.window_start < now - timedelta(days=1)))
