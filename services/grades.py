"""The log of grades, and the result of a submitted attempt as its learner may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain import answer_words, grading
from domain.answer_words import Words
from domain.post_test_rules import PostTestRules
from domain.refusals import Conflict
from extensions import db
from models import Answer, Attempt, AttemptQuestion, Grade, PostTest, Question, QuestionRuling

SUBMITTED = "submitted"


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after a pass: what was answered, what is right, and why.

    `void_reason` is '' unless the question is void, so that it earned full credit.
    """

    position: int
    stem_html: str
    given: Words
    right: Words
    earned: int
    feedback: tuple[str, ...]
    rationale_html: str
    void_reason: str

    @property
    def is_right(self) -> bool:
        return self.earned == grading.FULL


@dataclass(frozen=True)
class Regrade:
    """A later line of the log: why an attempt was graded again, and what it came to."""

    reason: str
    graded_at: datetime
    earned: int


@dataclass(frozen=True)
class Result:
    """The outcome of a submitted attempt.

    After a pass `questions` holds every question, as far as the course's rules show them;
    otherwise it is empty, so that nothing of the key leaves the service, and `objectives` numbers
    what to review, where the rules say so.
    """

    grade: Grade
    questions: tuple[ReviewedQuestion, ...]
    objectives: tuple[int, ...]
    regrades: tuple[Regrade, ...]


def get_result(attempt: Attempt, rules: PostTestRules) -> Result:
    """The result of a submitted attempt, by phase. Raises Conflict while it is open."""
    if attempt.submitted_at is None:
        raise Conflict("This attempt has not been submitted yet.")
    log = _list_log(attempt.id)
    given = log[-1].Grade
    earned = {line["position"]: int(line["earned"]) for line in given.per_question}
    rows = list_answered(attempt.id)
    missed = {row.objective for row in rows if earned[row.position] < grading.FULL}
    shows_questions = given.passed and rules.passed != "score"
    shows_objectives = not given.passed and rules.not_passed == "objectives"
    return Result(
        grade=given,
        questions=tuple(_reviewed(row, earned[row.position], rules) for row in rows)
        if shows_questions
        else (),
        objectives=tuple(sorted(missed)) if shows_objectives else (),
        regrades=tuple(
            Regrade(_why(line), line.Grade.graded_at, line.Grade.earned) for line in log[1:]
        ),
    )


def add_grade(attempt: Attempt, now: datetime) -> Grade:
    """Grade a submitted attempt by the answers saved, as the first line of its log.

    No ruling can come between reading the rulings and the commit: it waits for the post-test.
    """
    db.session.execute(
        select(PostTest.id).where(PostTest.id == attempt.post_test_id).with_for_update(read=True)
    )
    return _add(attempt, 1, SUBMITTED, now)


def regrade(
    attempt: Attempt, reason: str, now: datetime, ruling_id: int | None = None
) -> Grade | None:
    """Grade a submitted attempt again, as a further line with its reason; None if nothing changed.

    A pass is never withdrawn.
    """
    db.session.execute(select(Attempt.id).where(Attempt.id == attempt.id).with_for_update())
    before = get_grade(attempt.id)
    earned = _earned(list_answered(attempt.id))
    if earned == {line["position"]: line["earned"] for line in before.per_question}:
        return None
    return _add(attempt, before.number + 1, reason, now, before=before, ruling_id=ruling_id)


def get_grade(attempt_id: int) -> Grade:
    """The line of the grade log that counts."""
    return db.session.scalars(
        select(Grade).where(Grade.attempt_id == attempt_id).order_by(Grade.number.desc()).limit(1)
    ).one()


def list_answered(attempt_id: int) -> Sequence[Any]:
    """The drawn questions in order, key and all, each with its response or None, void or not."""
    return db.session.execute(
        select(
            AttemptQuestion.position,
            Question.objective,
            Question.kind,
            Question.stem_html,
            Question.body,
            Question.rationale_html,
            Answer.response,
            QuestionRuling.reason.label("void_reason"),
        )
        .join(Question, Question.id == AttemptQuestion.question_id)
        .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
        .outerjoin(
            Answer,
            (Answer.attempt_id == AttemptQuestion.attempt_id)
            & (Answer.position == AttemptQuestion.position),
        )
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.position)
    ).all()


def _add(
    attempt: Attempt,
    number: int,
    reason: str,
    now: datetime,
    *,
    before: Grade | None = None,
    ruling_id: int | None = None,
) -> Grade:
    earned = _earned(list_answered(attempt.id))
    score = grading.score(list(earned.values()), attempt.pass_mark)
    given = Grade(
        attempt_id=attempt.id,
        number=number,
        earned=score.earned,
        possible=score.possible,
        passed=score.passed or (before is not None and before.passed),
        per_question=[{"position": p, "earned": hundredths} for p, hundredths in earned.items()],
        reason=reason,
        graded_at=now,
        ruling_id=ruling_id,
    )
    db.session.add(given)
    db.session.flush()
    return given


def _earned(rows: Sequence[Any]) -> dict[int, int]:
    """Hundredths by position: full credit for void questions, answered or not."""
    return {
        row.position: grading.grade(row.kind, row.body, row.response)
        if row.void_reason is None
        else grading.FULL
        for row in rows
    }


def _why(line: Any) -> str:
    """Why an attempt was graded again, in words for its learner."""
    said: str = line.Grade.reason
    return f"A question no longer counts: {line.reason}" if line.reason else said


def _list_log(attempt_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(Grade, QuestionRuling.reason)
        .outerjoin(QuestionRuling, QuestionRuling.id == Grade.ruling_id)
        .where(Grade.attempt_id == attempt_id)
        .order_by(Grade.number)
    ).all()


def _reviewed(row: Any, earned: int, rules: PostTestRules) -> ReviewedQuestion:
    with_reasons = rules.passed == "rationales"
    return ReviewedQuestion(
        position=row.position,
        stem_html=row.stem_html,
        given=answer_words.given(row.kind, row.body, row.response),
        right=answer_words.right(row.kind, row.body),
        earned=earned,
        feedback=answer_words.feedback_on(row.kind, row.body, row.response) if with_reasons else (),
        rationale_html=row.rationale_html if with_reasons else "",
        void_reason=row.void_reason or "",
    )
