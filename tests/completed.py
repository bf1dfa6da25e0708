"""Learners who have done everything, or all but the last thing, on the way to a certificate."""

from datetime import datetime

import clock
from extensions import db
from models import Attempt, Certificate, EvaluationSubmission, Grade
from services import certification, completion
from services.enrollments import Study
from tests.factories import complete_items

BASE_URL = "http://localhost"
ANSWERS = {
    "objectives-1": "5",
    "objectives-2": "4",
    "objectives-3": "3",
    "pace": "2",
    "comments": "",
}
"""An evaluation of the small test course as its form sends it."""


def pass_tests(study: Study, at: datetime | None = None) -> None:
    """Pass every post-test at the first attempt."""
    now = at or clock.now()
    for unit in study.outline.units:
        attempt = Attempt(
            enrollment_id=study.enrollment.id,
            post_test_id=unit.post_test_id,
            number=1,
            pass_mark=80,
            terms={},
            started_at=now,
            submitted_at=now,
        )
        db.session.add(attempt)
        db.session.flush()
        db.session.add(_passing_grade(attempt.id, now))
    db.session.flush()


def evaluate(study: Study, at: datetime | None = None) -> None:
    """Note the evaluation as submitted, and let the course become complete."""
    now = at or clock.now()
    db.session.add(EvaluationSubmission(enrollment_id=study.enrollment.id, submitted_at=now))
    completion.complete_if_ready(study, now)


def complete_all(study: Study, at: datetime | None = None) -> Study:
    """Items, post-tests and evaluation, all at one moment."""
    complete_items(study, at=at)
    pass_tests(study, at)
    evaluate(study, at)
    return study


def issue(study: Study, name: str = "Alice Learner", at: datetime | None = None) -> Certificate:
    """Attest and issue the certificate of a complete enrollment."""
    return certification.issue_certificate(study, name, BASE_URL, at or clock.now())


def _passing_grade(attempt_id: int, now: datetime) -> Grade:
    return Grade(
        attempt_id=attempt_id,
        number=1,
        earned=300,
        possible=300,
        passed=True,
        per_question=[],
        reason="submitted",
        graded_at=now,
    )
