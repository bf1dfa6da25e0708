"""Making the sums that reports keep: the worker's part of `summaries`."""

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, func, insert, or_, select

from domain.months import Days
from domain.report_spans import Span, last_of_month, list_kept
from extensions import db
from models import Enrollment, ReportChange, ReportSummary
from services.provider import get_provider
from services.reports.summaries import ALL, Report

AT_ONCE = 2_000
LOCK = 7_206_118
"""Of PostgreSQL's advisory locks: sums are made by one worker at a time."""


def keep_sums(reports: Sequence[Report], now: datetime, seconds: float = 0.5) -> bool:
    """Forget the sums that are stale and make those that are missing, the latest days first.

    Stops after so many seconds; returns whether everything is there. What is still missing is
    read from the records meanwhile.
    """
    stop = time.monotonic() + seconds
    zone = get_provider().time_zone
    _lock()
    are_forgotten = [_forget_stale(report, zone) for report in reports]
    today = now.astimezone(ZoneInfo(zone)).date()
    earliest = _find_earliest(zone, today)
    kept = list_kept(earliest, today)
    _forget_unneeded(kept, zone)
    known = _list_known()
    missing = [
        (span, report)
        for span in (Span(today.replace(day=1), last_of_month(today)), *kept)
        for report in reports
        if (report.name, span.name) not in known and _is_kept(span, report, zone, now)
    ]
    for span, report in missing:
        if time.monotonic() >= stop:
            return False
        _make(report, span, zone)
    return all(are_forgotten)


def _lock() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def _forget_stale(report: Report, zone: str) -> bool:
    """Delete the sums into which a change falls, then the note of it; whether that were all.

    A change that is committed after the notes were read keeps its own note for the next time.
    """
    changes = db.session.execute(
        select(ReportChange.id, ReportChange.at)
        .where(ReportChange.report == report.name)
        .order_by(ReportChange.id)
        .limit(AT_ONCE)
    ).all()
    names = {name for _, at in changes for name in report.spans_of(at, zone)}
    if names:
        db.session.execute(
            delete(ReportSummary).where(
                ReportSummary.report == report.name, ReportSummary.span.in_(names)
            )
        )
    for first in range(0, len(changes), 500):
        ids = [id_ for id_, _ in changes[first : first + 500]]
        db.session.execute(delete(ReportChange).where(ReportChange.id.in_(ids)))
    return len(changes) < AT_ONCE


def _forget_unneeded(kept: Sequence[Span], zone: str) -> None:
    """Single days of months that are over have had their use; so have days of another zone."""
    names = [span.name for span in kept if not span.is_month]
    db.session.execute(
        delete(ReportSummary).where(
            or_(
                ReportSummary.time_zone != zone,
                and_(func.length(ReportSummary.span) == 10, ReportSummary.span.not_in(names)),
            )
        )
    )


def _list_known() -> set[tuple[str, str]]:
    rows = db.session.execute(
        select(ReportSummary.report, ReportSummary.span).where(ReportSummary.course_id == ALL)
    )
    return {(report, span) for report, span in rows}


def _is_kept(span: Span, report: Report, zone: str, now: datetime) -> bool:
    """Whether a report has its sum of a span by now.

    What counts by month alone is kept of the month under way, too: every change is noted.
    """
    if report.by_month:
        return span.is_month
    over = datetime.combine(span.last + timedelta(days=1), time_of_day.min, ZoneInfo(zone))
    return over + report.settled_after <= now


def _make(report: Report, span: Span, zone: str) -> None:
    counted = {ALL: {}, **report.count(Days(span.first, span.last, zone), None)}
    db.session.execute(
        insert(ReportSummary),
        [
            {
                "report": report.name,
                "span": span.name,
                "course_id": course_id,
                "time_zone": zone,
                "figures": figures,
            }
            for course_id, figures in counted.items()
        ],
    )


def _find_earliest(zone: str, today: date) -> date:
    """The day of the first enrollment: what lies before is nothing, or read from the records."""
    first = db.session.scalar(select(func.min(Enrollment.enrolled_at)))
    return first.astimezone(ZoneInfo(zone)).date() if first else today
