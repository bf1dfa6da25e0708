"""Alembic's environment: one connection, safe batch mode on SQLite, guards made anew."""

from alembic import context
from flask import current_app
from sqlalchemy import JSON, Connection

from models.append_only import create_triggers
from models.base import UtcDateTime
from models.search import SEARCH_TABLE

database = current_app.extensions["migrate"].db


def run_migrations(connection: Connection) -> None:
    """Migrate with foreign keys off on SQLite (a batch change of a parent would delete its
    children through ON DELETE CASCADE), check them, then create every guard anew: a batch
    change drops the guards of its table."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _set_foreign_keys(connection, "OFF")
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
        render_item=_render_item,
        include_name=_is_ours,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
            create_triggers(connection)
            if sqlite:
                _check_foreign_keys(connection)
    finally:
        if sqlite:
            _set_foreign_keys(connection, "ON")


def _render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own types under their names in migrations."""
    if kind == "type" and isinstance(item, JSON):
        return "models.base.JsonDocument"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "models.base.UtcDateTime()"
    return False


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index and what SQLite keeps for it are made by a migration, not by models."""
    return kind != "table" or not (name or "").startswith(SEARCH_TABLE)


def _set_foreign_keys(connection: Connection, state: str) -> None:
    connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={state}")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"the migration leaves broken references: {broken[:5]}")


with database.engine.connect() as open_connection:
    run_migrations(open_connection)
