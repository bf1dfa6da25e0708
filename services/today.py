"""The administrator's first page: what waits for somebody, and what ends soon."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, literal_column, select

from domain.identity import Identity
from domain.orders import OPEN, REFUND_DUE
from domain.problems import WAITING
from extensions import db
from models import (
    AccommodationRequest,
    Certificate,
    Course,
    Edition,
    Enrollment,
    Job,
    LearnerQuestion,
    Order,
    ProblemReport,
    TimeCorrection,
)
from services import provider
from services.learner_questions import is_of_courses_of

WEEK = timedelta(days=7)
LATE = timedelta(minutes=10)
SOON = timedelta(days=180)
MOST_COUNTED = 1_000
"""Counting stops here, so that no count slows with the size of a table."""


@dataclass(frozen=True)
class Ending:
    """An approval or a course that ends within 180 days, or has ended without a successor.

    `kind` is 'approval' or 'course', `key` the approval's id or the course's slug.
    """

    kind: str
    key: str
    name: str
    last_day: date
    days_left: int


@dataclass(frozen=True)
class Today:
    """Counts, each up to MOST_COUNTED; those of the week are of the last seven days.

    `failed_jobs` were given up after every retry, `failed_mails` are those of them that were to
    send mail, `late_jobs` wait although they were due: a sign that the worker does not run.
    """

    questions_waiting: int
    questions_overdue: int
    orders_open: int
    refunds_due: int
    corrections: int
    accommodations: int
    problems: int
    failed_mails: int
    failed_jobs: int
    late_jobs: int
    enrolled_this_week: int
    certificates_this_week: int
    endings: list[Ending]


def get_today(who: Identity, now: datetime, today: date) -> Today:
    """What an administrator sees first, in a fixed number of queries; `today` is the provider's."""
    mine = (LearnerQuestion.answered_at.is_(None), is_of_courses_of(who))
    since = now - WEEK
    failed: ColumnElement[bool] = literal_column("job.state = 'failed'")
    return Today(
        questions_waiting=count(LearnerQuestion.id, *mine),
        questions_overdue=count(LearnerQuestion.id, *mine, LearnerQuestion.due_at < now),
        orders_open=count(Order.id, Order.state == OPEN),
        refunds_due=count(Order.id, Order.state == REFUND_DUE),
        corrections=count(TimeCorrection.id, TimeCorrection.decided_at.is_(None)),
        accommodations=count(AccommodationRequest.id, AccommodationRequest.decided_at.is_(None)),
        problems=count(ProblemReport.id, ProblemReport.state.in_(WAITING)),
        failed_mails=count(Job.id, failed, Job.kind == "mail"),
        failed_jobs=count(Job.id, failed),
        late_jobs=count(Job.id, *is_late(now)),
        enrolled_this_week=count(Enrollment.id, Enrollment.enrolled_at >= since),
        certificates_this_week=count(Certificate.id, Certificate.issued_at >= since),
        endings=_list_endings(today),
    )


def count(column: object, *conditions: ColumnElement[bool]) -> int:
    """How many rows there are, as far as MOST_COUNTED."""
    some = select(column).where(*conditions).limit(MOST_COUNTED).subquery()  # type: ignore[call-overload]
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def is_late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Jobs that are due and wait: written so that the index of what is due is used."""
    waits: ColumnElement[bool] = literal_column("job.state IN ('queued', 'running')")
    return waits, Job.state == "queued", Job.run_at < now - LATE


def _list_endings(today: date) -> list[Ending]:
    """What ends soon, the first to end first."""
    found = [*_ending_approvals(today), *_ending_courses(today)]
    return sorted(found, key=lambda ending: (ending.last_day, ending.name))


def _ending_approvals(today: date) -> list[Ending]:
    """The last approval of each line of renewals, where it ends soon or has ended."""
    last = {row.line: row for row in provider.list_all_approvals()}
    return [
        Ending("approval", row.id, row.body, row.valid_until, (row.valid_until - today).days)
        for row in last.values()
        if row.valid_until <= today + SOON
    ]


def _ending_courses(today: date) -> list[Ending]:
    """Courses on offer whose edition expires: until then they are to be reviewed."""
    rows = db.session.execute(
        select(Course.slug, Edition.title, Edition.expires)
        .join(Edition, Edition.id == Course.current_edition_id)
        .where(Course.archived_at.is_(None), Edition.expires <= today + SOON)
    )
    return [
        Ending("course", slug, title, expires, (expires - today).days)
        for slug, title, expires in rows
    ]
