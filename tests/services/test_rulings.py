"""Void questions in the database: full credit, a further grade, a pass as of its submission."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from commands.work import job_handlers
from domain.post_test_rules import PostTestRules
from domain.refusals import Invalid, NotFound
from extensions import db
from models import (
    Attempt,
    AuditEvent,
    EvaluationSubmission,
    Grade,
    Job,
    OutgoingMail,
    QuestionRuling,
)
from services import attempts, completion, grades, rulings
from services.audit import Actor
from services.enrollments import Study
from services.pdf.drawing_process import DrawingProcess
from services.progress import get_progress
from tests.conftest import test_settings
from tests.factories import complete_items, make_administrator
from tests.right_answers import Drawn, fields_for, list_drawn
from tests.services.taking import count, own, save, start, study_of_alice, take

REASON = "Two of the options are right."
URL = "https://learn.example.org"


@pytest.fixture
def study(context: Flask) -> Study:
    return study_of_alice()


@pytest.fixture
def carol(study: Study) -> Actor:
    return Actor(make_administrator().id, "request-1")


def void(drawn: Drawn, carol: Actor) -> int:
    """Void a question and do what the worker would do; how many attempts were graded again."""
    ruling = rulings.void_question(drawn.question_id, REASON, carol, clock.now())
    return rulings.regrade(ruling.id, URL, clock.now())


def take_with_one_wrong(study: Study, unit: int = 1) -> tuple[Attempt, Drawn]:
    """An attempt that fails by one question, answered wrongly."""
    attempt = start(study, unit)
    drawn = list_drawn(attempt.id)
    for question in drawn:
        fields = fields_for(question, right=question is not drawn[0])
        save(study, attempt, fields, position=question.position)
    attempts.submit_attempt(own(study, attempt), clock.now())
    assert not grades.get_grade(attempt.id).passed
    return attempt, drawn[0]


def log_of(attempt: Attempt) -> list[tuple[int, int, int, bool]]:
    rows = db.session.scalars(
        select(Grade).where(Grade.attempt_id == attempt.id).order_by(Grade.number)
    )
    return [(row.number, row.earned, row.possible, row.passed) for row in rows]


def test_everyone_gets_full_credit_and_the_totals_stay(study: Study, carol: Actor) -> None:
    attempt, wrong = take_with_one_wrong(study)
    assert void(wrong, carol) == 1
    assert log_of(attempt) == [(1, 200, 300, False), (2, 300, 300, True)]


def test_a_pass_that_results_dates_from_its_submission(study: Study, carol: Actor) -> None:
    attempt, wrong = take_with_one_wrong(study)
    submitted_at = own(study, attempt).attempt.submitted_at
    later = clock.now() + timedelta(days=9)
    ruling = rulings.void_question(wrong.question_id, REASON, carol, later)
    rulings.regrade(ruling.id, URL, later)
    standing = get_progress(study.enrollment.id).tests[attempt.post_test_id]
    assert standing.passed_at == submitted_at
    assert standing.passed_number == 1


def test_the_affected_learner_is_told_with_the_reason(study: Study, carol: Actor) -> None:
    attempt, wrong = take_with_one_wrong(study)
    void(wrong, carol)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == "alice@example.org"
    assert REASON in mail.body
    assert "had 2 of 3 right and now has 3 of 3. You have passed with it." in mail.body
    assert f"{URL}/attempts/{attempt.id}/result" in mail.body
    result = grades.get_result(own(study, attempt).attempt, PostTestRules())
    assert REASON in result.regrades[0].reason
    assert [q.void_reason for q in result.questions if q.position == wrong.position] == [REASON]


def test_whose_answer_was_right_anyway_is_left_alone(study: Study, carol: Actor) -> None:
    attempt = take(study, right=True)
    assert void(list_drawn(attempt.id)[0], carol) == 0
    assert log_of(attempt) == [(1, 300, 300, True)]
    assert count(OutgoingMail) == 0


def test_nobody_loses_a_pass(study: Study, carol: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if a regrade came to less, which a ruling alone cannot bring about."""
    attempt = take(study, right=True)
    monkeypatch.setattr(grades, "_earned", lambda rows: {row.position: 0 for row in rows})
    again = grades.regrade(own(study, attempt).attempt, "a test", clock.now())
    assert again is not None
    assert (again.earned, again.passed) == (0, True)


def test_later_attempts_do_not_ask_it(study: Study, carol: Actor) -> None:
    _, wrong = take_with_one_wrong(study)
    rulings.void_question(wrong.question_id, REASON, carol, clock.now())
    again = start(study)
    assert wrong.question_id not in {q.question_id for q in list_drawn(again.id)}
    assert again.terms["questions"] == 3


def test_an_open_attempt_that_asks_it_gives_full_credit_at_submission(
    study: Study, carol: Actor
) -> None:
    attempt = start(study)
    drawn = list_drawn(attempt.id)
    void(drawn[0], carol)
    for question in drawn[1:]:
        save(study, attempt, fields_for(question, right=True), position=question.position)
    assert attempts.submit_attempt(own(study, attempt), clock.now()).earned == 300
    assert log_of(attempt) == [(1, 300, 300, True)]


def test_ruling_twice_is_ruling_once(study: Study, carol: Actor) -> None:
    attempt, wrong = take_with_one_wrong(study)
    assert void(wrong, carol) == 1
    assert void(wrong, carol) == 0
    assert count(QuestionRuling) == count(OutgoingMail) == 1
    assert db.session.scalar(select(QuestionRuling.reason)) == REASON
    assert len(log_of(attempt)) == 2


def test_a_ruling_is_recorded_with_who_made_it(study: Study, carol: Actor) -> None:
    attempt = take(study, right=True)
    rulings.void_question(list_drawn(attempt.id)[0].question_id, REASON, carol, clock.now())
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "question.voided")).one()
    assert event.actor_id == carol.person_id
    assert event.facts["reason"] == REASON


def test_the_worker_grades_again(study: Study, carol: Actor, tmp_path: Path) -> None:
    attempt, wrong = take_with_one_wrong(study)
    ruling = rulings.void_question(wrong.question_id, REASON, carol, clock.now())
    job = db.session.scalars(select(Job).where(Job.kind == "regrade")).one()
    assert job.subject_id == ruling.id
    settings = test_settings(tmp_path)
    with DrawingProcess() as process:
        job_handlers(settings, process)["regrade"](job.subject_id)
    assert len(log_of(attempt)) == 2


def test_a_reason_is_needed(study: Study, carol: Actor) -> None:
    attempt = take(study, right=True)
    with pytest.raises(Invalid, match="Say why"):
        rulings.void_question(list_drawn(attempt.id)[0].question_id, "Bad.", carol, clock.now())
    with pytest.raises(NotFound):
        rulings.void_question(999_999, REASON, carol, clock.now())


def evaluated(study: Study, at: datetime) -> None:
    db.session.add(EvaluationSubmission(enrollment_id=study.enrollment.id, submitted_at=at))
    db.session.flush()


def test_a_regrade_that_completes_the_course_completes_it_as_of_the_last_requirement(
    study: Study, carol: Actor
) -> None:
    complete_items(study, unit=2)
    take(study, right=True)
    _, wrong = take_with_one_wrong(study, unit=2)
    at = clock.now() + timedelta(minutes=5)
    evaluated(study, at)
    completion.complete_if_ready(study, clock.now())
    assert study.enrollment.completed_at is None
    void(wrong, carol)
    db.session.refresh(study.enrollment)
    assert study.enrollment.completed_at == at


def test_a_course_that_was_complete_keeps_its_moment(study: Study, carol: Actor) -> None:
    complete_items(study, unit=2)
    _, wrong = take_with_one_wrong(study)
    take(study, right=True)
    take(study, 2, right=True)
    evaluated(study, clock.now())
    completion.complete_if_ready(study, clock.now())
    db.session.refresh(study.enrollment)
    before = study.enrollment.completed_at
    assert before is not None
    void(wrong, carol)
    db.session.refresh(study.enrollment)
    assert study.enrollment.completed_at == before


def test_many_attempts_are_graded_in_parts(
    study: Study, carol: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rulings, "REGRADED_AT_ONCE", 1)
    first, wrong = take_with_one_wrong(study)
    second = start(study)
    attempts.submit_attempt(own(study, second), clock.now())
    third = start(study)
    attempts.submit_attempt(own(study, third), clock.now())
    asked = [a for a in (first, second, third) if wrong.question_id in _asked(a)]
    assert void(wrong, carol) == len(asked) >= 2


def _asked(attempt: Attempt) -> set[int]:
    return {q.question_id for q in list_drawn(attempt.id)}
