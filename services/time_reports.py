"""Reports of recorded time: by unit and by kind of evidence, against the declared minutes.

They read `recorded_time.lines`, as the learner's page and the auditor's view do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from domain.outline import Outline
from domain.spread import Spread, find_spread
from domain.study_days import Bounds, Unusual, find_unusual
from domain.time_record import Evidence
from extensions import db
from models import Course, Edition, Enrollment, Person, StudyInterval
from models.sql import seconds_between
from services import editions
from services.recorded_time import lines

MERITS_READING = timedelta(hours=3)
"""Less than this in a calendar day of UTC is part of no long day and no long stretch."""


@dataclass(frozen=True)
class Period:
    """From an instant until another, which is not part of it."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class UnitTime:
    """The time of one unit (None: the evaluation and other) over the learners of a report.

    `spread` is of counted seconds per learner; `by_evidence` are seconds of all of them.
    """

    unit_number: int | None
    title: str
    minutes: int
    spread: Spread | None
    by_evidence: Mapping[str, int]


@dataclass(frozen=True)
class FlaggedLearner:
    """Days and stretches of a learner that merit a look; nothing is cut."""

    learner: Person
    enrollment_id: int
    found: Sequence[Unusual]


@dataclass(frozen=True)
class TimeReport:
    """The learners who completed a course within a period, and the time they took."""

    outline: Outline
    learners: int
    whole: UnitTime
    units: Sequence[UnitTime]
    flagged: Sequence[FlaggedLearner]


def get_report(slug: str, period: Period) -> TimeReport:
    """The report of a course; declared minutes are those of its current edition. NotFound."""
    course = editions.get_course(slug)
    assert course.current_edition_id is not None
    outline = editions.get_outline(course.current_edition_id)
    chosen = _completed(period).where(Enrollment.course_id == outline.course_id)
    learners = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    sums = _sums(chosen)
    ids = list(db.session.scalars(chosen))
    parts = [
        (unit.number, f"Unit {unit.number}: {unit.title}", unit.minutes) for unit in outline.units
    ]
    other = (None, "Evaluation and other", outline.assessment_minutes)
    whole = (None, "The whole course", outline.minutes)
    return TimeReport(
        outline=outline,
        learners=learners,
        whole=_unit_time(ids, sums, outline, whole, whole=True),
        units=[_unit_time(ids, sums, outline, part) for part in (*parts, other)],
        flagged=_list_flagged(outline.course_id, period),
    )


def measured_minutes(edition_id: int) -> int | None:
    """The median of the whole minutes recorded per learner who completed an edition.

    For the credit worksheet: what counts in this course, measured and corrected, and declared
    where the course says so. None where nobody has completed it.
    """
    chosen = select(Enrollment.id).where(
        Enrollment.edition_id == edition_id, Enrollment.completed_at.is_not(None)
    )
    ids = list(db.session.scalars(chosen))
    if not ids:
        return None
    outline = editions.get_outline(edition_id)
    spread = find_spread(_per_learner(ids, _sums(chosen), outline, lambda unit: True))
    return spread.median // 60 if spread else None


def seconds_by_evidence(course_id: int, period: Period) -> dict[tuple[int | None, str], int]:
    """The seconds of all who completed a course in a period, by unit number and evidence."""
    line = lines(_completed(period).where(Enrollment.course_id == course_id))
    rows = db.session.execute(
        select(line.c.unit_number, line.c.evidence, func.sum(line.c.seconds)).group_by(
            line.c.unit_number, line.c.evidence
        )
    )
    return {(unit, evidence): int(seconds) for unit, evidence, seconds in rows}


Sums = Sequence[tuple[int, int | None, str, int]]
"""(enrollment id, unit number, evidence, seconds)."""


def _completed(period: Period) -> Select[int]:
    return select(Enrollment.id).where(
        Enrollment.completed_at >= period.start, Enrollment.completed_at < period.end
    )


def _sums(chosen: Select[Any]) -> Sums:
    line = lines(chosen)
    rows = db.session.execute(
        select(
            line.c.enrollment_id, line.c.unit_number, line.c.evidence, func.sum(line.c.seconds)
        ).group_by(line.c.enrollment_id, line.c.unit_number, line.c.evidence)
    )
    return [
        (enrollment, unit, evidence, int(seconds)) for enrollment, unit, evidence, seconds in rows
    ]


def _unit_time(
    ids: Sequence[int],
    sums: Sums,
    outline: Outline,
    part: tuple[int | None, str, int],
    *,
    whole: bool = False,
) -> UnitTime:
    number, title, minutes = part
    by_evidence = {kind.value: 0 for kind in Evidence}
    for _, unit, evidence, seconds in sums:
        if whole or unit == number:
            by_evidence[evidence] += seconds
    figures = _per_learner(ids, sums, outline, lambda unit: whole or unit == number)
    return UnitTime(number, title, minutes, find_spread(figures), by_evidence)


def _per_learner(ids: Sequence[int], sums: Sums, outline: Outline, is_in: Any) -> list[int]:
    """Counted seconds per enrollment, nothing recorded being 0."""
    totals = dict.fromkeys(ids, 0)
    for enrollment, unit, evidence, seconds in sums:
        if is_in(unit) and (outline.counts_declared or evidence != Evidence.DECLARED.value):
            totals[enrollment] += seconds
    return list(totals.values())


def _list_flagged(course_id: int, period: Period) -> list[FlaggedLearner]:
    """Learners of a course with long days or stretches in a period, over all their courses."""
    flagged = []
    for person, enrollment_id in _list_busy(course_id, period):
        found = find_unusual(_list_bounds(person.id, period), person.time_zone)
        if found:
            flagged.append(FlaggedLearner(person, enrollment_id, found))
    return flagged


def _list_busy(course_id: int, period: Period) -> list[tuple[Person, int]]:
    """Learners with so much in one day of UTC that reading their intervals is worthwhile."""
    day = func.date(StudyInterval.started_at)
    length = func.sum(seconds_between(StudyInterval.started_at, StudyInterval.ended_at))
    busy = (
        select(StudyInterval.person_id)
        .where(StudyInterval.started_at >= period.start, StudyInterval.started_at < period.end)
        .group_by(StudyInterval.person_id, day)
        .having(length > MERITS_READING.total_seconds())
    )
    rows = db.session.execute(
        select(Person, func.max(Enrollment.id))
        .join(Enrollment, Enrollment.person_id == Person.id)
        .where(Enrollment.course_id == course_id, Person.id.in_(busy))
        .group_by(Person.id)
        .order_by(Person.id)
    )
    return [(person, enrollment_id) for person, enrollment_id in rows]


def _list_bounds(person_id: int, period: Period) -> list[Bounds]:
    rows = db.session.execute(
        select(StudyInterval.started_at, StudyInterval.ended_at).where(
            StudyInterval.person_id == person_id,
            StudyInterval.started_at >= period.start,
            StudyInterval.started_at < period.end,
        )
    )
    return [(started, ended) for started, ended in rows]


def list_course_titles() -> list[tuple[str, str]]:
    """(slug, title) of every published course, also of those no longer offered."""
    rows = db.session.execute(
        select(Course.slug, Edition.title)
        .join(Edition, Edition.id == Course.current_edition_id)
        .order_by(Edition.title)
    )
    return [(slug, title) for slug, title in rows]
