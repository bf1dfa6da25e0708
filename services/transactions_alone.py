"""Statements in transactions of their own, of no session: committed when they return.

As in `plain_rows` their text goes straight to the driver, but where somebody listens to statements.
"""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from models.sqlite import BUSY_TIMEOUT_MS
from services.plain_rows import Prepared, Statement, as_library_error, prepare

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.0001, 0.003
PRIMARY_CODE = 0xFF
"""Of SQLite's error codes, the part that names the kind."""


class Alone:
    """A connection kept for statements that are each committed when they return.

    Of no session, and for one thread at a time. Opened when it is first needed, and anew after it
    was lost: the statement that finds it so is refused.
    """

    def __init__(self, engine: Engine, *settings: str) -> None:
        """`settings`: what this connection is told by SET when it is opened."""
        self._engine = engine
        self._settings = settings
        self._cursor: Any = None

    def run(self, statement: Statement, given: Mapping[str, Any]) -> tuple[int, Sequence[Any]]:
        """How many rows were changed, and the rows returned. Raises SQLAlchemyError."""
        if self._engine.dispatch.before_cursor_execute:
            return _run_in_transaction(self._engine, statement, given)
        prepared = prepare(statement, self._engine.dialect)
        try:
            if self._cursor is None:
                self._cursor = self._open()
            return self._fetch(prepared, given)
        except self._engine.dialect.loaded_dbapi.Error as error:
            self._forget_what_is_lost()
            raise as_library_error(self._engine.dialect, prepared.text, error) from error

    def _fetch(self, prepared: Prepared, given: Mapping[str, Any]) -> tuple[int, Sequence[Any]]:
        self._execute(prepared.text, prepared.parameters(given))
        fetched = self._cursor.fetchall() if prepared.row_type else []
        return self._cursor.rowcount, [prepared.make_row(row) for row in fetched]

    def _open(self) -> Any:
        """The cursor of a connection that no pool takes back."""
        pooled = self._engine.raw_connection()
        driver: Any = pooled.driver_connection
        pooled.detach()
        self._set_up(driver)
        return driver.cursor()

    def _set_up(self, driver: Any) -> None:
        driver.autocommit = True
        for setting in self._settings:
            driver.execute(f"SET {setting}")

    def _execute(self, text: str, parameters: Any) -> None:
        self._cursor.execute(text, parameters)

    def _forget_what_is_lost(self) -> None:
        if self._cursor is not None and self._cursor.connection.closed:
            self._cursor = None


class AloneOnSqlite(Alone):
    """On SQLite, whose connections commit where no transaction is begun (models/sqlite.py).

    Where another process writes, it asks again after a fraction of a millisecond: SQLite's own
    first pause is longer than most changes take.
    """

    def _set_up(self, driver: Any) -> None:
        driver.execute("PRAGMA busy_timeout=0")

    def _execute(self, text: str, parameters: Any) -> None:
        until, pause_s = time.monotonic() + BUSY_TIMEOUT_MS / 1000, SHORTEST_PAUSE_S
        while True:
            try:
                self._cursor.execute(text, parameters)
                return
            except sqlite3.Error as error:
                if not _is_busy(error) or time.monotonic() > until:
                    raise
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _forget_what_is_lost(self) -> None:
        """A file is not lost."""


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE == sqlite3.SQLITE_BUSY


def _run_in_transaction(
    engine: Engine, statement: Statement, given: Mapping[str, Any]
) -> tuple[int, Sequence[Any]]:
    with engine.begin() as connection:
        result = connection.execute(statement, given)
        return result.rowcount, result.all() if result.returns_rows else []
