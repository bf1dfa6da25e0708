"""Many requests at once, on an installation of their own: these tests commit from threads."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask

from app import create_app
from config import Settings
from extensions import db
from tests.conftest import Installation, close, make_database, test_settings

T = TypeVar("T")


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of this test's own, copied from one that was installed."""
    pattern: Settings = request.getfixturevalue(f"{request.param}_pattern")
    own, address = tmp_path / "data", ""
    shutil.copytree(pattern.data, own)
    if request.param == "postgresql":
        address = make_database(pattern.database_url, tmp_path.name, "pattern")
    made = Installation(create_app(test_settings(own, address)), own)
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
