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
    width = int(window.total_seconds())
    began = datetime.fromtimestamp(int(now.timestamp()) // width * width, UTC)
    postgresql = db.engine.dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    statement = (
        insert(Throttle)
        .values(
            name=f"{name}/{width}",
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
    counted = db.session.execute(statement).scalar_one()
    if counted > limit:
        wait = int((began + window - now).total_seconds()) + 1
        raise TooMany("This was tried too many times. Please wait a little.", retry_after=wait)


def sweep(now: datetime) -> None:
    """Delete counters of windows that ended more than a day ago."""
    db.session.execute(delete(Throttle).where(Throttle.window_start < now - timedelta(days=1)))
