"""Signs written together on PostgreSQL, by connections and commits as in production."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, select, text, update
from sqlalchemy.pool import NullPool

from domain.time_record import Evidence
from extensions import db
from models import LoginSession, StudyInterval
from services import accounts, growing
from services.growing import Sent
from services.growing_postgresql import PostgresqlWriter
from tests.at_once import own_app
from tests.factories import make_enrollment, make_person
from tests.services.test_time_record import Tab, at

__all__ = ["own_app"]
pytestmark = pytest.mark.parametrize("own_app", ["postgresql"], indirect=True)
Signs = dict[int, dict[str, object]]


@pytest.fixture
def engine(own_app: Flask) -> Iterator[Engine]:
    with own_app.app_context():
        made = create_engine(
            db.engine.url, poolclass=NullPool, connect_args={"options": "-c lock_timeout=5000"}
        )
        yield made
        db.session.rollback()


@pytest.fixture
def writer(engine: Engine) -> Iterator[PostgresqlWriter]:
    made = PostgresqlWriter(engine)
    yield made
    if made._alone._cursor:
        made._alone._cursor.connection.close()


@pytest.fixture
def signs(engine: Engine) -> Signs:
    """The second sign of each of three learners, ten seconds after the first."""
    found: Signs = {}
    for number in range(3):
        person = make_person(f"learner{number}@example.org")
        tab = Tab(make_enrollment(person))
        token = accounts.open_session(person.id, "Firefox", at(0))
        tab.sign(0)
        sent = Sent(tab.view, Evidence.ACTIVE, 2)
        given = growing._parameters(person.id, sent, at(10))
        found[person.id] = {**given, **accounts.session_parameters(token)}
    db.session.commit()
    return found


def ends(signs: Signs) -> list[int]:
    """The second at which each learner's interval ends, as another connection reads it."""
    db.session.rollback()
    rows = db.session.execute(select(StudyInterval.person_id, StudyInterval.ended_at))
    found = {row.person_id: row.ended_at for row in rows}
    db.session.rollback()
    return [int((found[person] - at(0)).total_seconds()) for person in signs]


def test_all_are_committed_when_it_returns(writer: PostgresqlWriter, signs: Signs) -> None:
    grown = writer.write(signs)
    assert {person: one[1:] for person, one in grown.items()} == {
        person: (at(0), at(10)) for person in signs
    }
    assert ends(signs) == [10, 10, 10]
    assert writer.write(signs) == {}, "the same signs once more"


def test_an_interval_that_somebody_changes_is_passed_over(
    engine: Engine, writer: PostgresqlWriter, signs: Signs
) -> None:
    first, second, third = signs
    with engine.begin() as other:
        other.execute(
            update(StudyInterval).where(StudyInterval.person_id == second).values(beats=9)
        )
        assert set(writer.write(signs)) == {first, third}, "waits for nobody"
    assert ends(signs) == [10, 0, 10]
    assert set(writer.write(signs)) == {second}


def test_a_closed_interval_and_an_ended_session_are_left_alone(
    engine: Engine, writer: PostgresqlWriter, signs: Signs
) -> None:
    first, second, third = signs
    with engine.begin() as other:
        mine = StudyInterval.person_id == first
        other.execute(update(StudyInterval).where(mine).values(closed_at=at(5)))
        theirs = LoginSession.person_id == second
        other.execute(update(LoginSession).where(theirs).values(revoked_at=at(5)))
    assert set(writer.write(signs)) == {third}
    assert ends(signs) == [0, 0, 10]


def test_each_sign_finds_its_interval_by_an_index(
    engine: Engine, writer: PostgresqlWriter, signs: Signs
) -> None:
    ran: list[tuple[str, dict[str, str]]] = []

    def note(connection, cursor, statement, parameters, *rest) -> None:  # type: ignore[no-untyped-def]
        ran.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    writer.write(signs)
    event.remove(engine, "before_cursor_execute", note)
    statement, parameters = ran[0]
    assert len(ran) == 1
    with engine.connect() as connection:
        for setting in writer._alone._settings:
            connection.execute(text(f"SET {setting}"))
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
    plan = "\n".join(rows)
    assert "uq_study_interval_open" in plan
    for slow in ("Seq Scan", "Hash Join", "Merge Join"):
        assert slow not in plan


def test_a_sign_that_waited_in_vain_holds_no_lock(
    own_app: Flask, engine: Engine, signs: Signs
) -> None:
    """Or it would wait for the timeline while its holder waits for the interval: a deadlock."""
    person = next(iter(signs))
    mine = StudyInterval.person_id == person
    came_back, may_end = Event(), Event()
    sent = Sent(int(str(signs[person]["view"])), Evidence.ACTIVE, 2)

    def grow_late() -> object:
        with own_app.app_context():
            grown = growing.grow(person, sent, at(10))
            came_back.set()
            may_end.wait(60)
            db.session.rollback()
            return grown

    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as other:
            other.execute(update(StudyInterval).where(mine).values(last_seq=9))
            late = pool.submit(grow_late)
            wait_until_one_waits(engine)
        assert came_back.wait(60)
        with engine.begin() as third:
            locked = select(StudyInterval.last_seq).where(mine).with_for_update(nowait=True)
            assert third.execute(locked).scalar_one() == 9
        may_end.set()
        assert late.result() is None


def wait_until_one_waits(engine: Engine) -> None:
    """Until some connection to this database waits for a lock."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with engine.connect() as watching:
        for _ in range(20_000):
            if watching.execute(text(f"{waits} AND wait_event_type = 'Lock'")).scalar_one():
                return
            watching.rollback()
    raise AssertionError("nobody waited for a lock")
