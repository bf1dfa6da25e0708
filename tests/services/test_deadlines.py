"""Timed attempts: closed at their deadline, lengthened at once, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from commands.duties import DUTIES
from domain.refusals import Conflict
from extensions import db
from models import Accommodation, Answer, Attempt, Grade, LateAnswer
from services import answers, attempts, deadlines, late_answers
from services.answers import TIME_WAS_UP, Saved, Sent, TooLate
from services.attempts import AttemptInCourse
from services.enrollments import Study
from services.late_answers import Late
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import fields_for, list_drawn
from tests.services.taking import ONE, count, own, save, start
from tests.variants import LIMIT, publish_variant

MINUTE = timedelta(minutes=1)


@pytest.fixture
def study(context: Flask, tmp_path: Path) -> Study:
    """Alice in a course whose post-tests close after thirty minutes; unit 1 is read."""
    found = make_enrollment(make_person(), publish_variant(tmp_path, "timed-course", LIMIT))
    complete_items(found, unit=1)
    return found


def after(attempt: Attempt, minutes: float) -> datetime:
    return attempt.started_at + minutes * MINUTE


def grant(study: Study, at: datetime, percent: int, **more: object) -> Accommodation:
    """Extra time for Alice."""
    row = Accommodation(
        person_id=study.enrollment.person_id, time_percent=percent, granted_at=at, **more
    )
    db.session.add(row)
    db.session.flush()
    return row


def save_at(study: Study, attempt: Attempt, now: datetime, received: datetime | None = None):  # type: ignore[no-untyped-def]
    """Answer question 1 rightly at a moment."""
    fields = fields_for(list_drawn(attempt.id)[0], right=True)
    sent = Sent(fields, ONE, 0, 0, is_deliberate=True, received_at=received)
    return answers.save_answer(study.enrollment.person_id, attempt.id, 1, sent, now)


def deadline(study: Study, attempt: Attempt, now: datetime) -> datetime | None:
    return deadlines.find_deadline_of(attempt, study, now)


def test_the_terms_keep_the_limit_and_its_reason(study: Study) -> None:
    grant(study, clock.now() - MINUTE, 150)
    attempt = start(study)
    assert attempt.time_limit_minutes == attempt.terms["time_limit_minutes"] == 30
    assert "test board" in attempt.terms["time_limit_reason"]
    assert attempt.terms["accommodations"] == [{"time_percent": 150, "extra_attempts": 0}]


def test_an_answer_counts_until_the_deadline_and_not_from_it_on(study: Study) -> None:
    attempt = start(study)
    assert isinstance(save_at(study, attempt, after(attempt, 29.9)), Saved)
    late = save_at(study, attempt, after(attempt, 30))
    assert isinstance(late, TooLate)
    assert late.words == TIME_WAS_UP


def test_a_timed_save_is_three_statements(study: Study, count_statements: Callable) -> None:
    attempt = start(study)
    fields = fields_for(list_drawn(attempt.id)[0], right=True)
    with count_statements() as statements:
        assert isinstance(save(study, attempt, fields), Saved)
    assert len(statements) == 3, statements


def test_extra_time_granted_in_the_middle_acts_at_once(study: Study) -> None:
    attempt = start(study)
    assert deadline(study, attempt, after(attempt, 10)) == after(attempt, 30)
    grant(study, after(attempt, 20), 200)
    assert deadline(study, attempt, after(attempt, 21)) == after(attempt, 60)
    assert isinstance(save_at(study, attempt, after(attempt, 45)), Saved)


@pytest.mark.parametrize("ending", ["ended_at", "until"])
def test_the_deadline_is_never_earlier_than_it_was(study: Study, ending: str) -> None:
    attempt = start(study)
    row = grant(study, after(attempt, -5), 200)
    assert deadline(study, attempt, after(attempt, 1)) == after(attempt, 60)
    setattr(row, ending, after(attempt, 2))
    db.session.flush()
    assert deadline(study, attempt, after(attempt, 3)) == after(attempt, 60)


def test_an_accommodation_that_ended_before_changes_nothing(study: Study) -> None:
    attempt = start(study)
    grant(study, after(attempt, -50), 200, ended_at=after(attempt, -1))
    assert deadline(study, attempt, after(attempt, 1)) == after(attempt, 30)


def test_the_sweep_closes_as_of_the_deadline_with_what_was_saved(study: Study) -> None:
    attempt = start(study)
    for drawn in list_drawn(attempt.id):
        save(study, attempt, fields_for(drawn, right=True), position=drawn.position)
    DUTIES["close overdue attempts"].do(after(attempt, 29))
    assert count(Grade) == 0
    DUTIES["close overdue attempts"].do(after(attempt, 90))
    closed = own(study, attempt).attempt
    assert (closed.submitted_at, closed.closed_by) == (after(attempt, 30), "deadline")
    grade = db.session.scalars(select(Grade)).one()
    assert (grade.earned, grade.passed) == (300, True)
    DUTIES["close overdue attempts"].do(after(attempt, 91))
    assert count(Grade) == 1


def test_the_sweep_leaves_those_with_extra_time(study: Study) -> None:
    attempt = start(study)
    grant(study, after(attempt, -1), 400)
    deadlines.close_overdue(after(attempt, 100))
    assert not own(study, attempt).is_submitted
    deadlines.close_overdue(after(attempt, 121))
    assert own(study, attempt).attempt.submitted_at == after(attempt, 120)


def test_untimed_attempts_are_never_swept(context: Flask) -> None:
    found = make_enrollment(make_person())
    complete_items(found, unit=1)
    attempt = start(found)
    deadlines.close_overdue(clock.now() + timedelta(days=900))
    assert not own(found, attempt).is_submitted


def closed_by_deadline(study: Study) -> tuple[Attempt, AttemptInCourse]:
    """An attempt that was swept with one wrong answer, saved in minute 5."""
    attempt = start(study)
    wrong = fields_for(list_drawn(attempt.id)[0], right=False)
    sent = Sent(wrong, ONE, 0, 0, is_deliberate=True)
    answers.save_answer(study.enrollment.person_id, attempt.id, 1, sent, after(attempt, 5))
    deadlines.close_overdue(after(attempt, 40))
    return attempt, own(study, attempt)


def late(attempt: Attempt, received: float) -> Late:
    """The right answer to question 1, received in that minute."""
    drawn = list_drawn(attempt.id)[0]
    right = {"chosen": drawn.body["right"]} if "right" in drawn.body else {"text": "yes"}
    return Late(attempt.id, 1, right, after(attempt, received))


def test_an_answer_received_in_time_counts_although_its_session_had_ended(study: Study) -> None:
    attempt, closed = closed_by_deadline(study)
    assert late_answers.may_add(closed, after(attempt, 29))
    assert late_answers.add_received_in_time(closed, late(attempt, 29), after(attempt, 50))
    log = db.session.scalars(select(Grade).order_by(Grade.number)).all()
    assert [(line.earned, line.reason) for line in log] == [
        (0, "submitted"),
        (100, late_answers.IN_TIME),
    ]


@pytest.mark.parametrize(
    ("why", "minute"),
    [("it came after the deadline", 30), ("what is saved was saved later", 4)],
    ids=["after", "older"],
)
def test_an_answer_is_not_added(study: Study, why: str, minute: float) -> None:
    attempt, closed = closed_by_deadline(study)
    assert not late_answers.add_received_in_time(closed, late(attempt, minute), after(attempt, 50))
    assert count(Grade) == 1, why


def test_only_one_answer_is_added_since_its_effect_tells_the_key(study: Study) -> None:
    attempt, closed = closed_by_deadline(study)
    assert late_answers.add_received_in_time(closed, late(attempt, 28), after(attempt, 50))
    assert not late_answers.may_add(closed, after(attempt, 29))
    assert not late_answers.add_received_in_time(closed, late(attempt, 29), after(attempt, 51))


def test_an_attempt_the_learner_submitted_takes_no_answer_any_more(study: Study) -> None:
    attempt = start(study)
    attempts.submit_attempt(own(study, attempt), after(attempt, 10))
    closed = own(study, attempt)
    assert not late_answers.add_received_in_time(closed, late(attempt, 5), after(attempt, 11))


def test_a_late_answer_is_kept_and_closes_the_attempt(study: Study) -> None:
    attempt = start(study)
    assert isinstance(save_at(study, attempt, after(attempt, 31)), TooLate)
    late_answers.keep_and_close(
        study.enrollment.person_id, late(attempt, 31), now=after(attempt, 31)
    )
    assert own(study, attempt).attempt.submitted_at == after(attempt, 30)
    assert count(LateAnswer) == count(Grade) == 1
    assert count(Answer) == 0


def test_a_retry_waits_as_the_course_says(context: Flask, tmp_path: Path) -> None:
    slug = publish_variant(tmp_path, "patient-course", ", retry_after_hours: 24")
    found = make_enrollment(make_person(), slug)
    complete_items(found, unit=1)
    attempt = start(found)
    attempts.submit_attempt(own(found, attempt), clock.now())
    over = own(found, attempt).attempt.submitted_at
    assert over is not None
    with pytest.raises(Conflict, match="wait before the next attempt"):
        attempts.open_attempt(found, 1, over + timedelta(hours=23, minutes=59))
    assert attempts.open_attempt(found, 1, over + timedelta(hours=24)).number == 2
