"""Signs of presence that come at the same time are written by one statement, with one commit.

Whoever finds nobody at work writes for all who wait, and these find theirs done. How they are
written is a matter of the database (`growing_sqlite`, `growing_postgresql`).
"""

from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from services.growing_postgresql import PostgresqlWriter
from services.growing_rule import Grown
from services.growing_sqlite import SqliteWriter

ENGINES_KEPT = 4


def grow(engine: Engine, given: Mapping[str, Any]) -> Grown | None:
    """Grow an open interval as `given` says (GIVEN); None, and nothing written, if it does not.

    Committed when it returns. Of two signs of one person at once the second is not written.
    Raises SQLAlchemyError where the database refused; those who waited are told None.
    """
    line, waiting = line_of(engine), Waiting(given)
    if line.stand(waiting):
        line.write_all()
    return waiting.grown


class Waiting:
    """A sign that waits to be written, and whoever brought it."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.grown: Grown | None = None
        self.is_done = False
        self.turn = Lock()
        """Held until it is done, or until it is their turn to write."""
        self.turn.acquire()


class Line:
    """The signs of one process that wait for one database."""

    def __init__(self, engine: Engine) -> None:
        is_sqlite = engine.dialect.name == "sqlite"
        self.writer = SqliteWriter(engine) if is_sqlite else PostgresqlWriter(engine)
        self.waiting: list[Waiting] = []
        self._somebody_writes = False
        self._one = Lock()

    def stand(self, waiting: Waiting) -> bool:
        """Wait until it is done, or (True) until it is one's turn to write for all who wait."""
        with self._one:
            self.waiting.append(waiting)
            if not self._somebody_writes:
                self._somebody_writes = True
                return True
        waiting.turn.acquire()
        return not waiting.is_done

    def write_all(self) -> None:
        """Write for all who wait now, let one of those who came meanwhile write, wake the others.

        Whoever is woken must first get hold of Python's own lock. So the next to write is woken
        before those who are done.
        """
        with self._one:
            signs, self.waiting = self.waiting, []
        try:
            self._write(signs)
        finally:
            for sign in signs:
                sign.is_done = True
            self._hand_over()
            for sign in signs:
                sign.turn.release()

    def _write(self, signs: list[Waiting]) -> None:
        of_person = {sign.given["person"]: sign for sign in reversed(signs)}
        grown = self.writer.write({person: sign.given for person, sign in of_person.items()})
        for person, interval in grown.items():
            of_person[person].grown = interval

    def _hand_over(self) -> None:
        with self._one:
            self._somebody_writes = bool(self.waiting)
            if self._somebody_writes:
                self.waiting[0].turn.release()


@lru_cache(maxsize=ENGINES_KEPT)
def line_of(engine: Engine) -> Line:
    """Where the signs of this process wait."""
    return Line(engine)
