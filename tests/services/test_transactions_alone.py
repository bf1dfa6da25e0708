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
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from models.sqlite import BUSY_TIMEOUT_MS, configure_sqlite
from services import transactions_alone
from services.transactions_alone import Alone, change_alone
from tests.at_once import make_database

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
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'alone.sqlite3'}")
        configure_sqlite(made, lambda: True)
    else:
        made = create_engine(
            make_database(request.getfixturevalue("postgresql_url"), tmp_path.name), pool_size=1
        )
    with made.begin() as connection:
        THING.metadata.drop_all(connection)
        THING.metadata.create_all(connection)
        connection.execute(insert(THING).values(id=1, n=0))
    yield made
    made.dispose()


def read(engine: Engine) -> int:
    with engine.connect() as other:
        return int(other.execute(select(THING.c.n)).scalar_one())


def test_it_is_committed_when_it_returns(engine: Engine) -> None:
    elsewhere = create_engine(engine.url)
    assert [tuple(row) for row in change_alone(engine, COUNT, {"of": 1})] == [(1,)]
    assert read(elsewhere) == 1
    assert change_alone(engine, COUNT, {"of": 2}) == []
    elsewhere.dispose()


def test_the_connection_begins_transactions_again_afterwards(engine: Engine) -> None:
    change_alone(engine, COUNT, {"of": 1})
    with engine.connect() as connection:
        connection.execute(update(THING).values(n=9))
        connection.rollback()
    assert read(engine) == 1


def test_a_lost_connection_is_told_and_the_next_one_is_fresh(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("a file has no connection to lose")
    change_alone(engine, COUNT, {"of": 1})
    elsewhere = create_engine(engine.url)
    with elsewhere.connect() as other:
        other.execute(END_ALL_OTHERS)
    elsewhere.dispose()
    with pytest.raises(DBAPIError):
        change_alone(engine, COUNT, {"of": 1})
    assert [tuple(row) for row in change_alone(engine, COUNT, {"of": 1})] == [(2,)]


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    configure_sqlite(made, lambda: True)
    with made.begin() as connection:
        THING.metadata.create_all(connection)
        connection.execute(insert(THING).values(id=1, n=0))
    yield made
    made.dispose()


def test_a_kept_connection_commits_and_tells_how_many_rows_were_changed(
    sqlite_engine: Engine,
) -> None:
    alone = Alone(sqlite_engine)
    assert alone.run(update(THING).values(n=7), {}) == (1, [])
    assert read(sqlite_engine) == 7
    assert [tuple(row) for row in alone.run(select(THING.c.n), {})[1]] == [(7,)]


def test_a_kept_connection_waits_for_another_writer(sqlite_engine: Engine) -> None:
    alone, asked = Alone(sqlite_engine), Event()
    alone.run(select(THING.c.n), {})
    with sqlite_engine.begin() as other, ThreadPoolExecutor(1) as threads:
        other.execute(update(THING).values(n=5))
        alone._cursor = Noting(alone._cursor, asked)
        waiting = threads.submit(alone.run, COUNT, {"of": 1})
        assert asked.wait(10)
        assert not waiting.done()
        other.commit()
        assert waiting.result(10)[1][0].n == 6
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
            Alone(sqlite_engine).run(COUNT, {"of": 1})


def test_the_other_connections_keep_their_patience(sqlite_engine: Engine) -> None:
    Alone(sqlite_engine).run(select(THING.c.n), {})
    for _ in range(3):
        with sqlite_engine.connect() as connection:
            patience = connection.execute(text("PRAGMA busy_timeout")).scalar_one()
            assert patience == BUSY_TIMEOUT_MS
