"""A change in a transaction of its own: committed when it returns, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    bindparam,
    create_engine,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from models.sqlite import BUSY_TIMEOUT_MS, configure_sqlite
from services import transactions_alone
from services.transactions_alone import Alone, AloneOnSqlite
from tests.conftest import make_database

THING = Table("thing", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer))
COUNT = (
    update(THING).where(THING.c.id == bindparam("of")).values(n=THING.c.n + 1).returning(THING.c.n)
)
END_ALL_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the test's own with one row."""
    yield from _engine(request, tmp_path, request.param)


@pytest.fixture
def sqlite_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from _engine(request, tmp_path, "sqlite")


@pytest.fixture
def postgresql_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from _engine(request, tmp_path, "postgresql")


def _engine(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> Iterator[Engine]:
    if kind == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'alone.sqlite3'}")
        configure_sqlite(made, lambda: True)
    else:
        address = make_database(request.getfixturevalue("postgresql_url"), tmp_path.name)
        made = create_engine(address, poolclass=NullPool)
    with made.begin() as connection:
        THING.metadata.drop_all(connection)
        THING.metadata.create_all(connection)
        connection.execute(insert(THING).values(id=1, n=0))
    yield made
    made.dispose()


@pytest.fixture
def alone(engine: Engine) -> Iterator[Alone]:
    made = AloneOnSqlite(engine) if engine.dialect.name == "sqlite" else Alone(engine)
    yield made
    made._cursor.connection.close()


@pytest.fixture
def alone_by_index(postgresql_engine: Engine) -> Iterator[Alone]:
    made = Alone(postgresql_engine, "enable_seqscan = off")
    yield made
    made._cursor.connection.close()


def read(engine: Engine) -> int:
    with engine.connect() as other:
        return int(other.execute(select(THING.c.n)).scalar_one())


def test_it_is_committed_when_it_returns_and_tells_what_was_changed(
    engine: Engine, alone: Alone
) -> None:
    assert alone.run(COUNT, {"of": 1}) == (1, [(1,)])
    assert read(engine) == 1
    assert alone.run(update(THING).values(n=7), {}) == (1, [])
    assert read(engine) == 7
    assert alone.run(COUNT, {"of": 2}) == (0, [])


def test_a_statement_that_was_refused_leaves_the_connection_as_it_was(
    engine: Engine, alone: Alone
) -> None:
    with pytest.raises(DBAPIError):
        alone.run(insert(THING).values(id=1, n=0).returning(THING.c.n), {})
    assert alone.run(COUNT, {"of": 1}) == (1, [(1,)])
    assert read(engine) == 1


def test_a_lost_connection_is_told_and_the_next_one_is_fresh(
    postgresql_engine: Engine, alone_by_index: Alone
) -> None:
    alone = alone_by_index
    alone.run(COUNT, {"of": 1})
    with postgresql_engine.connect() as other:
        other.execute(END_ALL_OTHERS)
    with pytest.raises(DBAPIError):
        alone.run(COUNT, {"of": 1})
    assert alone.run(COUNT, {"of": 1}) == (1, [(2,)])
    assert read(postgresql_engine) == 2


def test_a_database_that_is_away_is_told_as_any_other_refusal() -> None:
    away = create_engine("postgresql+psycopg://127.0.0.1:1/nothing", poolclass=NullPool)
    with pytest.raises(DBAPIError):
        Alone(away).run(COUNT, {"of": 1})


def test_settings_are_those_of_its_own_connection(
    postgresql_engine: Engine, alone_by_index: Alone
) -> None:
    how = select(func.current_setting("enable_seqscan").label("how"))
    assert alone_by_index.run(how, {})[1] == [("off",)]
    with postgresql_engine.connect() as other:
        assert other.execute(how).scalar_one() == "on"


def test_a_kept_connection_waits_for_another_writer(sqlite_engine: Engine) -> None:
    alone, asked = AloneOnSqlite(sqlite_engine), Event()
    alone.run(select(THING.c.n), {})
    with sqlite_engine.begin() as other, ThreadPoolExecutor(1) as threads:
        other.execute(update(THING).values(n=5))
        alone._cursor = Noting(alone._cursor, asked)
        waiting = threads.submit(alone.run, COUNT, {"of": 1})
        assert asked.wait(60)
        assert not waiting.done()
        other.commit()
        assert waiting.result(60)[1][0].n == 6
    assert read(sqlite_engine) == 6


class Noting:
    """A cursor that tells when it has asked twice: the first time the database was busy."""

    def __init__(self, cursor: Any, asked: Event) -> None:
        self._cursor, self._asked, self._times = cursor, asked, 0

    def execute(self, *given: Any) -> None:
        self._times += 1
        if self._times == 2:
            self._asked.set()
        self._cursor.execute(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def test_a_writer_that_waits_too_long_is_told(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions_alone, "BUSY_TIMEOUT_MS", 5)
    with sqlite_engine.begin() as other:
        other.execute(update(THING).values(n=5))
        with pytest.raises(DBAPIError, match="locked"):
            AloneOnSqlite(sqlite_engine).run(COUNT, {"of": 1})


def test_the_other_connections_keep_their_patience(sqlite_engine: Engine) -> None:
    AloneOnSqlite(sqlite_engine).run(select(THING.c.n), {})
    for _ in range(3):
        with sqlite_engine.connect() as connection:
            patience = connection.execute(text("PRAGMA busy_timeout")).scalar_one()
            assert patience == BUSY_TIMEOUT_MS
