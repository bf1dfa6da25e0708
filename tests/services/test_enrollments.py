"""Enrolling free and by key, one open enrollment per learner and course."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

import clock
from domain.outline import Outline
from domain.refusals import Invalid
from extensions import db
from models import Person
from services import editions
from services.enrollments import enroll, find_last_completed, get_study_for, list_studies_for
from tests.factories import SLUG, make_key, make_person

WRONG = "This key does not open this course."


@pytest.fixture
def alice(context: Flask) -> Person:
    return make_person()


@pytest.fixture
def outline(context: Flask) -> Outline:
    return editions.get_current_outline(SLUG)


def test_a_free_course_needs_no_key(alice: Person, outline: Outline) -> None:
    now = clock.now()
    made = enroll(alice.id, outline, "", now)
    assert (made.source, made.number, made.enrollment_key_id) == ("free", 1, None)
    assert made.access_until == now + timedelta(days=365)
    assert enroll(alice.id, outline, "", now).id == made.id


@pytest.mark.parametrize("typed", ["ABCD-EFGH-JKLM", "abcdefghjklm", " abcd efgh\tjklm "])
def test_a_key_opens_however_it_is_typed(alice: Person, outline: Outline, typed: str) -> None:
    key = make_key("ABCDEFGHJKLM", seats=2)
    made = enroll(alice.id, outline, typed, clock.now())
    db.session.refresh(key)
    assert (made.source, made.enrollment_key_id, key.used) == ("key", key.id, 1)


def test_a_course_with_a_price_needs_a_key(alice: Person, outline: Outline) -> None:
    priced = _with_facts(outline, enrollment=["key"])
    with pytest.raises(Invalid, match="Enter your enrollment key") as refusal:
        enroll(alice.id, priced, "", clock.now())
    assert refusal.value.field == "key"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"revoked_at": clock.now()}, "withdrawn"),
        ({"valid_until": clock.now() - timedelta(seconds=1)}, "out of date"),
        ({"seats": 1, "used": 1}, "All seats of this key are taken"),
    ],
)
def test_a_key_that_opens_no_more_says_why(
    alice: Person, outline: Outline, fields: dict[str, object], words: str
) -> None:
    make_key("TESTKEY1", **fields)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match=words):
        enroll(alice.id, outline, "TESTKEY1", clock.now())
    assert list_studies_for(alice.id) == []


def test_a_wrong_key_and_one_of_another_course_read_the_same(
    alice: Person, outline: Outline
) -> None:
    make_key("TESTKEY1")
    other = _of_other_course(outline)
    for course, typed in ((outline, "NO-SUCH-KEY"), (other, "TESTKEY1")):
        with pytest.raises(Invalid, match=WRONG):
            enroll(alice.id, course, typed, clock.now())


def test_studying_again_later_is_a_new_enrollment(alice: Person, outline: Outline) -> None:
    first = enroll(alice.id, outline, "", clock.now())
    first.completed_at = clock.now()
    db.session.flush()
    second = enroll(alice.id, outline, "", clock.now())
    assert (first.number, second.number) == (1, 2)
    last = find_last_completed(alice.id, outline.course_id)
    assert last is not None
    assert last.id == first.id
    assert get_study_for(alice.id, SLUG).enrollment.id == second.id
    assert get_study_for(alice.id, SLUG, number=1).enrollment.id == first.id


def _with_facts(outline: Outline, **facts: object) -> Outline:
    return replace(outline, facts={**outline.facts, **facts})


def _of_other_course(outline: Outline) -> Outline:
    return replace(outline, course_id=outline.course_id + 1)
