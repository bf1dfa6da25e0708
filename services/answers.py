"""Saving answers: at once, in order, never over another page's answer, never after submission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, case, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain import answer_words, responses
from domain.answer_words import Words
from domain.grading import Response, is_answered
from domain.refusals import NotFound
from domain.responses import Asked, Typed
from extensions import db
from models import Answer, Attempt, AttemptQuestion, Enrollment, Question, QuestionRuling
from services.deadlines import find_deadline
from services.plain_rows import read

NO_QUESTION = "This attempt has no question at this address."
SUBMITTED_BEFORE = (
    "This attempt was submitted before this answer came, so the answer was not graded. "
    "It is kept with the attempt."
)
ACCESS_ENDED = (
    "Your access to this course has ended, so this answer does not count. "
    "It is kept with the attempt."
)
TIME_WAS_UP = (
    "The time of this attempt was up before this answer came, so the answer was not graded. "
    "It is kept with the attempt."
)


@dataclass(frozen=True)
class Sent:
    """A form that saves an answer.

    `page` names the page instance, `based_on` the revision that it showed, `sequence` counts its
    saves. `is_deliberate` tells a press of a button from the page's own earlier save.
    `received_at` is set where an ended session held the form up: the moment that decides.
    """

    fields: Sequence[tuple[str, str]]
    page: str
    based_on: int
    sequence: int
    is_deliberate: bool
    received_at: datetime | None = None


@dataclass(frozen=True)
class Saved:
    """The answer is kept, as of `saved_at`; `questions` is how many the attempt has.

    `deadline` is when the attempt closes, None where it is untimed.
    """

    saved_at: datetime
    questions: int
    deadline: datetime | None = None


@dataclass(frozen=True)
class Conflicting:
    """Another page saved a different answer meanwhile: nothing was written, the learner decides."""

    saved_at: datetime
    revision: int
    saved: Words
    sent: Words
    typed: Typed


@dataclass(frozen=True)
class TooLate:
    """The attempt takes no more answers. The view keeps the response as evidence."""

    words: str
    response: Response


@dataclass(frozen=True)
class QuestionPage:
    """A question of an attempt as its page shows it, without the key.

    `void_reason` is '' unless the question earns full credit whatever is answered.
    """

    position: int
    stem_html: str
    asked: Asked
    typed: Typed
    revision: int
    void_reason: str


@dataclass(frozen=True)
class QuestionLine:
    """A question in the review before submission."""

    position: int
    stem_html: str
    is_answered: bool


def get_question(attempt_id: int, position: int) -> QuestionPage:
    """A drawn question with the answer saved so far. Raises NotFound."""
    row = db.session.execute(
        select(
            Question.kind,
            Question.stem_html,
            Question.body,
            AttemptQuestion.option_order,
            Answer.response,
            Answer.revision,
            QuestionRuling.reason,
        )
        .select_from(AttemptQuestion)
        .join(Question, Question.id == AttemptQuestion.question_id)
        .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
        .outerjoin(Answer, _is_answer_to(AttemptQuestion))
        .where(AttemptQuestion.attempt_id == attempt_id, AttemptQuestion.position == position)
    ).first()
    if row is None:
        raise NotFound(NO_QUESTION)
    return QuestionPage(
        position=position,
        stem_html=row.stem_html,
        asked=responses.ask(row.kind, row.body, row.option_order),
        typed=responses.to_typed(row.kind, row.option_order, row.response),
        revision=row.revision or 0,
        void_reason=row.reason or "",
    )


def list_questions(attempt_id: int) -> list[QuestionLine]:
    """Every drawn question in order, answered or not."""
    rows = db.session.execute(
        select(AttemptQuestion.position, Question.stem_html, Question.kind, Answer.response)
        .join(Question, Question.id == AttemptQuestion.question_id)
        .outerjoin(Answer, _is_answer_to(AttemptQuestion))
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.position)
    )
    return [
        QuestionLine(position, stem, is_answered(kind, response))
        for position, stem, kind, response in rows
    ]


def save_answer(
    person_id: int, attempt_id: int, position: int, sent: Sent, now: datetime
) -> Saved | Conflicting | TooLate:
    """Save the answer to a question of the learner's own attempt: two statements.

    One more where the attempt is timed, and one where another page has saved meanwhile.
    A page never conflicts with itself; its own save that arrives after a later one is dropped.
    Only an intervening save by another page, of another answer, is a conflict (post-test.md).
    Raises NotFound, and Invalid for what is no answer to this question.
    """
    place = _lock_place(person_id, attempt_id, position)
    typed = responses.read_fields(place.kind, sent.fields)
    response = responses.to_response(place.kind, place.body, place.option_order, typed)
    deadline = find_deadline(
        place.started_at, place.time_limit_minutes, person_id, place.course_id, now
    )
    closed = _why_closed(place, deadline, sent.received_at or now)
    if closed:
        return TooLate(closed, response)
    if _write(attempt_id, position, response, sent, now):
        return Saved(now, place.terms["questions"], deadline)
    kept = db.session.execute(
        select(Answer.response, Answer.page, Answer.revision, Answer.saved_at).where(
            Answer.attempt_id == attempt_id, Answer.position == position
        )
    ).one()
    if kept.page == sent.page or kept.response == response:
        return Saved(kept.saved_at, place.terms["questions"], deadline)
    return Conflicting(
        saved_at=kept.saved_at,
        revision=kept.revision,
        saved=answer_words.given(place.kind, place.body, kept.response),
        sent=answer_words.given(place.kind, place.body, response),
        typed=typed,
    )


_PLACE = (
    select(
        Question.kind,
        Question.body,
        AttemptQuestion.option_order,
        Attempt.terms,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.closed_by,
        Attempt.time_limit_minutes,
        Enrollment.course_id,
        Enrollment.ended_at,
        Enrollment.access_until,
    )
    .select_from(AttemptQuestion)
    .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
    .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
    .join(Question, Question.id == AttemptQuestion.question_id)
    .where(
        AttemptQuestion.attempt_id == bindparam("attempt_id"),
        AttemptQuestion.position == bindparam("position"),
        Enrollment.person_id == bindparam("person_id"),
    )
    .with_for_update(read=True, of=Attempt)
)


def _lock_place(person_id: int, attempt_id: int, position: int) -> Any:
    """The question and the state of its attempt, which cannot be submitted meanwhile."""
    given = {"attempt_id": attempt_id, "position": position, "person_id": person_id}
    rows = read(_PLACE, given)
    if not rows:
        raise NotFound(NO_QUESTION)
    return rows[0]


def _why_closed(place: Any, deadline: datetime | None, moment: datetime) -> str:
    """Why an answer received at a moment cannot be saved; '' where it can."""
    if place.submitted_at is not None:
        return TIME_WAS_UP if place.closed_by == "deadline" else SUBMITTED_BEFORE
    if place.ended_at is not None or moment >= place.access_until:
        return ACCESS_ENDED
    return TIME_WAS_UP if deadline is not None and moment >= deadline else ""


def _write(
    attempt_id: int, position: int, response: Response, sent: Sent, now: datetime
) -> int | None:
    """Insert or update in one statement, if the page may; the new revision, or None."""
    statement = _upsert(db.engine.dialect.name == "postgresql", sent.is_deliberate)
    given = {
        "attempt_id": attempt_id,
        "position": position,
        "response": response,
        "page": sent.page,
        "sequence": sent.sequence,
        "revision": 1,
        "saved_at": now,
        "first_saved_at": now,
        "based_on": sent.based_on,
    }
    revision: int | None = db.session.connection().execute(statement, given).scalar()
    return revision


@lru_cache
def _upsert(postgresql: bool, is_deliberate: bool) -> Any:
    """The statement that saves, made once: it runs with every answer."""
    fresh = (postgresql_insert if postgresql else sqlite_insert)(Answer)
    is_own = Answer.page == fresh.excluded.page
    is_later = Answer.sequence <= fresh.excluded.sequence
    return fresh.on_conflict_do_update(
        index_elements=[Answer.attempt_id, Answer.position],
        set_={
            "response": fresh.excluded.response,
            "page": fresh.excluded.page,
            "sequence": case(
                (and_(is_own, ~is_later), Answer.sequence),
                else_=fresh.excluded.sequence,
            ),
            "revision": Answer.revision + 1,
            "saved_at": fresh.excluded.saved_at,
        },
        where=or_(
            Answer.revision <= bindparam("based_on"),
            is_own if is_deliberate else and_(is_own, is_later),
        ),
    ).returning(Answer.revision)


def _is_answer_to(drawn: type[AttemptQuestion]) -> Any:
    return and_(Answer.attempt_id == drawn.attempt_id, Answer.position == drawn.position)
