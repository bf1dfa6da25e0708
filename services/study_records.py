"""The records of how something was studied: what is deleted when its time is over.

A test compares these lists with the models, so that no new table is forgotten.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, delete, select, update

from extensions import db
from models import (
    AccessExtension,
    AccessReminder,
    Answer,
    Attempt,
    AttemptGrant,
    AttemptQuestion,
    Base,
    Enrollment,
    Grade,
    ItemCompletion,
    LateAnswer,
    LearnerQuestion,
    MediaProgress,
    Message,
    PageView,
    ReplyPromise,
    ReplyReminder,
    StudyInterval,
    TimeAdjustment,
    TimeCorrection,
)

BY_ATTEMPT: tuple[type[Base], ...] = (Answer, LateAnswer, Grade, AttemptQuestion)
BY_QUESTION: tuple[type[Base], ...] = (Message, ReplyPromise, ReplyReminder)
BY_ENROLLMENT: tuple[type[Base], ...] = (
    StudyInterval,
    PageView,
    Attempt,
    AttemptGrant,
    LearnerQuestion,
    TimeAdjustment,
    TimeCorrection,
    MediaProgress,
    ItemCompletion,
    AccessExtension,
    AccessReminder,
)
"""In an order in which nothing is deleted that something else still refers to."""


def delete_study_records(enrollment_ids: Sequence[int], now: datetime) -> int:
    """Delete the time, attempts and messages of enrollments; returns how many rows.

    The enrollments stay, with what certificates and orders rest on. Runs inside `may_delete`.
    """
    attempts = select(Attempt.id).where(Attempt.enrollment_id.in_(enrollment_ids))
    questions = select(LearnerQuestion.id).where(LearnerQuestion.enrollment_id.in_(enrollment_ids))
    deleted = 0
    for model in BY_ATTEMPT:
        deleted += _delete(model, "attempt_id", attempts)
    for model in BY_QUESTION:
        deleted += _delete(model, "question_id", questions)
    for model in BY_ENROLLMENT:
        deleted += _delete(model, "enrollment_id", enrollment_ids)
    db.session.execute(
        update(Enrollment)
        .where(Enrollment.id.in_(enrollment_ids))
        .values(records_deleted_at=now)
        .execution_options(synchronize_session=False)
    )
    return deleted


def _delete(model: type[Base], column: str, ids: object) -> int:
    table = model.__table__
    assert isinstance(table, Table)
    found = db.session.execute(delete(table).where(table.c[column].in_(ids)))
    return int(found.rowcount)  # type: ignore[attr-defined]
