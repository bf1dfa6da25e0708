"""Post-tests: how many submitted attempts passed, by course and unit, and at which attempt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from domain.months import Days
from extensions import db
from models import Attempt, Enrollment, Grade, PostTest, Unit
from services import editions
from services.reports import summaries
from services.reports.completions import list_courses
from services.reports.summaries import Report

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
        return _list_units(days, slug)
    found: dict[int, list[Units]] = {}
    for _, by_course in summaries.read(REPORT, days, None):
        for of, units in by_course.items():
            found.setdefault(of, []).append(units)
    return [
        _line(slug, title, _merge(counts for units in found[of] for counts in units.values()))
        for of, slug, title in list_courses()
        if of in found
    ]


def _list_units(days: Days, slug: str) -> list[TestLine]:
    course = editions.get_course(slug)
    assert course.current_edition_id is not None
    outline = editions.get_outline(course.current_edition_id)
    titles = {unit.number: f"Unit {unit.number}: {unit.title}" for unit in outline.units}
    found: dict[int, list[Counts]] = {}
    for _, by_course in summaries.read(REPORT, days, course.id):
        for number, counts in by_course.get(course.id, {}).items():
            found.setdefault(int(number), []).append(counts)
    units = [
        _line(str(number), titles.get(number, f"Unit {number}"), _merge(found.get(number, [])))
        for number in sorted(titles.keys() | found.keys())
    ]
    return [_all_of(units), *units]


def latest_grade() -> ColumnElement[int]:
    """The number of the line of an attempt's grade log that counts."""
    return (
        select(func.max(Grade.number))
        .where(Grade.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )


Counts = dict[str, Sequence[int]]
"""Attempt's number (later ones under MOST_TOLD) to (submitted, passed)."""
Units = dict[str, Counts]
"""By the number of the unit."""


def _count(days: Days, course_id: int | None) -> dict[int, Units]:
    number = case((Attempt.number < MOST_TOLD, Attempt.number), else_=MOST_TOLD)
    query = (
        select(
            Enrollment.course_id,
            Unit.number,
            number,
            func.count(),
            func.sum(case((Grade.passed, 1), else_=0)),
        )
        .select_from(Attempt)
        .join(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == latest_grade()))
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(PostTest, PostTest.id == Attempt.post_test_id)
        .join(Unit, Unit.id == PostTest.unit_id)
        .where(Attempt.submitted_at >= days.start, Attempt.submitted_at < days.end)
        .group_by(Enrollment.course_id, Unit.number, number)
    )
    if course_id is not None:
        query = query.where(Enrollment.course_id == course_id)
    found: dict[int, Units] = {}
    for of, unit, attempt, submitted, passed in db.session.execute(query):
        units = found.setdefault(of, {})
        units.setdefault(str(unit), {})[str(attempt)] = (submitted, int(passed))
    return found


REPORT = Report("post-tests", _count)


def _merge(parts: Iterable[Counts]) -> Counts:
    total: dict[str, tuple[int, int]] = {}
    for counts in parts:
        for attempt, (submitted, passed) in counts.items():
            before = total.get(attempt, (0, 0))
            total[attempt] = (before[0] + submitted, before[1] + passed)
    return dict(total)


def _line(key: str, title: str, counts: Counts) -> TestLine:
    return TestLine(
        key=key,
        title=title,
        submitted=sum(submitted for submitted, _ in counts.values()),
        passed=sum(passed for _, passed in counts.values()),
        passed_at=tuple(counts.get(str(n), (0, 0))[1] for n in range(1, MOST_TOLD + 1)),
    )


def _all_of(units: Sequence[TestLine]) -> TestLine:
    return TestLine(
        key="",
        title="All units",
        submitted=sum(unit.submitted for unit in units),
        passed=sum(unit.passed for unit in units),
        passed_at=tuple(sum(unit.passed_at[n] for unit in units) for n in range(MOST_TOLD)),
    )
