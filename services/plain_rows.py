"""Plain rows for what is asked for all the time, at a fifth of the usual cost.

A statement made once is compiled once for each kind of database; after that its text goes straight
to the driver, and the columns' own types turn what comes back into values. Where somebody listens
to statements (a trace, a test that counts them), the statement takes the usual way.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Dialect,
    Select,
    Update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from extensions import db

STATEMENTS_KEPT = 256
CONNECTION = "plain_rows"
Process = Callable[[Any], Any]
Query = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Statement = Query | ReturningUpdate[*tuple[Any, ...]] | Update


def read(statement: Query, given: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement made once, in the session's transaction, after what is pending.

    Rows are tuples with the names of the columns; nothing is loaded into the session.
    """
    return _run(statement, given)


def change(statement: ReturningUpdate[*tuple[Any, ...]], given: Mapping[str, Any]) -> Sequence[Any]:
    """What an UPDATE made once returns of the rows it changed; otherwise as `read`.

    What the session has loaded of these rows stays as it was. Where no row was changed, none stays
    locked: PostgreSQL keeps one locked that the UPDATE waited for and then found to be another. Who
    goes on to take locks in a fixed order must not hold it: two who did have waited for each other.
    """
    if db.engine.dialect.name == "sqlite":
        return _run(statement, given)
    savepoint = db.session.begin_nested()
    rows = _run(statement, given)
    if rows:
        savepoint.commit()
    else:
        savepoint.rollback()
    return rows


def _run(statement: Statement, given: Mapping[str, Any]) -> Sequence[Any]:
    session = db.session()
    session.flush()
    connection = _connection(session)
    if connection.dispatch.before_cursor_execute:
        return connection.execute(statement, given).all()
    prepared = prepare(statement, connection.dialect)
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
class Prepared:
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
def prepare(statement: Statement, dialect: Dialect) -> Prepared:
    """A statement for this kind of database, made once."""
    compiled = statement.compile(dialect=dialect)
    columns = statement.exported_columns
    binds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    results = [column.type.dialect_impl(dialect) for column in columns]
    return Prepared(
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
        row_type=_row_type([str(column.key) for column in columns]),
    )


def _row_type(names: list[str]) -> Any:
    return namedtuple("Row", names, rename=True) if names else None


def _text(text: str) -> str:
    if "POSTCOMPILE" in text:
        raise ValueError("a list of values is written into the text anew each time")
    return text


def _fetch(connection: Connection, prepared: Prepared, given: Mapping[str, Any]) -> Any:
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
    return as_library_error(dialect, text, error)


def as_library_error(dialect: Dialect, text: str, error: Any) -> Any:
    """The library's exception for one of the driver's."""
    return DBAPIError.instance(text, {}, error, dialect.loaded_dbapi.Error, dialect=dialect)
