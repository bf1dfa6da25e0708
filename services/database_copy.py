"""The whole database copied out to files as of one moment, and copied in again.

SQLite: its own online backup, one file. PostgreSQL: one COPY file a table, all read in one
REPEATABLE READ transaction; no other program and no superuser is needed.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from domain.audit_chain import START
from extensions import db

SQLITE_FILE = "database.sqlite3"
PAGES_A_STEP = 4096
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Copied:
    """The files of a copy, and what was in the database at that moment."""

    files: list[Path]
    migration: str
    rows: dict[str, int]
    audit_head: tuple[int, str]


def copy_out(folder: Path) -> Copied:
    """Copy the database into files below `folder`, while others write."""
    if db.engine.dialect.name == "sqlite":
        return _copy_sqlite_out(folder)
    return _copy_postgresql_out(folder)


def copy_in(folder: Path, make_tables: Callable[[], None]) -> None:
    """Fill the empty database from the files of a copy; `make_tables` migrates to its version."""
    if db.engine.dialect.name == "sqlite":
        _copy_sqlite_in(folder / SQLITE_FILE)
    else:
        _copy_postgresql_in(folder, make_tables)


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = db.inspect(connection).get_table_names()
    return {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608 - names of our own tables
        for name in sorted(names)
    }


def _copy_sqlite_out(folder: Path) -> Copied:
    target = folder / SQLITE_FILE
    with sqlite3.connect(target) as copy:
        raw = db.engine.raw_connection()
        try:
            raw.driver_connection.backup(copy, pages=PAGES_A_STEP)  # type: ignore[union-attr]
        finally:
            raw.close()
    copy.close()
    engine = db.create_engine(f"sqlite:///{target}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=DELETE"))
        copied = _copied([target], connection)
    engine.dispose()
    return copied


def _copy_postgresql_out(folder: Path) -> Copied:
    with db.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        rows = count_rows(connection)
        cursor = connection.connection.cursor()
        for name in rows:
            statement = f'COPY "{name}" ({_columns(connection, name)}) TO STDOUT'
            with (folder / f"{name}.copy").open("wb") as file, cursor.copy(statement) as out:
                for chunk in out:
                    file.write(chunk)
        found = _copied([folder / f"{name}.copy" for name in rows], connection)
        connection.rollback()
    return found


def _copied(files: list[Path], connection: Connection) -> Copied:
    head = connection.execute(text("SELECT number, hash FROM audit_head")).first()
    return Copied(
        files=files,
        migration=connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
        rows=count_rows(connection),
        audit_head=(head.number, head.hash) if head else (0, START),
    )


def _copy_sqlite_in(source: Path) -> None:
    """Put the file in the place of the empty database."""
    target = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    for leftover in ("-wal", "-shm"):
        Path(f"{target}{leftover}").unlink(missing_ok=True)
    source.replace(target)


def _copy_postgresql_in(folder: Path, make_tables: Callable[[], None]) -> None:
    """Make the tables as of the copy, then fill them in one transaction.

    References are taken away meanwhile and checked when they are put back: tables refer to each
    other in a circle, so no order of filling would satisfy them all.
    """
    make_tables()
    with db.engine.begin() as connection:
        names = sorted(path.stem for path in folder.glob("*.copy"))
        references = _take_references(connection)
        for name in names:
            connection.execute(text(f'TRUNCATE "{name}" CASCADE'))
        for name in names:
            _set_triggers(connection, name, "DISABLE")
            _fill(connection.connection.cursor(), name, _columns(connection, name), folder)
        for name in names:
            _set_triggers(connection, name, "ENABLE")
        for table, reference, definition in references:
            connection.execute(
                text(f'ALTER TABLE "{table}" ADD CONSTRAINT "{reference}" {definition}')
            )
        _set_sequences(connection, names)


def _take_references(connection: Connection) -> list[tuple[str, str, str]]:
    query = text(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    found = [(row[0].strip('"'), row[1], row[2]) for row in connection.execute(query)]
    for table, reference, _ in found:
        connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT "{reference}"'))
    return found


def _set_triggers(connection: Connection, name: str, state: str) -> None:
    """Triggers that fill other tables would write a second time what the copy holds."""
    connection.execute(text(f'ALTER TABLE "{name}" {state} TRIGGER USER'))


def _fill(cursor: Any, name: str, columns: str, folder: Path) -> None:
    statement = f'COPY "{name}" ({columns}) FROM STDIN'
    with (folder / f"{name}.copy").open("rb") as file, cursor.copy(statement) as into:
        while chunk := file.read(CHUNK_BYTES):
            into.write(chunk)


def _columns(connection: Connection, name: str) -> str:
    """The columns that hold data of their own, quoted; generated ones are made again."""
    query = text(
        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:name AS regclass)"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attname"
    )
    names: Iterable[str] = connection.execute(query, {"name": f'"{name}"'}).scalars()
    return ", ".join(f'"{column}"' for column in names)


def _set_sequences(connection: Connection, names: Iterable[str]) -> None:
    for name in names:
        sequence = connection.execute(
            text(
                "SELECT pg_get_serial_sequence(:quoted, 'id') FROM pg_attribute"
                " WHERE attrelid = CAST(:quoted AS regclass) AND attname = 'id'"
            ),
            {"quoted": f'"{name}"'},
        ).scalar()
        if sequence:
            highest = f'SELECT COALESCE(max(id), 0) + 1 FROM "{name}"'  # noqa: S608 - our own table
            connection.execute(text(f"SELECT setval('{sequence}', ({highest}), false)"))
