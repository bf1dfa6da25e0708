"""Promised answers: kept or not, and whom to remind that one is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain import reply_time
from domain.identity import Identity
from domain.months import Days
from domain.reply_time import MonthOfPromises, Reminder
from extensions import db
from models import CourseInstructor, LearnerQuestion, ReplyPromise, ReplyReminder
from services import question_mail
from services.provider import get_provider
from services.reports import answers

TOLD = timedelta(days=730)
AHEAD = timedelta(days=31)
"""What is answered early counts in the month in which it would be due."""


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
    """The months of the last two years in which answers were due, the latest first.

    Of the courses a person answers for; of all for administrators. What still waits counts as
    missing once it is overdue, and not before.
    """
    zone = get_provider().time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    days = Days(today - TOLD, today + AHEAD, zone)
    months = answers.list_months(days, None, now, of=_courses_of(who))
    return [month for month in reversed(months) if month.all]


def _courses_of(who: Identity) -> set[int] | None:
    """The courses a person answers for; None: all."""
    if who.is_administrator:
        return None
    query = select(CourseInstructor.course_id).where(CourseInstructor.person_id == who.person_id)
    return set(db.session.scalars(query))


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
