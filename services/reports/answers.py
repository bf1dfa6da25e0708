"""Answers on time over some days: of one course or of all, by month."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_

from domain.months import Days, months_of_days
from domain.reply_time import MonthOfPromises
from models import ReplyPromise
from services.reports.counting import count_by_month


def list_months(days: Days, course_id: int | None, now: datetime) -> Sequence[MonthOfPromises]:
    """The answers due in each month: in time, late, and missing once they are overdue."""
    months = months_of_days(days)
    of = [] if course_id is None else [ReplyPromise.course_id == course_id]

    def count(*conditions: ColumnElement[bool]) -> dict[str, int]:
        return count_by_month(ReplyPromise.due_at, months, *of, *conditions)

    in_time = count(ReplyPromise.answered_at <= ReplyPromise.due_at)
    late = count(ReplyPromise.answered_at > ReplyPromise.due_at)
    missing = count(and_(ReplyPromise.answered_at.is_(None), ReplyPromise.due_at < now))
    return [MonthOfPromises(m.name, in_time[m.name], late[m.name], missing[m.name]) for m in months]
