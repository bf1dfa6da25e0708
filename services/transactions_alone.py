"""Statements in transactions of their own, of no session: committed when they return.

As in `plain_rows` their text goes straight to the driver, but where somebody listens to statements.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Dialect, Engine, PoolProxiedConnection
from sqlalchemy.sql.dml import ReturningUpdate

from models.sqlite import BUSY_TIMEOUT_MS
from services.plain_rows import Statement, as_library_error, prepare

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.0001, 0.003
PRIMARY_CODE = 0xFF
"""Of SQLite's error codes, the part that names the kind."""


def change_alone(
    engine: Engine, statement: ReturningUpdate[*tuple[Any, ...]], given: Mapping[str, Any]
) -> Sequence[Any]:
    """As `plain_rows.change`, but committed when it returns."""
    if engine.dispatch.before_cursor_execute:
        return _run_in_transaction(engine, statement, given)[1]
    prepared = prepare(statement, engine.dialect)
    pooled = engine.raw_connection()
    try:
        with _committing_by_itself(pooled.driver_connection, engine.dialect):
            cursor = pooled.cursor()
            cursor.execute(prepared.text, prepared.parameters(given))
            return [prepared.make_row(row) for row in cursor.fetchall()]
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, cast(Any, pooled), None):
            pooled.invalidate(error)
        raise as_library_error(engine.dialect, prepared.text, error) from error
    finally:
        pooled.close()


class Alone:
    """A connection kept for statements that are each committed when they return.

    For SQLite, whose connections do so where no transaction is begun (models/sqlite.py); of no
    session, and for one thread at a time. Where another process writes, it asks again after a
    fraction of a millisecond: SQLite's own first pause is longer than most changes take.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._own: PoolProxiedConnection | None = None
        self._cursor: Any = None

    def run(self, statement: Statement, given: Mapping[str, Any]) -> tuple[int, Sequence[Any]]:
        """How many rows were changed, and the rows returned. Raises SQLAlchemyError."""
        if self._engine.dispatch.before_cursor_execute:
            return _run_in_transaction(self._engine, statement, given)
        if self._cursor is None:
            self._open()
        prepared = prepare(statement, self._engine.dialect)
        self._execute(prepared.text, prepared.parameters(given))
        rows = (
            [prepared.make_row(row) for row in self._cursor.fetchall()] if prepared.row_type else []
        )
        return self._cursor.rowcount, rows

    def _open(self) -> None:
        self._own = self._engine.raw_connection()
        self._own.detach()
        self._cursor = self._own.cursor()
        self._cursor.execute("PRAGMA busy_timeout=0")

    def _execute(self, text: str, parameters: Any) -> None:
        until, pause_s = time.monotonic() + BUSY_TIMEOUT_MS / 1000, SHORTEST_PAUSE_S
        while True:
            try:
                self._cursor.execute(text, parameters)
                return
            except sqlite3.Error as error:
                if not _is_busy(error) or time.monotonic() > until:
                    raise as_library_error(self._engine.dialect, text, error) from error
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE == sqlite3.SQLITE_BUSY


def _run_in_transaction(
    engine: Engine, statement: Statement, given: Mapping[str, Any]
) -> tuple[int, Sequence[Any]]:
    with engine.begin() as connection:
        result = connection.execute(statement, given)
        return result.rowcount, result.all() if result.returns_rows else []


@contextmanager
def _committing_by_itself(driver: Any, dialect: Dialect) -> Iterator[None]:
    """SQLite's connections do so already (see Alone)."""
    if dialect.name == "sqlite":
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False
