"""A change in a transaction of its own: committed when it returns, on both databases."""

from collections.abc import Iterator
from pathlib import Path

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

from models.sqlite import configure_sqlite
from services.plain_rows import change_alone
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
