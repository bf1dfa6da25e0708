"""Long days and long stretches of study, which merit a look; nothing is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from domain.months import Days
from domain.study_days import Bounds, Unusual, find_unusual
from extensions import db
from models import Enrollment, Person, StudyInterval
from models.sql import seconds_between
from services.reports import summaries
from services.reports.summaries import Report

MERITS_READING = timedelta(hours=3)
"""Less than this in a calendar day of UTC is part of no long day and no long stretch."""
SETTLED_AFTER = timedelta(days=3)
"""So long after a day it is over in every time zone, and so is a stretch that began on it."""
MOST_SHOWN = 50
ANYBODY = -1
"""In place of a course: days and stretches are of a learner, over all courses."""


@dataclass(frozen=True)
class FlaggedLearner:
    """Days and stretches of a learner that merit a look, and the enrollment to look at."""

    learner: Person
    enrollment_id: int
    found: Sequence[Unusual]


@dataclass(frozen=True)
class Flagged:
    """The learners of a course with unusual days up to `until`, the latest MOST_SHOWN.

    `is_cut`: there are more. Later days are looked at once they have settled.
    """

    learners: Sequence[FlaggedLearner]
    until: date
    is_cut: bool


def list_flagged(course_id: int, days: Days, today: date) -> Flagged:
    """Long days and stretches of learners of a course, by the day on which they began."""
    until = min(days.last, today - SETTLED_AFTER - timedelta(days=1))
    if until < days.first:
        return Flagged([], until, is_cut=False)
    parts = summaries.read(REPORT, Days(days.first, until, days.zone), ANYBODY)
    by_person: dict[int, list[Unusual]] = {}
    for _, figures in reversed(parts):
        for person_id, kind, day, seconds in figures.get(ANYBODY, {"found": []})["found"]:
            unusual = Unusual(kind, date.fromisoformat(day), timedelta(seconds=seconds))
            by_person.setdefault(person_id, []).append(unusual)
    rows = _list_learners(course_id, list(by_person))
    rows.sort(key=lambda row: max(found.day for found in by_person[row[0].id]), reverse=True)
    return Flagged(
        [
            FlaggedLearner(person, enrollment_id, sorted(by_person[person.id], key=_order))
            for person, enrollment_id in rows[:MOST_SHOWN]
        ],
        until,
        is_cut=len(rows) > MOST_SHOWN,
    )


def _order(found: Unusual) -> tuple[date, str]:
    return found.day, found.kind


def _list_learners(course_id: int, person_ids: Sequence[int]) -> list[tuple[Person, int]]:
    rows = db.session.execute(
        select(Person, func.max(Enrollment.id))
        .join(Enrollment, Enrollment.person_id == Person.id)
        .where(
            Enrollment.course_id == course_id,
            Enrollment.records_deleted_at.is_(None),
            Person.id.in_(person_ids),
        )
        .group_by(Person.id)
    )
    return [(person, enrollment_id) for person, enrollment_id in rows]


def _count(days: Days, course_id: int | None) -> dict[int, Any]:
    """Everybody's, whatever the course; days are those of each learner's own time zone."""
    around = days.start - SETTLED_AFTER, days.end + SETTLED_AFTER
    found = [
        (person_id, one.kind, one.day.isoformat(), int(one.length.total_seconds()))
        for person_id, zone in _list_busy(*around)
        for one in find_unusual(_list_bounds(person_id, *around), zone)
        if days.first <= one.day <= days.last
    ]
    return {ANYBODY: {"found": found}} if found else {}


REPORT = Report("long-study", _count, settled_after=SETTLED_AFTER, reach=2)


def _list_busy(start: datetime, end: datetime) -> Sequence[Any]:
    """Learners with so much in one day of UTC that reading their intervals is worthwhile."""
    day = func.date(StudyInterval.started_at)
    length = func.sum(seconds_between(StudyInterval.started_at, StudyInterval.ended_at))
    busy = (
        select(StudyInterval.person_id)
        .where(StudyInterval.started_at >= start, StudyInterval.started_at < end)
        .group_by(StudyInterval.person_id, day)
        .having(length > MERITS_READING.total_seconds())
    )
    query = select(Person.id, Person.time_zone).where(Person.id.in_(busy)).order_by(Person.id)
    return db.session.execute(query).all()


def _list_bounds(person_id: int, start: datetime, end: datetime) -> list[Bounds]:
    rows = db.session.execute(
        select(StudyInterval.started_at, StudyInterval.ended_at).where(
            StudyInterval.person_id == person_id,
            StudyInterval.started_at >= start,
            StudyInterval.started_at < end,
        )
    )
    return [(started, ended) for started, ended in rows]
