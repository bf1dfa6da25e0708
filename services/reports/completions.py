"""Completions: how many enrolled and completed by month and course, and how long it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from domain.months import Days, months_of_days
from domain.spread import Spread, spread_of_counts
from extensions import db
from models import Course, Edition, Enrollment
from models.sql import seconds_between
from services.reports import summaries
from services.reports.summaries import Report, added

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
    months: dict[str, list[Figures]] = {month.name: [] for month in months_of_days(days)}
    courses: dict[int, list[Figures]] = {}
    for month, by_course in summaries.read(REPORT, days, course_id):
        months[month] += by_course.values()
        for of, figures in by_course.items():
            courses.setdefault(of, []).append(figures)
    taken = {of: _days_taken(figures) for of, figures in courses.items()}
    return Completions(
        months=[
            MonthLine(name, _sum("enrolled", figures), _sum("completed", figures))
            for name, figures in months.items()
        ],
        courses=_list_courses(courses, taken),
        days=spread_of_counts(_as_numbers(added([*taken.values()]))),
    )


def count_in(days: Days, course_id: int) -> tuple[int, int]:
    """How many enrollments of a course began, and how many were completed, in some days."""
    found = get_completions(days, course_id)
    return found.enrolled, found.completed


Figures = dict[str, Any]
"""What is counted of a course: `enrolled`, `completed`, and `days`: how many took so many."""


def _count(days: Days, course_id: int | None) -> dict[int, Figures]:
    found: dict[int, Figures] = {}
    for of, number in _enrolled(days, course_id):
        found.setdefault(of, _nothing())["enrolled"] = number
    for of, whole_days, number in _completed(days, course_id):
        figures = found.setdefault(of, _nothing())
        figures["completed"] += number
        key = str(max(int(whole_days), 0))
        figures["days"][key] = figures["days"].get(key, 0) + number
    return found


def _nothing() -> Figures:
    return {"enrolled": 0, "completed": 0, "days": {}}


def _enrolled(days: Days, course_id: int | None) -> Any:
    query = select(Enrollment.course_id, func.count()).where(
        Enrollment.enrolled_at >= days.start, Enrollment.enrolled_at < days.end
    )
    if course_id is not None:
        query = query.where(Enrollment.course_id == course_id)
    return db.session.execute(query.group_by(Enrollment.course_id))


def _completed(days: Days, course_id: int | None) -> Any:
    """By course and whole days from enrollment to completion: how many learners."""
    taken = func.floor(seconds_between(Enrollment.enrolled_at, Enrollment.completed_at) / DAY_S)
    query = select(Enrollment.course_id, taken, func.count(Enrollment.completed_at)).where(
        Enrollment.completed_at >= days.start, Enrollment.completed_at < days.end
    )
    if course_id is not None:
        query = query.where(Enrollment.course_id == course_id)
    return db.session.execute(query.group_by(Enrollment.course_id, taken))


REPORT = Report("completions", _count)


def _sum(name: str, figures: Sequence[Figures]) -> int:
    return sum(one[name] for one in figures)


def _days_taken(figures: Sequence[Figures]) -> dict[str, int]:
    return added([one["days"] for one in figures])


def _as_numbers(counts: Mapping[str, int]) -> dict[int, int]:
    return {int(days): learners for days, learners in counts.items()}


def _list_courses(
    courses: Mapping[int, Sequence[Figures]], taken: Mapping[int, Mapping[str, int]]
) -> list[CourseLine]:
    """Every course with an enrollment or a completion in the period, by title."""
    return [
        CourseLine(
            slug=slug,
            title=title,
            enrolled=_sum("enrolled", courses[of]),
            completed=_sum("completed", courses[of]),
            days=spread_of_counts(_as_numbers(taken[of])),
        )
        for of, slug, title in list_courses()
        if of in courses
    ]


def list_courses() -> list[tuple[int, str, str]]:
    """Id, slug and title of every published course, also of those no longer offered."""
    rows: Any = db.session.execute(
        select(Course.id, Course.slug, Edition.title)
        .join(Edition, Edition.id == Course.current_edition_id)
        .order_by(Edition.title, Course.id)
    )
    return [(course_id, slug, title) for course_id, slug, title in rows]
