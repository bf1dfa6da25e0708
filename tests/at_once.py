"""Many requests at once, on an installation of their own: these tests commit from threads."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
import sqlalchemy
from flask import Flask

from extensions import db
from tests.conftest import close, install, test_settings

T = TypeVar("T")


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of this test's own."""
    address = ""
    if request.param == "postgresql":
        address = make_database(request.getfixturevalue("postgresql_url"), tmp_path.name)
    made = install(test_settings(tmp_path / "data", address))
    yield made.app
    close(made)


def at_once(app: Flask, times: int, work: Callable[[int], T]) -> list[T]:
    """Run the work in as many threads, each in its own transaction, and commit it."""
    together = Barrier(times)

    def run(number: int) -> T:
        with app.app_context():
            together.wait()
            done = work(number)
            db.session.commit()
            return done

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def make_database(address: str, name: str) -> str:
    """A database of this test's own on the tests' server; its address."""
    server = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
    fresh = "".join(c for c in name.lower() if c.isalnum())
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {fresh}"))
    server.dispose()
    return sqlalchemy.make_url(address).set(database=fresh).render_as_string(hide_password=False)
