"""The queries of the time record go by an index: read from the plan.

Which of two fitting indexes PostgreSQL takes depends on tables larger than a test's; that it
takes one does not.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

import clock
from domain.time_record import Evidence
from extensions import db
from models import StudyInterval
from services import open_finish, recorded_time, time_record
from services.growing import Sent
from tests.factories import make_enrollment, make_person
from tests.services.test_time_record import Tab

TABLES = ("study_interval", "page_view", "time_adjustment", "timeline")


@pytest.fixture
def tab(context: Flask) -> Tab:
    return Tab(make_enrollment(make_person()))


def plans(statements: list[tuple[str, object]]) -> list[str]:
    """The lines of the plans. PostgreSQL, which reads tiny tables whole, is told not to."""
    connection = db.session.connection()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    found = []
    for statement, parameters in statements:
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
        found += [str(row[3] if sqlite else row[0]) for row in rows]
    return found


def is_scan(line: str) -> bool:
    """Whether a line of a plan reads one of the time record's tables whole."""
    return any(line.startswith(f"SCAN {t}") or f"Seq Scan on {t}" in line for t in TABLES)


@pytest.mark.parametrize(
    ("what", "index"),
    [
        ("hot path", "uq_study_interval_open"),
        ("with the lock", "uq_study_interval_open"),
        ("open-finish", "ix_study_interval_enrollment_id_started_at"),
        ("totals", "ix_study_interval_enrollment_id_started_at"),
        ("lines", "ix_time_adjustment_enrollment_id_began_at"),
        ("gap", "ix_study_interval_enrollment_id_started_at"),
    ],
)
def test_every_query_of_the_time_record_goes_by_an_index(
    tab: Tab,
    what: str,
    index: str,
    collect: Callable[[Callable[[], object]], list],  # type: ignore[type-arg]
) -> None:
    enrollment_id = tab.study.enrollment.id
    tab.sign(0)
    work = {
        "hot path": lambda: tab.sign(15),
        "with the lock": lambda: tab.sign(300),
        "open-finish": lambda: open_finish.finish_view(
            tab.person_id, Tab(tab.study).view, timedelta(minutes=5), clock.now()
        ),
        "totals": lambda: recorded_time.seconds_by_place(enrollment_id, with_declared=False),
        "lines": lambda: recorded_time.list_lines(enrollment_id),
        "gap": lambda: recorded_time.list_latest(enrollment_id),
    }
    found = plans(collect(work[what]))
    if db.session.connection().dialect.name == "sqlite":
        assert any(index in line for line in found), found
    assert not [line for line in found if is_scan(line)], found


def test_the_hot_path_is_one_update_by_index(
    tab: Tab,
    collect: Callable[[Callable[[], object]], list],  # type: ignore[type-arg]
) -> None:
    tab.sign(0)
    statements = collect(lambda: tab.sign(15))
    assert [statement.split()[0] for statement, _ in statements] == ["UPDATE"]


def test_no_index_holds_what_a_beat_changes(context: Flask) -> None:
    """Else every beat would move entries, and PostgreSQL could not update rows in place."""
    changed = {"ended_at", "last_seq", "beats", "left"}
    for index in StudyInterval.__table__.indexes:
        assert not changed & {column.name for column in index.columns}, index.name


def test_many_signs_are_one_row(tab: Tab) -> None:
    for seq in range(1, 200):
        now = clock.now() + timedelta(seconds=15 * seq)
        sent = Sent(tab.view, Evidence.ACTIVE, seq)
        time_record.record_sign(tab.person_id, sent, lambda now=now: now)
    row = db.session.execute(text("SELECT COUNT(*), MAX(beats) FROM study_interval")).one()
    assert tuple(row) == (1, 199)


@pytest.fixture
def collect(context: Flask) -> Callable[[Callable[[], object]], list]:  # type: ignore[type-arg]
    """Runs something and returns the statements with their parameters that it sent."""
    from sqlalchemy import event

    def collecting(work: Callable[[], object]) -> list:  # type: ignore[type-arg]
        found: list[tuple[str, object]] = []

        def note(connection, cursor, statement, parameters, *rest) -> None:  # type: ignore[no-untyped-def]
            if statement.split()[0] in ("SELECT", "UPDATE", "INSERT"):
                found.append((statement, parameters))

        db.session.flush()
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            work()
            db.session.flush()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return found

    return collecting
