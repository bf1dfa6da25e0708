"""The administrator's first page: what waits, what happened this week, the courses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from domain.identity import Identity
from domain.outline import Outline
from extensions import db
from models import Certificate, Course, Enrollment, Job
from services import editions, instructor_queue

WEEK = timedelta(days=7)
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class CourseLine:
    """A course with the numbers of its enrollments."""

    outline: Outline
    is_offered: bool
    enrollments: int
    completed: int


@dataclass(frozen=True)
class Today:
    """Counts for the first page; those of the week are of the last seven days.

    `failed_jobs` were given up after every retry, `failed_mails` are those of them that were to
    send mail, `late_jobs` wait although they were due: a sign that the worker does not run.
    """

    questions_waiting: int
    questions_overdue: int
    enrolled_this_week: int
    certificates_this_week: int
    failed_mails: int
    failed_jobs: int
    late_jobs: int
    courses: list[CourseLine]


def get_today(who: Identity, now: datetime) -> Today:
    """What an administrator sees first, in a fixed number of queries."""
    waiting, overdue = instructor_queue.count_waiting(who, now)
    since = now - WEEK
    return Today(
        questions_waiting=waiting,
        questions_overdue=overdue,
        enrolled_this_week=_count(Enrollment.enrolled_at >= since),
        certificates_this_week=_count(Certificate.issued_at >= since),
        failed_mails=_count(Job.state == "failed", Job.kind == "mail"),
        failed_jobs=_count(Job.state == "failed"),
        late_jobs=_count(Job.state == "queued", Job.run_at < now - LATE),
        courses=_list_courses(),
    )


def _list_courses() -> list[CourseLine]:
    counts = {
        course_id: (enrollments, completed)
        for course_id, enrollments, completed in db.session.execute(
            select(
                Enrollment.course_id, func.count(), func.count(Enrollment.completed_at)
            ).group_by(Enrollment.course_id)
        )
    }
    lines = [
        CourseLine(
            editions.get_outline(course.current_edition_id),
            course.archived_at is None,
            *counts.get(course.id, (0, 0)),
        )
        for course in db.session.scalars(select(Course))
        if course.current_edition_id is not None
    ]
    return sorted(lines, key=lambda line: line.outline.title)


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(*conditions)) or 0
