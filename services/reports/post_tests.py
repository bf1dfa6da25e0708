"""Post-tests: how many submitted attempts passed, by course and unit, and at which attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from domain.months import Days
from extensions import db
from models import Attempt, Course, Edition, Enrollment, Grade, PostTest, Unit
from services import editions

MOST_TOLD = 4
"""Passes at the first, second and third attempt are told apart; later ones together."""


@dataclass(frozen=True)
class TestLine:
    """Attempts submitted in the period at one test, or at all tests of a course.

    `passed_at` counts the passes at the first, second, third and any later attempt.
    """

    key: str
    title: str
    submitted: int
    passed: int
    passed_at: tuple[int, ...]

    __test__ = False

    @property
    def share(self) -> int:
        """Percent of the submitted attempts that passed, rounded down."""
        return self.passed * 100 // self.submitted if self.submitted else 0


def list_tests(days: Days, slug: str) -> Sequence[TestLine]:
    """One line for each course; of one course, one for each unit and all of it first."""
    if slug:
        course = editions.get_course(slug)
        assert course.current_edition_id is not None
        outline = editions.get_outline(course.current_edition_id)
        titles = {unit.number: f"Unit {unit.number}: {unit.title}" for unit in outline.units}
        counts = _count(days, Unit.number, Enrollment.course_id == course.id)
        units = [
            _line(str(number), titles.get(number, f"Unit {number}"), counts.get(number, {}))
            for number in sorted(titles.keys() | counts.keys())
        ]
        return [_all_of(units), *units]
    by_course = _count(days, Enrollment.course_id)
    rows = db.session.execute(
        select(Course.id, Course.slug, Edition.title)
        .join(Edition, Edition.id == Course.current_edition_id)
        .order_by(Edition.title, Course.id)
    )
    return [_line(s, title, by_course[id]) for id, s, title in rows if id in by_course]


def latest_grade() -> ColumnElement[int]:
    """The number of the line of an attempt's grade log that counts."""
    return (
        select(func.max(Grade.number))
        .where(Grade.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )


Counts = dict[int, tuple[int, int]]
"""Attempt's number (later ones under MOST_TOLD) to (submitted, passed)."""


def _count(
    days: Days, by: ColumnElement[int] | object, *conditions: ColumnElement[bool]
) -> dict[int, Counts]:
    number = case((Attempt.number < MOST_TOLD, Attempt.number), else_=MOST_TOLD)
    rows: Any = db.session.execute(
        select(
            by,  # type: ignore[arg-type]
            number,
            func.count(),
            func.sum(case((Grade.passed, 1), else_=0)),
        )
        .select_from(Attempt)
        .join(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == latest_grade()))
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(PostTest, PostTest.id == Attempt.post_test_id)
        .join(Unit, Unit.id == PostTest.unit_id)
        .where(Attempt.submitted_at >= days.start, Attempt.submitted_at < days.end, *conditions)
        .group_by(by, number)  # type: ignore[arg-type]
    )
    found: dict[int, Counts] = {}
    for key, attempt, submitted, passed in rows:
        found.setdefault(key, {})[attempt] = (submitted, int(passed))
    return found


def _line(key: str, title: str, counts: Counts) -> TestLine:
    return TestLine(
        key=key,
        title=title,
        submitted=sum(submitted for submitted, _ in counts.values()),
        passed=sum(passed for _, passed in counts.values()),
        passed_at=tuple(counts.get(n, (0, 0))[1] for n in range(1, MOST_TOLD + 1)),
    )


def _all_of(units: Sequence[TestLine]) -> TestLine:
    return TestLine(
        key="",
        title="All units",
        submitted=sum(unit.submitted for unit in units),
        passed=sum(unit.passed for unit in units),
        passed_at=tuple(sum(unit.passed_at[n] for unit in units) for n in range(MOST_TOLD)),
    )
