"""Answers in the database: saved in order, never over another page's, never after the end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Answer, Grade, LateAnswer
from services import answers, attempts, late_answers
from services.answers import Conflicting, Saved, TooLate
from services.enrollments import Study
from services.late_answers import Late
from tests.right_answers import fields_for, list_drawn
from tests.services.taking import (
    ONE,
    OTHER,
    choice_position,
    count,
    kept,
    own,
    save,
    start,
    study_of_alice,
    take,
)


@pytest.fixture
def study(context: Flask) -> Study:
    return study_of_alice()


def test_a_save_is_two_statements(study: Study, count_statements: Callable) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    with count_statements() as statements:
        assert isinstance(save(study, attempt, [("answer", "1")], position=position), Saved)
    assert len(statements) == 2, statements
    with count_statements() as statements:
        save(study, attempt, [("answer", "2")], position=position, page=OTHER)
    assert len(statements) == 3, statements


def test_what_is_saved_is_shown_again(study: Study) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    save(study, attempt, [("answer", "2")], position=position)
    question = answers.get_question(attempt.id, position)
    assert question.typed.chosen == ("2",)
    assert question.revision == 1
    answered = [line.position for line in answers.list_questions(attempt.id) if line.is_answered]
    assert answered == [position]


def test_a_page_never_conflicts_with_its_own_earlier_saves(study: Study) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    for sequence in (1, 2, 3):
        answer = [("answer", str(1 + sequence % 2))]
        outcome = save(
            study, attempt, answer, position=position, sequence=sequence, early=sequence < 3
        )
        assert isinstance(outcome, Saved)
    assert kept(attempt, position).revision == 3


def test_an_early_save_that_arrives_late_is_dropped(study: Study) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    save(study, attempt, [("answer", "2")], position=position, sequence=2)
    late = save(study, attempt, [("answer", "1")], position=position, sequence=1, early=True)
    assert isinstance(late, Saved)
    assert answers.get_question(attempt.id, position).typed.chosen == ("2",)


def test_the_back_button_without_scripts_saves_over_its_own_answer(study: Study) -> None:
    """A page that comes back from the browser's memory sends the same sequence again."""
    attempt = start(study)
    position = choice_position(attempt)
    save(study, attempt, [("answer", "1")], position=position, sequence=5, early=True)
    save(study, attempt, [("answer", "2")], position=position, sequence=0)
    assert answers.get_question(attempt.id, position).typed.chosen == ("2",)
    assert kept(attempt, position).sequence == 5


def test_another_page_that_saw_the_answer_may_change_it(study: Study) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    save(study, attempt, [("answer", "1")], position=position)
    outcome = save(study, attempt, [("answer", "2")], position=position, page=OTHER, based_on=1)
    assert isinstance(outcome, Saved)
    assert kept(attempt, position).page == OTHER


def test_another_page_that_did_not_see_the_answer_is_asked(study: Study) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    save(study, attempt, [("answer", "1")], position=position)
    outcome = save(study, attempt, [("answer", "2")], position=position, page=OTHER)
    assert isinstance(outcome, Conflicting)
    assert outcome.saved != outcome.sent
    assert answers.get_question(attempt.id, position).typed.chosen == ("1",)
    again = save(
        study, attempt, [("answer", "2")], position=position, page=OTHER, based_on=outcome.revision
    )
    assert isinstance(again, Saved)


def test_the_same_answer_from_two_pages_is_no_conflict(study: Study) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    save(study, attempt, [("answer", "1")], position=position)
    assert isinstance(save(study, attempt, [("answer", "1")], position=position, page=OTHER), Saved)
    assert kept(attempt, position).page == ONE


def test_malformed_answers_are_refused_and_change_nothing(study: Study) -> None:
    attempt = start(study)
    position = choice_position(attempt)
    save(study, attempt, [("answer", "1")], position=position)
    with pytest.raises(Invalid):
        save(study, attempt, [("answer", "77")], position=position)
    assert kept(attempt, position).revision == 1


def test_a_question_that_was_not_drawn_is_not_there(study: Study) -> None:
    attempt = start(study)
    for position in (0, 4):
        with pytest.raises(NotFound):
            answers.get_question(attempt.id, position)
        with pytest.raises(NotFound):
            save(study, attempt, [], position=position)


def test_an_answer_after_submission_is_kept_and_not_graded(study: Study) -> None:
    attempt = take(study, right=False)
    drawn = list_drawn(attempt.id)[0]
    before = kept(attempt, 1).response
    outcome = save(study, attempt, fields_for(drawn, right=True))
    assert isinstance(outcome, TooLate)
    late_answers.keep_late_answer(Late(attempt.id, 1, outcome.response, clock.now()))
    assert kept(attempt, 1).response == before
    assert db.session.scalars(select(LateAnswer.response)).one() == outcome.response
    assert count(Grade) == 1


@pytest.mark.parametrize("ended", ["ended", "access over"])
def test_after_the_end_nothing_starts_and_answers_do_not_count(study: Study, ended: str) -> None:
    attempt = start(study)
    if ended == "ended":
        study.enrollment.ended_at = clock.now()
    else:
        study.enrollment.access_until = clock.now() - timedelta(seconds=1)
    db.session.flush()
    assert isinstance(save(study, attempt, []), TooLate)
    with pytest.raises(Conflict, match="access to this course has ended"):
        attempts.submit_attempt(own(study, attempt), clock.now())
    assert count(Answer) == count(Grade) == 0
