"""What a learner has done of a course, in a handful of queries: the base of every rule and page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from domain.standing import NO_STANDING, Progress, TestStanding
from extensions import db
from models import Attempt, EvaluationSubmission, Grade, ItemCompletion

__all__ = ["NO_STANDING", "Progress", "TestStanding", "get_progress"]


def get_progress(enrollment_id: int) -> Progress:
    """Three queries, whatever the size of the course."""
    items = db.session.execute(
        select(ItemCompletion.item_id, ItemCompletion.completed_at).where(
            ItemCompletion.enrollment_id == enrollment_id
        )
    )
    evaluated = db.session.scalar(
        select(EvaluationSubmission.submitted_at).where(
            EvaluationSubmission.enrollment_id == enrollment_id
        )
    )
    return Progress(
        completed_items={item_id: when for item_id, when in items},
        tests=_list_standings(enrollment_id),
        evaluated_at=evaluated,
    )


def _list_standings(enrollment_id: int) -> dict[int, TestStanding]:
    latest = (
        select(Grade.attempt_id, func.max(Grade.number).label("number"))
        .group_by(Grade.attempt_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Attempt.post_test_id,
            Attempt.id,
            Attempt.submitted_at,
            Attempt.number,
            Grade.passed,
        )
        .outerjoin(latest, latest.c.attempt_id == Attempt.id)
        .outerjoin(
            Grade,
            (Grade.attempt_id == Attempt.id) & (Grade.number == latest.c.number),
        )
        .where(Attempt.enrollment_id == enrollment_id)
        .order_by(Attempt.number)
    ).all()
    return {
        test_id: _standing([row for row in rows if row[0] == test_id])
        for test_id in {row[0] for row in rows}
    }


def _standing(rows: Sequence[Row[Any]]) -> TestStanding:
    submitted = [row for row in rows if row.submitted_at is not None]
    passed = [row for row in submitted if row.passed]
    still_open = [row for row in rows if row.submitted_at is None]
    return TestStanding(
        attempts_used=len(rows),
        open_attempt_id=still_open[0].id if still_open else None,
        passed_at=passed[0].submitted_at if passed else None,
        passed_attempt_id=passed[0].id if passed else None,
        latest_submitted_id=submitted[-1].id if submitted else None,
        passed_number=passed[0].number if passed else None,
    )
