"""Signs of presence that come at the same time are written by one statement, with one commit.

One process at a time may write in SQLite, so that what holds it must be short. Whoever finds
nobody at work writes for all who wait, and these find theirs done. The statement is one step of
the driver, which begins, writes and commits without coming back to Python; what was written is
read after that.
"""

import json
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Engine, bindparam, func, literal_column, select
from sqlalchemy.dialects import sqlite

from models import StudyInterval
from models.base import UtcDateTime
from services import transactions_alone
from services.accounts import holds_session
from services.growing_rule import growing, whose

ENGINES_KEPT, INSTANTS_KEPT, INTERVALS_KEPT = 4, 256, 16_384
GIVEN = ("person", "view", "kind", "seq", "earliest", "now", "final", "token_hash")
Grown = tuple[int, datetime, datetime]
"""An interval's number, its start and its end."""
Known = tuple[int, datetime]
"""An interval's number and its start, which never change."""
NOT_KNOWN = (None,)
_STORED: Any = UtcDateTime().dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())


def grow(engine: Engine, given: Mapping[str, Any]) -> Grown | None:
    """Grow an open interval as `given` says (GIVEN); None, and nothing written, if it does not.

    Committed when it returns. Of two signs of one person at once the second is not written.
    Raises SQLAlchemyError where the database refused; those who waited are told None.
    """
    line, waiting = _line(engine), _Waiting(given)
    line.waiting.append(waiting)
    with line.one_writes:
        if not waiting.is_done:
            line.write_all()
    return waiting.grown


@dataclass(eq=False)
class _Waiting:
    """A sign that waits to be written."""

    given: Mapping[str, Any]
    grown: Grown | None = None
    is_done: bool = False


class _Line:
    """The signs of one process that wait for one database."""

    def __init__(self, engine: Engine) -> None:
        self.one_writes = Lock()
        self.waiting: deque[_Waiting] = deque()
        self._alone = transactions_alone.Alone(engine)
        self._known: OrderedDict[int, Known] = OrderedDict()

    def write_all(self) -> None:
        """Write for all who wait now. Whoever comes later finds the lock taken, and stays."""
        signs = [self.waiting.popleft() for _ in range(len(self.waiting))]
        of_person = {sign.given["person"]: sign for sign in reversed(signs)}
        try:
            self._write(of_person)
        finally:
            for sign in signs:
                sign.is_done = True

    def _write(self, of_person: dict[int, "_Waiting"]) -> None:
        known = {person: self._known.get(sign.given["view"]) for person, sign in of_person.items()}
        given = {"signs": _as_text(of_person, known)}
        changed, _ = self._alone.run(_GROW, given)
        if changed != len(of_person) or None in known.values():
            known = self._read(given, of_person)
        for person, interval in known.items():
            if interval is not None:
                sign = of_person[person]
                sign.grown = (*interval, sign.given["now"])

    def _read(
        self, given: dict[str, str], of_person: dict[int, "_Waiting"]
    ) -> dict[int, Known | None]:
        """The intervals that were grown, kept for their next signs; the others are forgotten."""
        for sign in of_person.values():
            self._known.pop(sign.given["view"], None)
        grown: dict[int, Known | None] = {}
        for row in self._alone.run(_GROWN, given)[1]:
            grown[row.person_id] = self._known[row.page_view_id] = (row.id, row.started_at)
        while len(self._known) > INTERVALS_KEPT:
            self._known.popitem(last=False)
        return grown


def _as_text(of_person: dict[int, "_Waiting"], known: dict[int, Known | None]) -> str:
    """What is given of each, as the database keeps it."""
    return json.dumps(
        [
            [*(_as_kept(sign.given[name]) for name in GIVEN), (known[person] or NOT_KNOWN)[0]]
            for person, sign in of_person.items()
        ]
    )


def _as_kept(value: object) -> object:
    return _instant(value) if isinstance(value, datetime) else value


@lru_cache(maxsize=INSTANTS_KEPT)
def _instant(value: datetime) -> str:
    return str(_STORED(value))


@lru_cache(maxsize=ENGINES_KEPT)
def _line(engine: Engine) -> _Line:
    return _Line(engine)


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
