"""How SQLite is opened: durable, strict about foreign keys, transactions begun on purpose."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

BUSY_TIMEOUT_MS = 10_000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "foreign_keys=ON",
)


def configure_sqlite(engine: Engine, may_write: Callable[[], bool]) -> None:
    """Set the pragmas on every connection and begin each transaction by `may_write`.

    A transaction that may write begins IMMEDIATE, so that it waits for its turn instead of
    failing half-way with "database is locked"; one that only reads begins DEFERRED. The engine
    option `sqlite_begin` of an execution overrides the choice.
    """

    @event.listens_for(engine, "connect")
    def _open(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        for pragma in PRAGMAS:
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        chosen = connection.get_execution_options().get("sqlite_begin")
        kind = chosen or ("IMMEDIATE" if may_write() else "DEFERRED")
        connection.connection.cursor().execute(f"BEGIN {kind}")
