"""What a learner has done of a course, in a handful of queries: the base of every rule and page.

The statements are made once: they run on every page of the player.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    CompoundSelect,
    Integer,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

import clock
from domain.standing import NO_STANDING, Progress, TestStanding
from extensions import db
from models import (
    Accommodation,
    Attempt,
    AttemptGrant,
    Enrollment,
    EvaluationSubmission,
    Grade,
    ItemCompletion,
)
from models.base import UtcDateTime
from services.plain_rows import read

__all__ = ["NO_STANDING", "Progress", "TestStanding", "get_progress"]


def get_progress(enrollment_id: int) -> Progress:
    """One query, whatever the size of the course."""
    items: dict[int, datetime] = {}
    evaluated_at: datetime | None = None
    attempts: dict[int, list[Any]] = {}
    granted: dict[int, int] = {}
    extra = 0
    given = {"enrollment_id": enrollment_id, "now": clock.now()}
    for row in read(_OF_ONE, given):
        if row.what == "item":
            items[row.of_id] = row.at
        elif row.what == "evaluation":
            evaluated_at = row.at
        elif row.what == "attempt":
            attempts.setdefault(row.of_id, []).append(row)
        elif row.what == "grant":
            granted[row.of_id] = granted.get(row.of_id, 0) + row.number
        else:
            extra = max(extra, row.number)
    tests = {
        test_id: _standing(sorted(attempts.get(test_id, []), key=_number), granted.get(test_id, 0))
        for test_id in attempts.keys() | granted.keys()
    }
    return Progress(items, tests, evaluated_at, extra)


def list_progress(enrollment_ids: Sequence[int]) -> dict[int, Progress]:
    """The progress of several enrollments by id: three queries, however many there are."""
    ids = {"ids": list(enrollment_ids)}
    items: dict[int, dict[int, datetime]] = {found: {} for found in enrollment_ids}
    for enrollment_id, item_id, when in db.session.execute(_COMPLETED, ids):
        items[enrollment_id][item_id] = when
    evaluated = {row[0]: row[1] for row in db.session.execute(_EVALUATED, ids)}
    tests = _list_standings(enrollment_ids)
    return {
        found: Progress(items[found], tests.get(found, {}), evaluated.get(found))
        for found in enrollment_ids
    }


_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_COMPLETED = select(
    ItemCompletion.enrollment_id, ItemCompletion.item_id, ItemCompletion.completed_at
).where(ItemCompletion.enrollment_id.in_(_IDS))
_EVALUATED = select(EvaluationSubmission.enrollment_id, EvaluationSubmission.submitted_at).where(
    EvaluationSubmission.enrollment_id.in_(_IDS)
)
_LATEST = (
    select(func.max(Grade.number))
    .where(Grade.attempt_id == Attempt.id)
    .correlate(Attempt)
    .scalar_subquery()
)
_STANDINGS = (
    select(
        Attempt.enrollment_id,
        Attempt.post_test_id,
        Attempt.id,
        Attempt.submitted_at.label("at"),
        Attempt.number,
        Grade.passed,
    )
    .outerjoin(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == _LATEST))
    .where(Attempt.enrollment_id.in_(_IDS))
    .order_by(Attempt.number)
)


_NO_NUMBER = cast(null(), Integer)
_ENROLLMENT: BindParameter[int] = bindparam("enrollment_id")
_NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
_OF_ONE: CompoundSelect[Any] = union_all(
    select(
        literal("item").label("what"),
        ItemCompletion.item_id.label("of_id"),
        _NO_NUMBER.label("id"),
        ItemCompletion.completed_at.label("at"),
        _NO_NUMBER.label("number"),
        cast(null(), Boolean).label("passed"),
    ).where(ItemCompletion.enrollment_id == _ENROLLMENT),
    select(
        literal("evaluation"),
        _NO_NUMBER,
        _NO_NUMBER,
        EvaluationSubmission.submitted_at,
        _NO_NUMBER,
        cast(null(), Boolean),
    ).where(EvaluationSubmission.enrollment_id == _ENROLLMENT),
    select(
        literal("attempt"),
        Attempt.post_test_id,
        Attempt.id,
        Attempt.submitted_at,
        Attempt.number,
        Grade.passed,
    )
    .outerjoin(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == _LATEST))
    .where(Attempt.enrollment_id == _ENROLLMENT),
    select(
        literal("grant"),
        AttemptGrant.post_test_id,
        _NO_NUMBER,
        AttemptGrant.granted_at,
        AttemptGrant.attempts,
        cast(null(), Boolean),
    ).where(AttemptGrant.enrollment_id == _ENROLLMENT),
    select(
        literal("accommodation"),
        _NO_NUMBER,
        _NO_NUMBER,
        Accommodation.granted_at,
        Accommodation.extra_attempts,
        cast(null(), Boolean),
    )
    .join(Enrollment, Enrollment.person_id == Accommodation.person_id)
    .where(
        Enrollment.id == _ENROLLMENT,
        Accommodation.extra_attempts > 0,
        or_(Accommodation.course_id.is_(None), Accommodation.course_id == Enrollment.course_id),
        Accommodation.ended_at.is_(None),
        Accommodation.granted_at <= _NOW,
        or_(Accommodation.until.is_(None), Accommodation.until > _NOW),
    ),
)


def _number(row: Any) -> int:
    return int(row.number)


def _list_standings(enrollment_ids: Sequence[int]) -> dict[int, dict[int, TestStanding]]:
    """Standings by enrollment and post-test."""
    rows = db.session.execute(_STANDINGS, {"ids": list(enrollment_ids)}).all()
    grouped: dict[int, dict[int, list[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.enrollment_id, {}).setdefault(row.post_test_id, []).append(row)
    return {
        enrollment_id: {test_id: _standing(found) for test_id, found in by_test.items()}
        for enrollment_id, by_test in grouped.items()
    }


def _standing(rows: Sequence[Any], granted: int = 0) -> TestStanding:
    submitted = [row for row in rows if row.at is not None]
    passed = [row for row in submitted if row.passed]
    still_open = [row for row in rows if row.at is None]
    return TestStanding(
        attempts_used=len(rows),
        open_attempt_id=still_open[0].id if still_open else None,
        passed_at=passed[0].at if passed else None,
        passed_attempt_id=passed[0].id if passed else None,
        latest_submitted_id=submitted[-1].id if submitted else None,
        passed_number=passed[0].number if passed else None,
        attempts_granted=granted,
        latest_submitted_at=submitted[-1].at if submitted else None,
    )
