"""Answers that arrive after their attempt has closed: evidence, or received in time after all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.grading import Response
from extensions import db
from models import Answer, Attempt, Grade, LateAnswer
from services import attempts, completion, deadlines, grades
from services.attempts import AttemptInCourse

IN_TIME = "An answer that we had received before the deadline was added."


@dataclass(frozen=True)
class Late:
    """An answer refused: its response, and when it was received."""

    attempt_id: int
    position: int
    response: Response
    received_at: datetime


def keep_late_answer(late: Late) -> None:
    """Keep as evidence, ungraded, an answer that came after its attempt had closed."""
    row = LateAnswer(
        attempt_id=late.attempt_id,
        position=late.position,
        response=late.response,
        received_at=late.received_at,
    )
    db.session.add(row)
    db.session.flush()


def keep_and_close(person_id: int, late: Late, now: datetime) -> None:
    """Keep a late answer, and close its attempt where its time is up and nobody has yet."""
    keep_late_answer(late)
    deadlines.close_if_overdue(attempts.get_attempt_for(person_id, late.attempt_id), now)


def may_add(own: AttemptInCourse, received_at: datetime) -> bool:
    """Whether an answer received then may still be added to an attempt the deadline closed."""
    attempt = own.attempt
    return (
        attempt.closed_by == "deadline"
        and attempt.submitted_at is not None
        and received_at < attempt.submitted_at
        and not _was_graded_again(attempt.id)
    )


def add_received_in_time(own: AttemptInCourse, late: Late, now: datetime) -> bool:
    """Add an answer that an ended session held up, and grade again; whether it was added.

    Only where the deadline closed the attempt, the answer was received before it, later than what
    is saved, and nothing was added before: an ended session holds up one page, and somebody who
    knows the result must not be able to choose among answers sent earlier.
    """
    attempt = own.attempt
    db.session.execute(select(Attempt.id).where(Attempt.id == attempt.id).with_for_update())
    if not may_add(own, late.received_at):
        return False
    answer = db.session.get(
        Answer, (attempt.id, late.position), with_for_update=True, populate_existing=True
    )
    if answer is not None and answer.saved_at > late.received_at:
        return False
    _put(answer, late)
    given = grades.regrade(attempt, IN_TIME, now)
    if given is not None and given.passed:
        completion.complete_if_ready(own.study, now)
    return True


def _was_graded_again(attempt_id: int) -> bool:
    lines = select(func.count()).where(Grade.attempt_id == attempt_id, Grade.reason == IN_TIME)
    return bool(db.session.scalar(lines))


def _put(answer: Answer | None, late: Late) -> None:
    if answer is None:
        answer = Answer(
            attempt_id=late.attempt_id,
            position=late.position,
            page="",
            sequence=0,
            revision=0,
            first_saved_at=late.received_at,
        )
        db.session.add(answer)
    answer.response = late.response
    answer.revision += 1
    answer.saved_at = late.received_at
    db.session.flush()
