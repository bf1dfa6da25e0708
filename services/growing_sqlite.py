"""Signs of presence written together on SQLite.

One process at a time may write, so that what holds it must be short. The statement is one step of
the driver, which begins, writes and commits without coming back to Python; what was written is
read after that.
"""

import json
from collections import OrderedDict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Engine, bindparam, func, literal_column, select
from sqlalchemy.dialects import sqlite

from models import StudyInterval
from models.base import UtcDateTime
from services.accounts import holds_session
from services.growing_rule import GIVEN, Grown, Signs, growing, whose
from services.transactions_alone import AloneOnSqlite

INSTANTS_KEPT, INTERVALS_KEPT = 256, 16_384
Known = tuple[int, datetime]
"""An interval's number and its start, which never change."""
NOT_KNOWN = (None,)
_STORED: Any = UtcDateTime().dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())


class SqliteWriter:
    """Writes the signs of one process, one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._alone = AloneOnSqlite(engine)
        self._known: OrderedDict[int, Known] = OrderedDict()

    def write(self, signs: Signs) -> dict[int, Grown]:
        """The intervals that were grown, by person. Raises SQLAlchemyError, and wrote nothing."""
        known = {person: self._known.get(sign["view"]) for person, sign in signs.items()}
        given = {"signs": _as_text(signs, known)}
        changed, _ = self._alone.run(_GROW, given)
        if changed != len(signs) or None in known.values():
            known = self._read(given, signs)
        return {
            person: (*interval, signs[person]["now"])
            for person, interval in known.items()
            if interval is not None
        }

    def _read(self, given: dict[str, str], signs: Signs) -> dict[int, Known | None]:
        """The intervals that were grown, kept for their next signs; the others are forgotten."""
        for sign in signs.values():
            self._known.pop(sign["view"], None)
        grown: dict[int, Known | None] = {}
        for row in self._alone.run(_GROWN, given)[1]:
            grown[row.person_id] = self._known[row.page_view_id] = (row.id, row.started_at)
        while len(self._known) > INTERVALS_KEPT:
            self._known.popitem(last=False)
        return grown


def _as_text(signs: Signs, known: dict[int, Known | None]) -> str:
    """What is given of each, as the database keeps it."""
    return json.dumps(
        [
            [*(_as_kept(sign[name]) for name in GIVEN), (known[person] or NOT_KNOWN)[0]]
            for person, sign in signs.items()
        ]
    )


def _as_kept(value: object) -> object:
    return _instant(value) if isinstance(value, datetime) else value


@lru_cache(maxsize=INSTANTS_KEPT)
def _instant(value: datetime) -> str:
    return str(_STORED(value))


_ASKED = func.json_each(bindparam("signs")).table_valued("value", name="asked")


def _asked(name: str) -> ColumnElement[Any]:
    place = (*GIVEN, "interval").index(name)
    return func.json_extract(_ASKED.c.value, literal_column(f"'$[{place}]'"))


_IS_KNOWN_AND_THEIRS = (
    StudyInterval.id == func.coalesce(_asked("interval"), StudyInterval.id),
    holds_session(StudyInterval.person_id, _asked("token_hash")),
)
_GROW = growing(_asked).where(*_IS_KNOWN_AND_THEIRS)
_GROWN = select(
    StudyInterval.person_id,
    StudyInterval.page_view_id,
    StudyInterval.id,
    StudyInterval.started_at,
).where(
    *whose(_asked),
    *_IS_KNOWN_AND_THEIRS,
    StudyInterval.last_seq == _asked("seq"),
    StudyInterval.ended_at == _asked("now"),
)
