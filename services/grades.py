"""The log of grades, and the result of a submitted attempt as its learner may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain import answer_words, grading
from domain.answer_words import Words
from domain.refusals import Conflict
from extensions import db
from models import Answer, Attempt, AttemptQuestion, Grade, Question

SUBMITTED = "submitted"


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after a pass: what was answered, what is right, and why."""

    position: int
    stem_html: str
    given: Words
    right: Words
    earned: int
    feedback: tuple[str, ...]
    rationale_html: str

    @property
    def is_right(self) -> bool:
        return self.earned == grading.FULL


@dataclass(frozen=True)
class Result:
    """The outcome of a submitted attempt.

    After a pass `questions` holds every question; otherwise it is empty, so that nothing of the
    key leaves the service, and `objectives` numbers what to review.
    """

    grade: Grade
    questions: tuple[ReviewedQuestion, ...]
    objectives: tuple[int, ...]


def get_result(attempt: Attempt) -> Result:
    """The result of a submitted attempt. Raises Conflict while it is open."""
    if attempt.submitted_at is None:
        raise Conflict("This attempt has not been submitted yet.")
    given = get_grade(attempt.id)
    earned = {line["position"]: int(line["earned"]) for line in given.per_question}
    rows = _list_answered(attempt.id)
    missed = {row.objective for row in rows if earned[row.position] < grading.FULL}
    reviewed = (_reviewed(row, earned[row.position]) for row in rows) if given.passed else ()
    return Result(given, tuple(reviewed), tuple(sorted(missed)))


def add_grade(attempt: Attempt, now: datetime) -> Grade:
    """Grade a submitted attempt by the answers saved, as the first line of its log."""
    rows = _list_answered(attempt.id)
    earned = [grading.grade(row.kind, row.body, row.response) for row in rows]
    score = grading.score(earned, attempt.pass_mark)
    given = Grade(
        attempt_id=attempt.id,
        number=1,
        earned=score.earned,
        possible=score.possible,
        passed=score.passed,
        per_question=[
            {"position": row.position, "earned": hundredths}
            for row, hundredths in zip(rows, earned, strict=True)
        ],
        reason=SUBMITTED,
        graded_at=now,
    )
    db.session.add(given)
    db.session.flush()
    return given


def get_grade(attempt_id: int) -> Grade:
    """The line of the grade log that counts."""
    return db.session.scalars(
        select(Grade).where(Grade.attempt_id == attempt_id).order_by(Grade.number.desc()).limit(1)
    ).one()


def _list_answered(attempt_id: int) -> Sequence[Any]:
    """The drawn questions in order, key and all, each with its response or None."""
    return db.session.execute(
        select(
            AttemptQuestion.position,
            Question.objective,
            Question.kind,
            Question.stem_html,
            Question.body,
            Question.rationale_html,
            Answer.response,
        )
        .join(Question, Question.id == AttemptQuestion.question_id)
        .outerjoin(
            Answer,
            (Answer.attempt_id == AttemptQuestion.attempt_id)
            & (Answer.position == AttemptQuestion.position),
        )
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.position)
    ).all()


def _reviewed(row: Any, earned: int) -> ReviewedQuestion:
    return ReviewedQuestion(
        position=row.position,
        stem_html=row.stem_html,
        given=answer_words.given(row.kind, row.body, row.response),
        right=answer_words.right(row.kind, row.body),
        earned=earned,
        feedback=answer_words.feedback_on(row.kind, row.body, row.response),
        rationale_html=row.rationale_html,
    )
