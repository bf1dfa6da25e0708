"""Where a learner stands before a unit's post-test."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from domain.outline import UnitOutline
from domain.path import are_items_complete, find_blocking_unit, missing_time
from domain.post_test_rules import rules_of
from domain.standing import NO_STANDING
from extensions import db
from models import Attempt, Grade, Question, QuestionRuling
from services import attempts, deadlines, study
from services.enrollments import Study
from services.minimum_time import get_progress_for


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

    `closed_by` is the earlier unit to finish first; `passed_attempt_id` the attempt that passed;
    `opens_at` when the waiting time before the next attempt is over, if it is not; `questions` how
    many an attempt asks now; `time_allowed` what a time limit comes to for this learner;
    `missing_time` what is still to be recorded in the unit where a minimum is required.
    """

    unit: UnitOutline
    closed_by: UnitOutline | None
    items_complete: bool
    missing_time: timedelta
    time_in_words: str
    open_attempt_id: int | None
    passed_attempt_id: int | None
    attempts: tuple[AttemptLine, ...]
    attempts_allowed: int
    attempts_left: int
    opens_at: datetime | None
    questions: int
    time_allowed: timedelta | None


def get_standing(found: Study, unit_number: int, now: datetime) -> PostTestStanding:
    """Where the learner stands before a post-test, whether or not it is open. Raises NotFound."""
    unit = study.get_unit(found, unit_number)
    progress = get_progress_for(found, now)
    standing = progress.tests.get(unit.post_test_id, NO_STANDING)
    allowed = found.outline.attempts_allowed
    opens_at = attempts.next_attempt_opens_at(found, standing)
    return PostTestStanding(
        unit=unit,
        closed_by=find_blocking_unit(found.outline, progress, unit_number),
        items_complete=are_items_complete(unit, progress),
        missing_time=missing_time(unit, progress),
        time_in_words=progress.time.in_words(unit.number),
        open_attempt_id=standing.open_attempt_id,
        passed_attempt_id=standing.passed_attempt_id,
        attempts=tuple(_list_attempts(found.enrollment.id, unit.post_test_id)),
        attempts_allowed=progress.count_attempts(unit.post_test_id, allowed),
        attempts_left=progress.count_attempts_left(unit.post_test_id, allowed),
        opens_at=opens_at if opens_at is not None and now < opens_at else None,
        questions=min(unit.draw, _count_pool(unit.post_test_id)),
        time_allowed=_time_allowed(found, now),
    )


def _count_pool(post_test_id: int) -> int:
    """How many questions may be drawn: those of the pool that are not void."""
    return (
        db.session.scalar(
            select(func.count(Question.id))
            .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
            .where(Question.post_test_id == post_test_id, QuestionRuling.id.is_(None))
        )
        or 0
    )


def _time_allowed(found: Study, now: datetime) -> timedelta | None:
    limit = rules_of(found.outline).time_limit
    if limit is None:
        return None
    return deadlines.find_time_allowed(found.enrollment.person_id, found.outline, limit, now)


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
