"""Answers on time over some days: of one course or of all, by month."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, case, func, select

from domain.months import Days, months_of_days
from domain.reply_time import MonthOfPromises
from extensions import db
from models import ReplyPromise
from services.reports import summaries
from services.reports.summaries import Report, added


def list_months(
    days: Days, course_id: int | None, now: datetime, of: Container[int] | None = None
) -> Sequence[MonthOfPromises]:
    """The answers due in each month: in time, late, and missing once they are overdue.

    Of one course, or of all (None); of these, only some where `of` says which.
    """
    report = replace(REPORT, count=lambda some, only: _count(some, only, now))
    months: dict[str, list[dict[str, int]]] = {m.name: [] for m in months_of_days(days)}
    for month, by_course in summaries.read(report, days, course_id):
        months[month] += [one for key, one in by_course.items() if of is None or key in of]
    return [_month(name, added(figures)) for name, figures in months.items()]


def _month(name: str, total: dict[str, int]) -> MonthOfPromises:
    return MonthOfPromises(
        name, total.get("in_time", 0), total.get("late", 0), total.get("missing", 0)
    )


def _count(
    days: Days, course_id: int | None, now: datetime | None = None
) -> dict[int, dict[str, int]]:
    """By course. Without `now`, the days are over: whatever has not come is missing."""
    overdue = ReplyPromise.due_at < (days.end if now is None else now)
    kinds = {
        "in_time": ReplyPromise.answered_at <= ReplyPromise.due_at,
        "late": ReplyPromise.answered_at > ReplyPromise.due_at,
        "missing": and_(ReplyPromise.answered_at.is_(None), overdue),
    }
    query = select(
        ReplyPromise.course_id, *(func.sum(case((kind, 1), else_=0)) for kind in kinds.values())
    ).where(ReplyPromise.due_at >= days.start, ReplyPromise.due_at < days.end)
    if course_id is not None:
        query = query.where(ReplyPromise.course_id == course_id)
    rows = db.session.execute(query.group_by(ReplyPromise.course_id))
    return {
        of: {kind: int(number) for kind, number in zip(kinds, numbers, strict=True)}
        for of, *numbers in rows
    }


REPORT = Report("answers", _count)
