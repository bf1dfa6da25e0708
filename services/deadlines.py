"""Deadlines of attempts, by the accommodations of each request; closing what is overdue."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select

from domain.deadline import TimeGrant, closes_at
from domain.outline import Outline
from extensions import db
from models import Accommodation, Attempt, Enrollment
from models.base import UtcDateTime
from services import attempts, editions
from services.enrollments import Study

SWEPT_AT_ONCE = 100
_SINCE = bindparam("since", type_=UtcDateTime())
_NOW = bindparam("now", type_=UtcDateTime())
_GRANTS = select(Accommodation.granted_at, Accommodation.time_percent).where(
    Accommodation.person_id == bindparam("person_id"),
    or_(Accommodation.course_id.is_(None), Accommodation.course_id == bindparam("course_id")),
    or_(Accommodation.ended_at.is_(None), Accommodation.ended_at >= _SINCE),
    or_(Accommodation.until.is_(None), Accommodation.until >= _SINCE),
    Accommodation.granted_at <= _NOW,
)


def find_deadline(
    started_at: datetime, limit_minutes: int | None, person_id: int, course_id: int, now: datetime
) -> datetime | None:
    """When an attempt closes; None where it is untimed. One query, and none for those.

    Every accommodation that was in force at a moment of the attempt counts, so that extra time
    granted in the middle acts at once, and the deadline is never earlier than it was.
    """
    if limit_minutes is None:
        return None
    given = {"person_id": person_id, "course_id": course_id, "since": started_at, "now": now}
    grants = (TimeGrant(*row) for row in db.session.execute(_GRANTS, given))
    return closes_at(started_at, timedelta(minutes=limit_minutes), grants)


def find_deadline_of(attempt: Attempt, study: Study, now: datetime) -> datetime | None:
    """When a learner's attempt closes; None where it is untimed."""
    enrollment = study.enrollment
    return find_deadline(
        attempt.started_at,
        attempt.time_limit_minutes,
        enrollment.person_id,
        enrollment.course_id,
        now,
    )


def find_time_allowed(
    person_id: int, outline: Outline, limit: timedelta, now: datetime
) -> timedelta:
    """What a limit comes to for a learner who would start now."""
    given = {"person_id": person_id, "course_id": outline.course_id, "since": now, "now": now}
    grants = [TimeGrant(*row) for row in db.session.execute(_GRANTS, given)]
    return closes_at(now, limit, grants) - now


def is_overdue(own: "attempts.AttemptInCourse", now: datetime) -> bool:
    """Whether an attempt is open although its time is up."""
    if own.is_submitted:
        return False
    deadline = find_deadline_of(own.attempt, own.study, now)
    return deadline is not None and now >= deadline


def close_if_overdue(own: "attempts.AttemptInCourse", now: datetime) -> bool:
    """Close an attempt whose time is up, as of its deadline, with the answers saved; say so."""
    if own.is_submitted:
        return False
    deadline = find_deadline_of(own.attempt, own.study, now)
    if deadline is None or now < deadline:
        return False
    attempts.close_attempt(own, deadline, "deadline", now)
    return True


def close_overdue(now: datetime) -> None:
    """The chore: close every attempt whose time is up, the oldest first, SWEPT_AT_ONCE a turn."""
    for own in _list_timed(now):
        close_if_overdue(own, now)


def _list_timed(now: datetime) -> Iterable["attempts.AttemptInCourse"]:
    """Open attempts with a limit; those that no accommodation could keep open come first."""
    rows = db.session.execute(
        select(Attempt, Enrollment)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .where(
            Attempt.submitted_at.is_(None),
            Attempt.time_limit_minutes.is_not(None),
            Attempt.started_at <= now,
        )
        .order_by(Attempt.started_at)
    ).all()
    overdue = [row for row in rows if _is_due(row.Attempt, now)][:SWEPT_AT_ONCE]
    for attempt, enrollment in overdue:
        study = Study(enrollment, editions.get_outline(enrollment.edition_id))
        yield attempts.in_course(attempt, study)


def _is_due(attempt: Attempt, now: datetime) -> bool:
    """Whether the limit itself, without accommodations, is over."""
    return now >= attempt.started_at + timedelta(minutes=attempt.time_limit_minutes or 0)
