"""Plain rows for what is asked for all the time, at a fifth of the usual cost.

A statement made once is compiled once for each kind of database; after that its text goes straight
to the driver, and the columns' own types turn what comes back into values. Where somebody listens
to statements (a trace, a test that counts them), the statement takes the usual way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import CompoundSelect, Connection, Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from extensions import db

STATEMENTS_KEPT = 256
CONNECTION = "plain_rows"
Process = Callable[[Any], Any]
Query = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Statement = Query | ReturningUpdate[*tuple[Any, ...]]


def read(statement: Query, given: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement made once, in the session's transaction, after what is pending.

    Rows are tuples with the names of the columns; nothing is loaded into the session.
    """
    return _run(statement, given)


def change(statement: ReturningUpdate[*tuple[Any, ...]], given: Mapping[str, Any]) -> Sequence[Any]:
    """What an UPDATE made once returns of the rows it changed; otherwise as `read`.

    What the session has loaded of these rows stays as it was.
    """
    return _run(statement, given)


def change_alone(
    engine: Engine, statement: ReturningUpdate[*tuple[Any, ...]], given: Mapping[str, Any]
) -> Sequence[Any]:
    """As `change`, but committed when it returns: a transaction of its own, of no session."""
    if engine.dispatch.before_cursor_execute:
        with engine.begin() as connection:
            return connection.execute(statement, given).all()
    prepared = _prepare(statement, engine.dialect)
    pooled = engine.raw_connection()
    try:
        with _committing_by_itself(pooled.driver_connection, engine.dialect):
            cursor = pooled.cursor()
            cursor.execute(prepared.text, prepared.parameters(given))
            return [prepared.make_row(row) for row in cursor.fetchall()]
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, pooled, None):
            pooled.invalidate(error)
        raise _as_library_error(engine.dialect, prepared.text, error) from error
    finally:
        pooled.close()


@contextmanager
def _committing_by_itself(driver: Any, dialect: Dialect) -> Iterator[None]:
    """SQLite's connections do so where no transaction is begun (models/sqlite.py)."""
    if dialect.name == "sqlite":
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False


def _run(statement: Statement, given: Mapping[str, Any]) -> Sequence[Any]:
    session = db.session()
    session.flush()
    connection = _connection(session)
    if connection.dispatch.before_cursor_execute:
        return connection.execute(statement, given).all()
    prepared = _prepare(statement, connection.dialect)
    return [prepared.make_row(row) for row in _fetch(connection, prepared, given)]


def _connection(session: Session) -> Connection:
    """The connection of the session's transaction, asked for once in each."""
    transaction = session.get_transaction()
    of, connection = session.info.get(CONNECTION, (None, None))
    if transaction is None or of is not transaction or not transaction.is_active:
        connection = session.connection()
        session.info[CONNECTION] = (session.get_transaction(), connection)
    return cast(Connection, connection)


@dataclass(frozen=True)
class _Prepared:
    """A statement as text for the driver, with what turns values into parameters and back."""

    text: str
    fixed: Mapping[str, Any]
    to_driver: tuple[tuple[str, Process], ...]
    order: tuple[str, ...] | None
    from_driver: tuple[tuple[int, Process], ...]
    row_type: Any

    def parameters(self, given: Mapping[str, Any]) -> Any:
        values = {**self.fixed, **given}
        for name, process in self.to_driver:
            values[name] = process(values[name])
        return values if self.order is None else [values[name] for name in self.order]

    def make_row(self, values: Sequence[Any]) -> Any:
        found = list(values)
        for place, process in self.from_driver:
            found[place] = process(found[place])
        return self.row_type(*found)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _prepare(statement: Statement, dialect: Dialect) -> _Prepared:
    compiled = statement.compile(dialect=dialect)
    columns = statement.exported_columns
    binds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    results = [column.type.dialect_impl(dialect) for column in columns]
    return _Prepared(
        text=_text(str(compiled)),
        fixed={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
        to_driver=tuple(
            (name, process)
            for name, kind in binds.items()
            if (process := kind.bind_processor(dialect))
        ),
        order=tuple(compiled.positiontup) if compiled.positiontup is not None else None,
        from_driver=tuple(
            (place, process)
            for place, kind in enumerate(results)
            if (process := kind.result_processor(dialect, None))
        ),
        row_type=namedtuple("Row", [str(column.key) for column in columns], rename=True),
    )


def _text(text: str) -> str:
    if "POSTCOMPILE" in text:
        raise ValueError("a list of values is written into the text anew each time")
    return text


def _fetch(connection: Connection, prepared: _Prepared, given: Mapping[str, Any]) -> Any:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(prepared.text, prepared.parameters(given))
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _in_library_terms(connection, prepared.text, error) from error
    finally:
        cursor.close()


def _in_library_terms(connection: Connection, text: str, error: Any) -> Any:
    """The library's exception for the driver's; a lost connection is given up."""
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection, None):
        connection.invalidate(error)
    return _as_library_error(dialect, text, error)


def _as_library_error(dialect: Dialect, text: str, error: Any) -> Any:
    return DBAPIError.instance(text, {}, error, dialect.loaded_dbapi.Error, dialect=dialect)
