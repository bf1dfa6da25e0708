"""Refuse to run on a database that could lose or change what was acknowledged."""

from sqlalchemy import Connection, inspect, text

from models.append_only import list_missing_triggers
from models.schema_version import is_at_head

SQLITE_FULL = 2


class UnsafeDatabase(Exception):
    """The database's settings could lose acknowledged writes, or a guard is missing."""


def refuse_unsafe(connection: Connection) -> None:
    """Raise UnsafeDatabase unless commits are durable and append-only guards are in place.

    Measured: SQLite in WAL mode with `synchronous=NORMAL` lost acknowledged commits in most
    simulated power cuts, with FULL in none (docs/decisions/0002-durability.md). Guards are
    compared once the database is migrated: a newer program may name some that are not made yet,
    and must be able to start in order to make them.
    """
    faults = (
        _sqlite_faults(connection)
        if connection.dialect.name == "sqlite"
        else _postgresql_faults(connection)
    )
    if is_at_head(connection):
        faults += [f"the guard {name} is missing" for name in list_missing_triggers(connection)]
        faults += _open_passes(connection)
    if faults:
        raise UnsafeDatabase("The database is not safe to run on: " + "; ".join(faults) + ".")


def _open_passes(connection: Connection) -> list[str]:
    """A pass that lets guards step aside never outlives its transaction, unless by hand."""
    if not inspect(connection).has_table("retention_pass"):
        return []
    is_open = connection.execute(text("SELECT 1 FROM retention_pass")).first() is not None
    return ["the guards against deletion are off (retention_pass is not empty)"] * is_open


def _sqlite_faults(connection: Connection) -> list[str]:
    expected = {"journal_mode": ("wal",), "synchronous": (SQLITE_FULL, 3), "foreign_keys": (1,)}
    found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
    return [f"{name} is {found[name]}" for name in expected if found[name] not in expected[name]]


def _postgresql_faults(connection: Connection) -> list[str]:
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    found = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in settings}
    return [f"{name} is off" for name in settings if found[name] == "off"]
