"""Item analysis over what learners really answered, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from domain.identity import Identity
from domain.refusals import NotFound
from extensions import db
from models import Answer, Attempt, Person, Question
from services import attempts, editions, instructed_courses, item_analysis
from services.enrollments import Study
from services.item_analysis import EditionAnalysis, QuestionAnalysis
from tests.factories import SLUG, complete_items, make_enrollment, make_instructor, make_person
from tests.right_answers import fields_for, list_drawn
from tests.services.taking import own, save, start


@pytest.fixture
def learners(context: Flask) -> list[Study]:
    """Four learners who may take the post-test of unit 1."""
    found = []
    for number in range(4):
        study = make_enrollment(make_person(f"learner{number}@example.org", f"Learner {number}"))
        complete_items(study, unit=1)
        found.append(study)
    return found


def take(study: Study, *, wrong: str = "") -> Attempt:
    """Answer everything rightly but the question of this key, which is answered wrongly."""
    keys = dict(db.session.execute(select(Question.id, Question.key)).all())
    attempt = start(study)
    for question in list_drawn(attempt.id):
        fields = fields_for(question, right=keys[question.question_id] != wrong)
        save(study, attempt, fields, position=question.position)
    attempts.submit_attempt(own(study, attempt), clock.now())
    return attempt


def analyze() -> EditionAnalysis:
    return item_analysis.analyze_edition(editions.get_current_outline(SLUG))


def of(key: str, found: EditionAnalysis) -> QuestionAnalysis:
    return next(one for one in found.questions if one.question.key == key)


def test_figures_are_of_submitted_attempts(learners: list[Study]) -> None:
    attempt = take(learners[0])
    choice = next(q for q in list_drawn(attempt.id) if q.kind in ("single", "multiple"))
    key = db.session.get_one(Question, choice.question_id).key
    take(learners[1], wrong=key)
    start(learners[2])
    found = analyze()
    assert (found.attempts, found.learners) == (2, 2)
    one = of(key, found)
    assert one.analysis.facility == 0.5
    assert sum(count.times for count in one.answers if not count.right) == 1
    assert all(count.times == 1 for count in one.answers if count.right)
    assert one.unanswered == 0
    total = sum(one.analysis.answers for one in found.questions)
    assert total == 6


def test_a_learners_first_answer_to_a_question_counts(learners: list[Study]) -> None:
    first = take(learners[0], wrong="one")
    second = take(learners[0], wrong="one")
    both = {q.question_id for a in (first, second) for q in list_drawn(a.id)}
    found = analyze()
    assert (found.attempts, found.learners) == (2, 1)
    assert sum(one.analysis.answers for one in found.questions) == len(both)


@pytest.mark.parametrize("role", ["is_instructor", "is_administrator"])
def test_attempts_of_staff_are_not_counted(learners: list[Study], role: str) -> None:
    take(learners[0])
    setattr(db.session.get_one(Person, learners[0].enrollment.person_id), role, True)
    db.session.flush()
    assert analyze().attempts == 0


@pytest.mark.parametrize("source", item_analysis.NOT_LEARNERS)
def test_previews_and_reviews_are_not_counted(learners: list[Study], source: str) -> None:
    take(learners[0])
    learners[0].enrollment.source = source
    db.session.flush()
    assert analyze().attempts == 0


def test_what_was_not_answered_is_wrong_and_counted(learners: list[Study]) -> None:
    attempt = start(learners[0])
    attempts.submit_attempt(own(learners[0], attempt), clock.now())
    found = [one for one in analyze().questions if one.analysis.answers]
    assert len(found) == 3
    assert all(one.unanswered == 1 and one.analysis.facility == 0 for one in found)
    assert all(one.analysis.seconds is None for one in found)


def test_time_runs_from_the_answer_before_to_the_first_answer(learners: list[Study]) -> None:
    attempt = take(learners[0])
    for drawn in list_drawn(attempt.id):
        answer = db.session.get_one(Answer, (attempt.id, drawn.position))
        answer.first_saved_at = attempt.started_at + timedelta(seconds=drawn.position * 20)
        answer.saved_at = attempt.started_at + timedelta(hours=1)
    db.session.flush()
    times = [one.analysis.seconds for one in analyze().questions if one.analysis.answers]
    assert times == [20.0, 20.0, 20.0]


def test_an_objective_gathers_its_questions(learners: list[Study]) -> None:
    take(learners[0])
    take(learners[1], wrong="four")
    found = analyze()
    by_number = {one.number: one for one in found.objectives}
    assert [one.questions for one in found.objectives] == [2, 2, 4]
    answered = sum(one.analysis.answers for one in found.questions if one.question.objective == 2)
    assert by_number[2].analysis.answers == answered
    assert by_number[3].analysis.answers == 0
    assert by_number[3].analysis.facility is None


def test_the_number_of_queries_does_not_grow(
    learners: list[Study], count_statements: Callable
) -> None:
    for study in learners:
        take(study)
    editions.get_current_outline(SLUG)
    with count_statements() as statements:
        analyze()
    assert len(statements) <= 4, statements


def identity_of(person: Person) -> Identity:
    return Identity(
        person_id=person.id,
        session_id=1,
        name=person.name_on_license,
        email=person.email,
        email_confirmed=True,
        time_zone="UTC",
        is_instructor=person.is_instructor,
        is_administrator=person.is_administrator,
    )


def test_an_instructor_has_their_own_courses_only(context: Flask) -> None:
    bob = identity_of(make_instructor())
    other = identity_of(make_person("eve@example.org", "Eve Other", is_instructor=True))
    carol = identity_of(make_person("carol@example.org", "Carol", is_administrator=True))
    for who in (bob, carol):
        assert [o.slug for o in instructed_courses.list_outlines_for(who)] == [SLUG]
        assert instructed_courses.get_edition_for(who, SLUG).numbers == (1,)
        with pytest.raises(NotFound):
            instructed_courses.get_edition_for(who, SLUG, 2)
    assert instructed_courses.list_outlines_for(other) == []
    with pytest.raises(NotFound):
        instructed_courses.get_edition_for(other, SLUG)
