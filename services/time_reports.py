"""Reports of recorded time: by unit and by kind of evidence, against the declared minutes.

They read `recorded_time.lines`, as the learner's page and the auditor's view do, and keep the
sums of days that are over (`reports.summaries`): no time is recorded once a course is complete,
and a correction granted later makes the sum of its month anew.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from domain.months import Days
from domain.outline import Outline
from domain.spread import Spread, spread_of_counts
from domain.time_record import Evidence
from extensions import db
from models import Course, Edition, Enrollment
from services import editions
from services.recorded_time import lines
from services.reports import summaries
from services.reports.summaries import Report, added

WHOLE = "whole"
"""The key of all units together, beside their numbers ('0': the evaluation and other)."""
MOST_MEASURED = 500


@dataclass(frozen=True)
class UnitTime:
    """The time of one unit (None: the evaluation and other) over the learners of a report.

    `spread` is of counted seconds per learner, each learner's in whole minutes; `by_evidence`
    are seconds of all of them.
    """

    unit_number: int | None
    title: str
    minutes: int
    spread: Spread | None
    by_evidence: Mapping[str, int]


@dataclass(frozen=True)
class TimeReport:
    """The learners who completed a course within a period, and the time they took."""

    outline: Outline
    learners: int
    whole: UnitTime
    units: Sequence[UnitTime]


def get_report(slug: str, days: Days) -> TimeReport:
    """The report of a course; declared minutes are those of its current edition. NotFound."""
    course = editions.get_course(slug)
    assert course.current_edition_id is not None
    outline = editions.get_outline(course.current_edition_id)
    figures = _read(days, course.id)
    parts = [
        (unit.number, f"Unit {unit.number}: {unit.title}", unit.minutes) for unit in outline.units
    ]
    other = (None, "Evaluation and other", outline.assessment_minutes)
    whole = (None, "The whole course", outline.minutes)
    seconds = _seconds(figures)

    def unit_time(key: str, number: int | None, title: str, minutes: int) -> UnitTime:
        by_evidence = dict.fromkeys((kind.value for kind in Evidence), 0) | seconds.get(key, {})
        spread = _spread(figures, outline.counts_declared, key)
        return UnitTime(number, title, minutes, spread, by_evidence)

    return TimeReport(
        outline=outline,
        learners=sum(one["learners"] for one in figures),
        whole=unit_time(WHOLE, *whole),
        units=[unit_time(str(part[0] or 0), *part) for part in (*parts, other)],
    )


def measured_minutes(edition_id: int) -> tuple[int | None, int]:
    """The median of the whole minutes recorded per learner who completed an edition.

    For the credit worksheet: what counts in this course, measured and corrected, and declared
    where the course says so; and of how many learners, MOST_MEASURED of the latest at most.
    None where nobody has completed it.
    """
    latest = (
        select(Enrollment.id, Enrollment.course_id)
        .where(Enrollment.edition_id == edition_id, Enrollment.completed_at.is_not(None))
        .order_by(Enrollment.completed_at.desc())
        .limit(MOST_MEASURED)
    )
    learners = dict(db.session.execute(latest).all())
    if not learners:
        return None, 0
    (figures,) = _add_up(learners, latest.with_only_columns(Enrollment.id)).values()
    spread = _spread([figures], editions.get_outline(edition_id).counts_declared, WHOLE)
    return (spread.median // 60 if spread else None), len(learners)


def seconds_by_evidence(course_id: int, days: Days) -> dict[tuple[int | None, str], int]:
    """The seconds of all who completed a course on some days, by unit number and evidence."""
    found: dict[tuple[int | None, str], int] = {}
    for part, by_evidence in _seconds(_read(days, course_id)).items():
        if part != WHOLE:
            found |= {(int(part) or None, kind): s for kind, s in by_evidence.items()}
    return found


Figures = dict[str, Any]
"""Of those who completed a course on some days: how many `learners`; `seconds` by part and
evidence; and by part the whole minutes that learners have, if any, with how many have so many,
as two lists: `measured` alone, and with what was declared, of the parts in which anybody declared
any (`with_declared`). Lists, since the sums of a year are read at once, and the more learners
there are, the more of them differ."""


def _count(days: Days, course_id: int | None) -> dict[int, Figures]:
    chosen = select(Enrollment.id, Enrollment.course_id).where(
        Enrollment.completed_at >= days.start, Enrollment.completed_at < days.end
    )
    if course_id is not None:
        chosen = chosen.where(Enrollment.course_id == course_id)
    learners = dict(db.session.execute(chosen).all())
    return _add_up(learners, chosen.with_only_columns(Enrollment.id)) if learners else {}


REPORT = Report("study-time", _count)


def _read(days: Days, course_id: int) -> list[Figures]:
    parts = summaries.read(REPORT, days, course_id)
    return [by_course[course_id] for _, by_course in parts if course_id in by_course]


def _add_up(learners: Mapping[int, int], chosen: Select[Any]) -> dict[int, Figures]:
    """By course, of some enrollments with their courses."""
    found = {of: Tally() for of in learners.values()}
    line = lines(chosen)
    rows = db.session.execute(
        select(
            line.c.enrollment_id, line.c.unit_number, line.c.evidence, func.sum(line.c.seconds)
        ).group_by(line.c.enrollment_id, line.c.unit_number, line.c.evidence)
    )
    for enrollment, unit, evidence, seconds in rows:
        found[learners[enrollment]].add(enrollment, str(unit or 0), evidence, int(seconds))
    together = Counter(learners.values())
    return {of: tally.figures(together[of]) for of, tally in found.items()}


class Tally:
    """The time of several learners of a course, added up line by line."""

    def __init__(self) -> None:
        self.seconds: dict[str, Counter[str]] = {}
        self.measured: dict[str, Counter[int]] = {}
        self.all: dict[str, Counter[int]] = {}

    def add(self, enrollment: int, unit: str, evidence: str, seconds: int) -> None:
        for part in (unit, WHOLE):
            self.seconds.setdefault(part, Counter())[evidence] += seconds
            self.all.setdefault(part, Counter())[enrollment] += seconds
            if evidence != Evidence.DECLARED.value:
                self.measured.setdefault(part, Counter())[enrollment] += seconds

    def figures(self, learners: int) -> Figures:
        return {
            "learners": learners,
            "seconds": {part: dict(kinds) for part, kinds in self.seconds.items()},
            "measured": _in_minutes(self.measured),
            "with_declared": _in_minutes(
                {
                    part: totals
                    for part, totals in self.all.items()
                    if Evidence.DECLARED.value in self.seconds[part]
                }
            ),
        }


def _in_minutes(parts: Mapping[str, Mapping[int, int]]) -> dict[str, list[list[int]]]:
    found = {}
    for part, totals in parts.items():
        counts = Counter(seconds // 60 for seconds in totals.values() if seconds)
        found[part] = [list(counts.keys()), list(counts.values())]
    return found


def _seconds(figures: Sequence[Figures]) -> dict[str, dict[str, int]]:
    parts = {part for one in figures for part in one["seconds"]}
    return {part: added([one["seconds"].get(part, {}) for one in figures]) for part in parts}


def _spread(figures: Sequence[Figures], counts_declared: bool, key: str) -> Spread | None:
    """Over all learners; who has nothing recorded counts with none."""
    counts: dict[int, int] = {}
    for one in figures:
        parts = one["measured"] | (one["with_declared"] if counts_declared else {})
        minutes, times = parts.get(key, ((), ()))
        for minute, learners in zip(minutes, times, strict=True):
            counts[minute] = counts.get(minute, 0) + learners
    counts[0] = counts.get(0, 0) + sum(one["learners"] for one in figures) - sum(counts.values())
    return spread_of_counts({minute * 60: times for minute, times in counts.items()})


def list_course_titles() -> list[tuple[str, str]]:
    """(slug, title) of every published course, also of those no longer offered."""
    rows = db.session.execute(
        select(Course.slug, Edition.title)
        .join(Edition, Edition.id == Course.current_edition_id)
        .order_by(Edition.title)
    )
    return [(slug, title) for slug, title in rows]
