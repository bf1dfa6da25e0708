"""The queue of learner questions of those who answer them, by due time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.identity import Identity
from extensions import db
from models import LearnerQuestion
from services.learner_questions import THREADS, Thread, is_of_courses_of, read_threads

WAITING_SHOWN = 100
PAGE = 20


@dataclass(frozen=True)
class Queue:
    """What waits, the most urgent first, and a page of what is answered, the newest first.

    `older_than` is the id to ask older answered questions with; None on the last page.
    """

    waiting: list[Thread]
    waiting_in_all: int
    overdue: int
    answered: list[Thread]
    older_than: int | None


def get_queue(who: Identity, before: int | None, now: datetime) -> Queue:
    """The queue of the courses a person answers for; answered ones with an id below `before`."""
    mine = THREADS.where(is_of_courses_of(who))
    waiting = mine.where(LearnerQuestion.answered_at.is_(None))
    answered = mine.where(LearnerQuestion.answered_at.is_not(None))
    if before is not None:
        answered = answered.where(LearnerQuestion.id < before)
    answered = answered.order_by(LearnerQuestion.id.desc()).limit(PAGE + 1)
    found = read_threads(answered)
    in_all, overdue = count_waiting(who, now)
    return Queue(
        waiting=read_threads(
            waiting.order_by(LearnerQuestion.due_at, LearnerQuestion.id).limit(WAITING_SHOWN)
        ),
        waiting_in_all=in_all,
        overdue=overdue,
        answered=found[:PAGE],
        older_than=found[PAGE - 1].question.id if len(found) > PAGE else None,
    )


def count_waiting(who: Identity, now: datetime) -> tuple[int, int]:
    """(all that wait, those overdue) in the courses a person answers for."""
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(LearnerQuestion.due_at < now),
        ).where(LearnerQuestion.answered_at.is_(None), is_of_courses_of(who))
    ).one()
    return int(row[0]), int(row[1])
