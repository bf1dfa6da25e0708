"""Evaluations: kept apart from the person, counted once, open only at the end."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from domain.refusals import Conflict
from extensions import db
from models import EvaluationResponse, EvaluationSubmission
from services import evaluations
from services.enrollments import Study
from services.progress import get_progress
from tests.completed import pass_tests
from tests.factories import complete_items, make_enrollment, make_person

LATE_IN_NOVEMBER = datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
"""Already December in UTC, still November at the provider in New York."""


@pytest.fixture
def study(context: Flask) -> Study:
    """Alice, with everything done but the evaluation."""
    found = make_enrollment(make_person())
    complete_items(found)
    pass_tests(found)
    return found


def submit(study: Study, **answers: str) -> None:
    progress = get_progress(study.enrollment.id)
    evaluations.submit_evaluation(study, progress, answers, LATE_IN_NOVEMBER)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_answers_hold_neither_person_nor_moment(study: Study) -> None:
    submit(study, pace="right")
    response = db.session.scalars(select(EvaluationResponse)).one()
    assert response.answers == {"pace": "right"}
    assert (response.edition_id, response.month) == (study.outline.edition_id, "2026-11")
    columns = {column.key for column in inspect(EvaluationResponse).columns}
    assert columns == {"key", "edition_id", "month", "answers"}
    assert len(response.key) == 32


def test_the_submission_holds_no_answers_and_completes_the_course(study: Study) -> None:
    submit(study, pace="right")
    columns = {column.key for column in inspect(EvaluationSubmission).columns}
    assert columns == {"enrollment_id", "submitted_at"}
    assert study.enrollment.completed_at == LATE_IN_NOVEMBER


def test_a_second_submission_is_ignored(study: Study) -> None:
    submit(study, pace="right")
    submit(study, pace="too fast")
    assert (count(EvaluationSubmission), count(EvaluationResponse)) == (1, 1)


@pytest.mark.parametrize("missing", ["items", "tests"])
def test_it_is_closed_while_something_before_it_is_missing(context: Flask, missing: str) -> None:
    found = make_enrollment(make_person())
    if missing == "tests":
        complete_items(found)
    else:
        pass_tests(found)
    with pytest.raises(Conflict, match="The evaluation opens when"):
        submit(found)
    assert (count(EvaluationSubmission), count(EvaluationResponse)) == (0, 0)


def test_it_is_closed_to_who_is_no_longer_enrolled(study: Study) -> None:
    study.enrollment.ended_at = LATE_IN_NOVEMBER
    with pytest.raises(Conflict, match="no longer enrolled"):
        submit(study)
