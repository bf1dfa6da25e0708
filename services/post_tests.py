"""Where a learner stands before a unit's post-test."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from domain.outline import UnitOutline
from domain.path import are_items_complete, find_blocking_unit
from domain.standing import NO_STANDING, TestStanding
from extensions import db
from models import Attempt, Grade
from services import study
from services.enrollments import Study
from services.progress import get_progress


@dataclass(frozen=True)
class AttemptLine:
    """One attempt in the list of a learner's attempts; ungraded while it is open.

    `earned` and `possible` are in hundredths of a question.
    """

    id: int
    number: int
    started_at: datetime
    submitted_at: datetime | None
    earned: int | None
    possible: int | None
    passed: bool | None


@dataclass(frozen=True)
class PostTestStanding:
    """Where a learner stands before a unit's post-test, for its start page.

    `closed_by` is the earlier unit to finish first; `passed_attempt_id` the attempt that passed.
    """

    unit: UnitOutline
    closed_by: UnitOutline | None
    items_complete: bool
    open_attempt_id: int | None
    passed_attempt_id: int | None
    attempts: tuple[AttemptLine, ...]
    attempts_left: int


def get_standing(found: Study, unit_number: int) -> PostTestStanding:
    """Where the learner stands before a post-test, whether or not it is open. Raises NotFound."""
    unit = study.get_unit(found, unit_number)
    progress = get_progress(found.enrollment.id)
    standing = progress.tests.get(unit.post_test_id, NO_STANDING)
    return PostTestStanding(
        unit=unit,
        closed_by=find_blocking_unit(found.outline, progress, unit_number),
        items_complete=are_items_complete(unit, progress),
        open_attempt_id=standing.open_attempt_id,
        passed_attempt_id=standing.passed_attempt_id,
        attempts=tuple(_list_attempts(found.enrollment.id, unit.post_test_id)),
        attempts_left=count_attempts_left(found, standing),
    )


def count_attempts_left(found: Study, standing: TestStanding) -> int:
    """How many more attempts the learner may open."""
    return max(0, found.outline.attempts_allowed - standing.attempts_used)


def _list_attempts(enrollment_id: int, post_test_id: int) -> list[AttemptLine]:
    other = aliased(Grade)
    latest = (
        select(func.max(other.number))
        .where(other.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.number,
            Attempt.started_at,
            Attempt.submitted_at,
            Grade.earned,
            Grade.possible,
            Grade.passed,
        )
        .outerjoin(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == latest))
        .where(Attempt.enrollment_id == enrollment_id, Attempt.post_test_id == post_test_id)
        .order_by(Attempt.number)
    )
    return [AttemptLine(*row) for row in rows]
