"""Promised answers: kept or not, and whom to remind that one is due."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, true, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain import reply_time
from domain.identity import Identity
from domain.reply_time import MonthOfPromises, Reminder
from extensions import db
from models import CourseInstructor, LearnerQuestion, ReplyPromise, ReplyReminder
from services import question_mail
from services.provider import get_provider


def promise(question: LearnerQuestion, now: datetime) -> None:
    """Note that an answer is due to a question that now waits."""
    db.session.add(
        ReplyPromise(
            question_id=question.id,
            course_id=question.course_id,
            asked_at=now,
            due_at=question.due_at,
        )
    )
    db.session.flush()


def keep(question_id: int, now: datetime) -> None:
    """Note that the answer has come; a further one changes nothing."""
    db.session.execute(
        update(ReplyPromise)
        .where(ReplyPromise.question_id == question_id, ReplyPromise.answered_at.is_(None))
        .values(answered_at=now)
        .execution_options(synchronize_session=False)
    )


def remind(now: datetime, base_url: str) -> None:
    """Mail each reminder whose time has come, once for each promise.

    Where several came due while the worker stood still, only the latest is mailed.
    """
    earliest = reply_time.REMINDERS[0].before_due
    waiting = db.session.scalars(
        select(LearnerQuestion).where(
            LearnerQuestion.answered_at.is_(None), LearnerQuestion.due_at <= now + earliest
        )
    )
    for question in waiting:
        due = reply_time.list_due_reminders(question.due_at, now)
        fresh = [reminder for reminder in due if _note(question, reminder, now)]
        if fresh and fresh[-1] == due[-1]:
            question_mail.to_remind(question, fresh[-1].to_director, base_url, now)


def list_months(who: Identity, now: datetime) -> list[MonthOfPromises]:
    """The months in which answers were due, the latest first, in the provider's time zone.

    Of the courses a person answers for; of all for administrators. What still waits counts as
    missing once it is overdue, and not before.
    """
    zone = ZoneInfo(get_provider().time_zone)
    months: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for due, answered in db.session.execute(_promises_of(who)):
        if answered is not None or due < now:
            months.setdefault(f"{due.astimezone(zone):%Y-%m}", []).append((due, answered))
    return [_month(name, found) for name, found in sorted(months.items(), reverse=True)]


def _promises_of(who: Identity) -> Select[datetime, datetime | None]:
    mine = (
        true()
        if who.is_administrator
        else ReplyPromise.course_id.in_(
            select(CourseInstructor.course_id).where(CourseInstructor.person_id == who.person_id)
        )
    )
    return select(ReplyPromise.due_at, ReplyPromise.answered_at).where(mine)


def _month(name: str, found: Iterable[tuple[datetime, datetime | None]]) -> MonthOfPromises:
    rows = list(found)
    in_time = sum(answered is not None and answered <= due for due, answered in rows)
    missing = sum(answered is None for _, answered in rows)
    return MonthOfPromises(name, in_time, len(rows) - in_time - missing, missing)


def _note(question: LearnerQuestion, reminder: Reminder, now: datetime) -> bool:
    """Note a reminder as sent; False if it was sent before, by whoever."""
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    made = db.session.execute(
        insert(ReplyReminder)
        .values(question_id=question.id, due_at=question.due_at, name=reminder.name, sent_at=now)
        .on_conflict_do_nothing()
        .returning(ReplyReminder.name)
    )
    return made.first() is not None
