"""Reports from sums that are kept, and from the records wherever no sum is kept or one is stale.

So a report is exact at every moment, and reading one of a year costs the same in a center of a
thousand learners and in one of a hundred thousand. The worker makes the sums (`keeping`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain.months import Days
from domain.report_spans import Span, names_of, split
from extensions import db
from models import ReportChange, ReportSummary

ALL = 0
"""In place of a course: that the report counted a span at all, even if it found nothing."""
MOST_CHANGES = 1_000
"""Beyond so many changes at once the records are read instead of looking what is stale."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Report:
    """A report by the day on which things happened.

    `count` finds, of one course or of all (None), what happened on some days: by course, figures
    that JSON can hold. `settled_after` is how long after a day nothing of it changes unnoted;
    `by_date` says that what it counts has a day and no time; `by_month`, that it has a month
    only, and is asked for whole months; `reach` is how many days around a change may count
    differently. (The report of evaluations counts by edition, not by course.)
    """

    name: str
    count: Callable[[Days, int | None], Mapping[int, Any]]
    settled_after: timedelta = timedelta(minutes=10)
    by_date: bool = False
    by_month: bool = False
    reach: int = 0

    def spans_of(self, at: datetime, zone: str) -> set[str]:
        """The names of the spans that a noted change may concern."""
        day = at.astimezone(UTC if self.by_date else ZoneInfo(zone)).date()
        near = range(-self.reach, self.reach + 1)
        return {name for offset in near for name in names_of(day + offset * DAY)}


Part = tuple[str, Mapping[int, Any]]
"""A month ('2026-11'), and figures by course of some of its days."""


def read(report: Report, days: Days, course_id: int | None) -> list[Part]:
    """What a report says of some days: parts whose months come in order, to be added up."""
    stale = _find_stale(report, days)
    kept = {} if stale is None else _read_kept(report, days, course_id)
    usable = kept.keys() - (stale or set())
    return [
        (
            f"{span.first:%Y-%m}",
            kept[span.name] if span.name in usable else _count(report, span, days, course_id),
        )
        for span in split(days.first, days.last, usable)
    ]


def _count(report: Report, span: Span, days: Days, course_id: int | None) -> Mapping[int, Any]:
    until = days.until if span.last == days.last else None
    return report.count(Days(span.first, span.last, days.zone, until), course_id)


def _find_stale(report: Report, days: Days) -> set[str] | None:
    """The names of spans in which something has changed; None: too many changes to look at.

    Looked up before the sums are read: a sum that is made anew meanwhile is at worst not used.
    """
    changes = db.session.scalars(
        select(ReportChange.at)
        .where(
            ReportChange.report == report.name,
            ReportChange.at >= _midnight(days.first - (report.reach + 1) * DAY),
            ReportChange.at < _midnight(days.last + (report.reach + 2) * DAY),
        )
        .order_by(ReportChange.at)
        .limit(MOST_CHANGES)
    ).all()
    if len(changes) == MOST_CHANGES:
        return None
    return {name for at in changes for name in report.spans_of(at, days.zone)}


def _read_kept(report: Report, days: Days, course_id: int | None) -> dict[str, dict[int, Any]]:
    """The sums kept of a period's months and days, by name and course.

    A day that is cut off is not kept; nor is its month.
    """
    query = select(ReportSummary.span, ReportSummary.course_id, ReportSummary.figures).where(
        ReportSummary.report == report.name,
        ReportSummary.time_zone == days.zone,
        ReportSummary.span >= f"{days.first:%Y-%m}",
        ReportSummary.span <= days.last.isoformat(),
    )
    if course_id is not None:
        query = query.where(ReportSummary.course_id.in_((ALL, course_id)))
    found: dict[str, dict[int, Any]] = {}
    for span, of, figures in db.session.execute(query):
        by_course = found.setdefault(span, {})
        if of != ALL:
            by_course[of] = figures
    if days.is_cut:
        for name in names_of(days.last):
            found.pop(name, None)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def added(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Figures under the same names, added up."""
    total: dict[str, int] = {}
    for one in counts:
        for name, number in one.items():
            total[name] = total.get(name, 0) + number
    return total
