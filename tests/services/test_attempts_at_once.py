"""Many requests at once: one attempt, one grade, and no answer saved after its grade."""

from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from domain import grading
from extensions import db
from models import Answer, Attempt, Grade
from services import answers, attempts, grades, rulings
from services.answers import Saved, Sent
from services.audit import Actor
from services.enrollments import get_study_for
from tests.at_once import at_once, own_app
from tests.factories import (
    SLUG,
    complete_items,
    make_administrator,
    make_enrollment,
    make_person,
)
from tests.right_answers import fields_for, list_drawn

__all__ = ["own_app"]
AT_ONCE = 20


@pytest.fixture
def alice(own_app: Flask) -> int:
    """Alice, who may start the post-test of unit 1."""
    with own_app.app_context():
        person = make_person()
        complete_items(make_enrollment(person), unit=1)
        person_id = person.id
        db.session.commit()
    return person_id


def start(alice: int) -> int:
    return attempts.open_attempt(get_study_for(alice, SLUG), 1, clock.now(), number=1).id


def submit(alice: int, attempt_id: int) -> tuple[int, int, bool]:
    grade = attempts.submit_attempt(attempts.get_attempt_for(alice, attempt_id), clock.now())
    return grade.number, grade.earned, grade.passed


def test_twenty_starts_open_one_attempt(own_app: Flask, alice: int) -> None:
    opened = at_once(own_app, AT_ONCE, lambda _: start(alice))
    assert len(set(opened)) == 1
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
        assert len(list_drawn(opened[0])) == 3


def test_twenty_submits_give_one_result(own_app: Flask, alice: int) -> None:
    with own_app.app_context():
        attempt_id = start(alice)
        for drawn in list_drawn(attempt_id):
            _save(alice, attempt_id, drawn.position, fields_for(drawn, right=True), "1" * 16)
        db.session.commit()
    given = at_once(own_app, AT_ONCE, lambda _: submit(alice, attempt_id))
    assert given == [(1, 300, True)] * AT_ONCE
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Grade)) == 1


def test_no_answer_is_saved_after_it_was_graded(own_app: Flask, alice: int) -> None:
    with own_app.app_context():
        attempt_id = start(alice)
        drawn = list_drawn(attempt_id)
        db.session.commit()

    def work(number: int) -> object:
        if number == AT_ONCE // 2:
            return submit(alice, attempt_id)
        question = drawn[number % 3]
        fields = fields_for(question, right=number % 2 == 0)
        return _save(alice, attempt_id, question.position, fields, f"{number:016x}")

    outcomes = at_once(own_app, AT_ONCE, work)
    with own_app.app_context():
        given = db.session.scalars(select(Grade)).one()
        kept = {a.position: a.response for a in db.session.scalars(select(Answer))}
    earned = [grading.grade(q.kind, q.body, kept.get(q.position)) for q in drawn]
    assert [line["earned"] for line in given.per_question] == earned
    assert sum(isinstance(outcome, Saved) for outcome in outcomes) >= len(kept)


def _save(alice: int, attempt_id: int, position: int, fields: list[tuple[str, str]], page: str):  # type: ignore[no-untyped-def]
    sent = Sent(fields, page, 0, 0, is_deliberate=True)
    return answers.save_answer(alice, attempt_id, position, sent, clock.now())


def test_a_ruling_amid_submissions_reaches_every_attempt(own_app: Flask) -> None:
    """Whether a submission was before or after the ruling, its last grade gives full credit."""
    with own_app.app_context():
        people = [make_person(f"learner{n}@example.org", f"Learner {n}") for n in range(AT_ONCE)]
        carol = make_administrator().id
        opened = []
        for person in people:
            study = make_enrollment(person)
            complete_items(study, unit=1)
            attempt = attempts.open_attempt(study, 1, clock.now(), chance=Random(1))
            opened.append((person.id, attempt.id))
        void = list_drawn(opened[0][1])[0].question_id
        db.session.commit()

    def work(number: int) -> object:
        if number == AT_ONCE // 2:
            actor = Actor(carol, "request")
            return rulings.void_question(void, "Two are right.", actor, clock.now()).id
        return submit(*opened[number])[1]

    outcomes = at_once(own_app, AT_ONCE, work)
    with own_app.app_context():
        rulings.regrade(outcomes[AT_ONCE // 2], "http://localhost", clock.now())  # type: ignore[arg-type]
        last = [
            grades.get_grade(attempt_id).earned
            for number, (_, attempt_id) in enumerate(opened)
            if number != AT_ONCE // 2
        ]
    assert last == [100] * (AT_ONCE - 1)
