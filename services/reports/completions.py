"""Completions: how many enrolled and completed by month and course, and how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from domain.months import Days, months_of_days
from domain.spread import Spread, spread_of_counts
from extensions import db
from models import Course, Edition, Enrollment
from models.sql import seconds_between
from services.reports.counting import count_by_month

DAY_S = 86_400


@dataclass(frozen=True)
class MonthLine:
    """A month ('2026-11'): enrollments that began in it, and enrollments completed in it."""

    month: str
    enrolled: int
    completed: int


@dataclass(frozen=True)
class CourseLine:
    """A course in the period; `days` are whole days from enrollment to completion."""

    slug: str
    title: str
    enrolled: int
    completed: int
    days: Spread | None


@dataclass(frozen=True)
class Completions:
    """The report: by month, by course, and the days that those who completed took."""

    months: Sequence[MonthLine]
    courses: Sequence[CourseLine]
    days: Spread | None

    @property
    def enrolled(self) -> int:
        return sum(line.enrolled for line in self.months)

    @property
    def completed(self) -> int:
        return sum(line.completed for line in self.months)


def get_completions(days: Days, course_id: int | None) -> Completions:
    """The report of one course, or of all (None), over some days."""
    months = months_of_days(days)
    of = [] if course_id is None else [Enrollment.course_id == course_id]
    enrolled = count_by_month(Enrollment.enrolled_at, months, *of)
    completed = count_by_month(Enrollment.completed_at, months, *of)
    counts = _days_taken(days, of)
    return Completions(
        months=[MonthLine(m.name, enrolled[m.name], completed[m.name]) for m in months],
        courses=_list_courses(days, of, counts),
        days=spread_of_counts(_added(counts)),
    )


def count_in(days: Days, course_id: int) -> tuple[int, int]:
    """How many enrollments of a course began, and how many were completed, in some days."""
    found = get_completions(days, course_id)
    return found.enrolled, found.completed


def _days_taken(days: Days, of: list[ColumnElement[bool]]) -> dict[int, dict[int, int]]:
    """By course: whole days from enrollment to completion, and how many learners took them."""
    taken = seconds_between(Enrollment.enrolled_at, Enrollment.completed_at) / DAY_S
    whole = func.floor(taken)
    rows = db.session.execute(
        select(Enrollment.course_id, whole, func.count(Enrollment.completed_at))
        .where(Enrollment.completed_at >= days.start, Enrollment.completed_at < days.end, *of)
        .group_by(Enrollment.course_id, whole)
    )
    found: dict[int, dict[int, int]] = {}
    for course_id, number, learners in rows:
        found.setdefault(course_id, {})[max(int(number), 0)] = learners
    return found


def _added(counts: dict[int, dict[int, int]]) -> dict[int, int]:
    """The counts of all courses together."""
    total: dict[int, int] = {}
    for of_course in counts.values():
        for number, learners in of_course.items():
            total[number] = total.get(number, 0) + learners
    return total


def _list_courses(
    days: Days, of: list[ColumnElement[bool]], counts: dict[int, dict[int, int]]
) -> list[CourseLine]:
    """Every course with an enrollment or a completion in the period, by title."""
    enrolled: dict[int, int] = dict(
        db.session.execute(
            select(Enrollment.course_id, func.count())
            .where(Enrollment.enrolled_at >= days.start, Enrollment.enrolled_at < days.end, *of)
            .group_by(Enrollment.course_id)
        ).all()
    )
    return [
        CourseLine(
            slug=slug,
            title=title,
            enrolled=enrolled.get(course_id, 0),
            completed=sum(counts.get(course_id, {}).values()),
            days=spread_of_counts(counts.get(course_id, {})),
        )
        for course_id, slug, title in list_courses()
        if course_id in enrolled or course_id in counts
    ]


def list_courses() -> list[tuple[int, str, str]]:
    """Id, slug and title of every published course, also of those no longer offered."""
    rows: Any = db.session.execute(
        select(Course.id, Course.slug, Edition.title)
        .join(Edition, Edition.id == Course.current_edition_id)
        .order_by(Edition.title, Course.id)
    )
    return [(course_id, slug, title) for course_id, slug, title in rows]
