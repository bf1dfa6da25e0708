"""What a learner has done of a course, in a handful of queries: the base of every rule and page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from extensions import db
from models import Attempt, EvaluationSubmission, Grade, ItemCompletion


@dataclass(frozen=True)
class TestStanding:
    """How a learner stands in one post-test. `passed_at` is the first passing submission."""

    attempts_used: int
    open_attempt_id: int | None
    passed_at: datetime | None
    passed_attempt_id: int | None
    latest_submitted_id: int | None


@dataclass(frozen=True)
class Progress:
    """Completed items (item id → when), post-tests (post_test id → standing), evaluation."""

    completed_items: dict[int, datetime]
    tests: dict[int, TestStanding]
    evaluated_at: datetime | None

    def is_item_complete(self, item_id: int) -> bool:
        return item_id in self.completed_items

    def is_test_passed(self, post_test_id: int) -> bool:
        standing = self.tests.get(post_test_id)
        return standing is not None and standing.passed_at is not None


NO_STANDING = TestStanding(0, None, None, None, None)


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


def _standing(rows: list) -> TestStanding:  # type: ignore[type-arg]
    submitted = [row for row in rows if row.submitted_at is not None]
    passed = [row for row in submitted if row.passed]
    still_open = [row for row in rows if row.submitted_at is None]
    return TestStanding(
        attempts_used=len(rows),
        open_attempt_id=still_open[0].id if still_open else None,
        passed_at=passed[0].submitted_at if passed else None,
        passed_attempt_id=passed[0].id if passed else None,
        latest_submitted_id=submitted[-1].id if submitted else None,
    )
