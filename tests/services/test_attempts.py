"""Attempts in the database: opened once, graded once, closed to others, on both databases."""

import runpy
import secrets
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from domain.post_test_rules import PostTestRules
from domain.refusals import Conflict, NotFound
from extensions import db
from models import Answer, Attempt, AttemptQuestion, Grade, Question
from services import answers, attempts, grades, post_tests
from services.answers import Sent
from services.enrollments import Study
from services.progress import get_progress
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import list_drawn
from tests.services.taking import (
    ONE,
    count,
    own,
    start,
    study_of_alice,
    take,
)


@pytest.fixture
def study(context: Flask) -> Study:
    return study_of_alice()


def test_an_attempt_freezes_its_draw_and_terms(study: Study) -> None:
    attempt = start(study)
    drawn = list_drawn(attempt.id)
    assert [q.position for q in drawn] == [1, 2, 3]
    assert {q.objective for q in drawn} == {1, 2}
    assert attempt.pass_mark == 80
    assert attempt.terms["questions"] == 3
    assert attempt.terms["attempts_allowed"] == 3
    assert attempt.terms["time_limit_minutes"] is None


def test_outside_the_tests_nobody_can_foretell_a_draw() -> None:
    assert runpy.run_path(attempts.__file__)["new_chance"] is secrets.SystemRandom


def test_refresh_back_and_second_tab_reopen_the_same_attempt(study: Study) -> None:
    attempt = start(study, number=1)
    assert start(study, number=1).id == attempt.id
    assert start(study).id == attempt.id
    assert count(Attempt) == 1


def test_an_old_click_on_start_uses_up_no_attempt(study: Study) -> None:
    attempt = take(study, right=False)
    assert start(study, number=1).id == attempt.id
    assert start(study, number=2).number == 2


def test_the_loser_of_a_race_gets_the_winners_attempt(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = start(study)
    find = attempts._find_present
    blind = iter([None])
    monkeypatch.setattr(attempts, "_find_present", lambda *a: next(blind, None) or find(*a))
    monkeypatch.setattr(attempts, "_refuse_start", lambda *a: None)
    assert start(study).id == attempt.id
    assert count(Attempt) == 1


def test_strangers_find_no_attempt(study: Study) -> None:
    attempt = start(study)
    dave = make_person("dave@example.org", "Dave Stranger")
    with pytest.raises(NotFound):
        attempts.get_attempt_for(dave.id, attempt.id)
    sent = Sent([("answer", "1")], ONE, 0, 0, is_deliberate=True)
    with pytest.raises(NotFound):
        answers.save_answer(dave.id, attempt.id, 1, sent, clock.now())
    assert count(Answer) == 0


def test_a_test_opens_when_the_items_of_its_unit_are_complete(context: Flask) -> None:
    found = make_enrollment(make_person())
    with pytest.raises(Conflict, match="opens when all required items"):
        start(found)


def test_the_next_unit_opens_when_the_one_before_is_passed(study: Study) -> None:
    complete_items(study, unit=2)
    with pytest.raises(Conflict, match="Unit 2 opens when unit 1 is finished"):
        start(study, unit=2)
    take(study, right=True)
    assert start(study, unit=2).number == 1


def test_there_is_no_test_of_a_unit_that_is_not(study: Study) -> None:
    with pytest.raises(NotFound):
        start(study, unit=9)


def test_attempts_are_used_up(study: Study) -> None:
    for left in (2, 1, 0):
        take(study, right=False)
        assert post_tests.get_standing(study, 1, clock.now()).attempts_left == left
    with pytest.raises(Conflict, match="used all attempts"):
        start(study)


def test_nothing_is_left_to_do_after_a_pass(study: Study) -> None:
    take(study, right=True)
    with pytest.raises(Conflict, match="have passed"):
        start(study)


def test_a_retry_repeats_no_more_than_it_must(study: Study) -> None:
    first, second = take(study, right=False), take(study, right=False)
    asked = [{q.question_id for q in list_drawn(a.id)} for a in (first, second)]
    assert asked[0] | asked[1] == set(db.session.scalars(_ids_of_pool(first)))


def _ids_of_pool(attempt: Attempt):  # type: ignore[no-untyped-def]
    return select(Question.id).where(Question.post_test_id == attempt.post_test_id)


def test_right_answers_pass(study: Study) -> None:
    attempt = take(study, right=True)
    grade = grades.get_grade(attempt.id)
    assert (grade.earned, grade.possible, grade.passed, grade.reason) == (
        300,
        300,
        True,
        "submitted",
    )
    assert grade.per_question == [{"position": n, "earned": 100} for n in (1, 2, 3)]
    assert get_progress(study.enrollment.id).is_test_passed(attempt.post_test_id)


def test_every_kind_of_unit_2_can_be_answered(study: Study) -> None:
    complete_items(study, unit=2)
    take(study, right=True)
    assert grades.get_grade(take(study, 2, right=True).id).passed


def test_wrong_and_missing_answers_fail(study: Study) -> None:
    assert not grades.get_grade(take(study, right=False).id).passed
    attempt = start(study)
    attempts.submit_attempt(own(study, attempt), clock.now())
    assert grades.get_grade(attempt.id).earned == 0


def test_submitting_again_gives_the_same_grade(study: Study) -> None:
    attempt = take(study, right=False)
    submitted_at = own(study, attempt).attempt.submitted_at
    again = attempts.submit_attempt(own(study, attempt), clock.now() + timedelta(hours=1))
    assert again.number == 1
    assert count(Grade) == 1
    assert own(study, attempt).attempt.submitted_at == submitted_at


def test_the_result_of_a_failed_attempt_holds_nothing_of_the_key(study: Study) -> None:
    attempt = take(study, right=False)
    result = grades.get_result(own(study, attempt).attempt, PostTestRules())
    assert result.questions == ()
    assert set(result.objectives) == {1, 2}


def test_the_result_of_a_pass_holds_every_question_with_its_reason(study: Study) -> None:
    attempt = take(study, right=True)
    result = grades.get_result(own(study, attempt).attempt, PostTestRules())
    assert len(result.questions) == 3
    assert all(q.is_right and "secret rationale" in q.rationale_html for q in result.questions)
    assert result.objectives == ()


def test_an_open_attempt_has_no_result(study: Study) -> None:
    with pytest.raises(Conflict):
        grades.get_result(start(study), PostTestRules())


def test_the_standing_lists_the_attempts(study: Study) -> None:
    take(study, right=False)
    attempt = start(study)
    standing = post_tests.get_standing(study, 1, clock.now())
    assert [(line.number, line.earned, line.passed) for line in standing.attempts] == [
        (1, 0, False),
        (2, None, None),
    ]
    assert standing.open_attempt_id == attempt.id
    assert standing.attempts_left == 1
    assert count(AttemptQuestion) == 6
