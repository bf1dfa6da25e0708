"""Signs of presence written together on PostgreSQL.

An interval that somebody else is changing at this moment is passed over: its sign is not written,
and the application takes it up. So a statement for many waits for nobody, and two processes that
write for the same people never wait for each other.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Engine,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from models import StudyInterval
from services.accounts import holds_session
from services.growing_rule import Grown, Signs, grown, may_grow
from services.transactions_alone import Alone

BY_INDEX = ("enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off")
"""PostgreSQL takes a handful of signs for a hundred, and reads small tables whole for so many."""
_ASKED = (
    func.jsonb_to_recordset(cast(bindparam("signs", type_=Text), JSONB))
    .table_valued(
        column("person", BigInteger),
        column("view", BigInteger),
        column("kind", Text),
        column("seq", BigInteger),
        column("earliest", DateTime(timezone=True)),
        column("now", DateTime(timezone=True)),
        column("final", Boolean),
        column("token_hash", Text),
        name="asked",
    )
    .render_derived(with_types=True)
)


class PostgresqlWriter:
    """Writes the signs of one process, one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._alone = Alone(engine, *BY_INDEX)

    def write(self, signs: Signs) -> dict[int, Grown]:
        """The intervals that were grown, by person. Raises SQLAlchemyError, and wrote nothing."""
        given = {"signs": json.dumps(list(signs.values()), default=datetime.isoformat)}
        rows = self._alone.run(_GROW, given)[1]
        return {row.person_id: (row.id, row.started_at, row.ended_at) for row in rows}


def _asked(name: str) -> ColumnElement[Any]:
    return _ASKED.c[name]


_THEIRS = holds_session(StudyInterval.person_id, _asked("token_hash"))
_FREE = (
    select(StudyInterval.id)
    .where(*may_grow(_asked), _THEIRS.correlate(StudyInterval, _ASKED))
    .with_for_update(key_share=True, skip_locked=True, of=StudyInterval)
    .correlate(_ASKED)
    .lateral("free")
)
"""The interval that a sign grows and nobody else is changing; looked up for each sign by itself."""
_LOCKED = (
    select(_FREE.c.id, _ASKED.c.now, _ASKED.c.seq, _ASKED.c.final)
    .select_from(_ASKED.join(_FREE, true()))
    .cte("locked")
)
_GROW = (
    update(StudyInterval)
    .where(StudyInterval.id == _LOCKED.c.id)
    .values(grown(lambda name: _LOCKED.c[name]))
    .returning(
        StudyInterval.person_id,
        StudyInterval.id,
        StudyInterval.started_at,
        StudyInterval.ended_at,
    )
)
