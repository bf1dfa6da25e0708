"""Statements that go straight to the driver give the same values as by the usual way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError, ProgrammingError

import clock
from extensions import db
from models import Enrollment, Person
from services import accommodations, accounts, enrollments, progress, recorded_time
from services.enrollments import Study, get_reading_for, get_study_for
from services.plain_rows import read
from tests.factories import SLUG, complete_items, make_enrollment, make_person

HOT: list[tuple[Any, str]] = [
    (accounts._IDENTITY, "token_hash"),
    (enrollments._LATEST_FACTS, "person_id slug"),
    (progress._OF_ONE, "enrollment_id now"),
    (recorded_time._by_place(True), "enrollment_id"),
    (recorded_time._by_place(False), "enrollment_id"),
    (accommodations._IN_FORCE, "person_id course_id now"),
]


@pytest.fixture
def study(context: Flask) -> Study:
    found = make_enrollment(make_person())
    complete_items(found, unit=1)
    return found


@pytest.mark.parametrize(("statement", "names"), HOT)
def test_the_two_ways_agree(
    study: Study, count_statements: Callable, statement: Any, names: str
) -> None:
    token = accounts.open_session(study.enrollment.person_id, "Firefox", clock.now())
    known = {
        "token_hash": accounts._hash(token),
        "person_id": study.enrollment.person_id,
        "course_id": study.enrollment.course_id,
        "enrollment_id": study.enrollment.id,
        "slug": SLUG,
        "now": clock.now(),
    }
    given = {name: known[name] for name in names.split()}
    fast = read(statement, given)
    with count_statements() as statements:
        usual = read(statement, given)
    assert len(statements) == 1, "whoever listens to statements hears this one too"
    assert [tuple(row) for row in fast] == [tuple(row) for row in usual]


def test_what_is_pending_is_read(study: Study) -> None:
    later = clock.now() + timedelta(days=30)
    found = get_study_for(study.enrollment.person_id, SLUG)
    found.enrollment.completed_at = later
    assert get_reading_for(study.enrollment.person_id, SLUG).enrollment.completed_at == later


def test_a_reading_cannot_be_changed(study: Study) -> None:
    found = get_reading_for(study.enrollment.person_id, SLUG)
    with pytest.raises(AttributeError):
        found.enrollment.completed_at = clock.now()


def test_a_fault_of_the_database_is_told_as_usual(context: Flask) -> None:
    db.session.execute(db.text("ALTER TABLE enrollment_key RENAME TO gone"))
    from models import EnrollmentKey

    wanted = select(EnrollmentKey.code).where(EnrollmentKey.id == bindparam("id"))
    with pytest.raises((OperationalError, ProgrammingError)), db.session.begin_nested():
        read(wanted, {"id": 1})


def test_a_list_of_values_is_refused(context: Flask) -> None:
    wanted = select(Person.id).where(Person.id.in_(bindparam("ids", expanding=True)))
    with pytest.raises(ValueError, match="anew"):
        read(wanted, {"ids": [1, 2]})


def test_every_column_of_an_enrollment_is_there(study: Study) -> None:
    reading = get_reading_for(study.enrollment.person_id, SLUG).enrollment
    for column in Enrollment.__table__.columns:
        assert getattr(reading, column.key) == getattr(study.enrollment, column.key)
