"""The answers of an edition's learners, gathered for item analysis.

Each learner's first answer to a question counts; those of staff do not.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import select

from domain import answer_words, grading
from domain.answer_words import Words
from domain.item_analysis import Analysis, Given, analyze, correlation, middle_seconds
from domain.outline import Outline
from extensions import db
from models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Enrollment,
    Person,
    PostTest,
    Question,
    QuestionRuling,
    Unit,
)

NOT_LEARNERS = ("preview", "review")
"""Sources of enrollments in which nobody learns."""
MOST_TYPED = 8


@dataclass(frozen=True)
class AnswerCount:
    """How often something was answered. `right`: whether it is what is right."""

    words: Words
    times: int
    right: bool


@dataclass(frozen=True)
class QuestionAnalysis:
    """A question with its figures, and how often each answer was given."""

    question: Question
    unit_number: int
    void: bool
    analysis: Analysis
    answers: tuple[AnswerCount, ...]
    unanswered: int


@dataclass(frozen=True)
class ObjectiveAnalysis:
    """A learning objective with the figures of all its questions together."""

    number: int
    text: str
    questions: int
    analysis: Analysis


@dataclass(frozen=True)
class EditionAnalysis:
    """All questions and objectives of an edition; `attempts` were submitted by `learners`."""

    questions: tuple[QuestionAnalysis, ...]
    objectives: tuple[ObjectiveAnalysis, ...]
    attempts: int
    learners: int


@dataclass(frozen=True)
class _Asked:
    """One question as asked in one attempt."""

    attempt_id: int
    person_id: int
    question_id: int
    earned: int
    response: dict[str, Any] | None
    seconds: float | None


def analyze_edition(outline: Outline) -> EditionAnalysis:
    """The figures of every question and objective of an edition, in three queries."""
    questions = _list_questions(outline.edition_id)
    asked = _list_asked(outline.edition_id, {row.Question.id: row.Question for row in questions})
    rests = _rests(asked)
    first = _first_answers(asked)
    known = [one.seconds for one in first if one.seconds is not None]
    usual = median(known) if known else None
    analyzed = tuple(_question(row, first, rests, usual) for row in questions)
    return EditionAnalysis(
        questions=analyzed,
        objectives=tuple(_objectives(outline, analyzed, asked, first)),
        attempts=len({one.attempt_id for one in asked}),
        learners=len({one.person_id for one in asked}),
    )


def _list_questions(edition_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(Question, Unit.number, QuestionRuling.id)
        .join(PostTest, PostTest.id == Question.post_test_id)
        .join(Unit, Unit.id == PostTest.unit_id)
        .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
        .where(PostTest.edition_id == edition_id)
        .order_by(Unit.number, Question.position)
    ).all()


def _list_asked(edition_id: int, questions: dict[int, Question]) -> list[_Asked]:
    """Every question of every submitted attempt of learners, in the order of the attempts.

    The time of a question runs from the answer before (or the start) to its own first answer.
    """
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.started_at,
            Enrollment.person_id,
            AttemptQuestion.question_id,
            Answer.response,
            Answer.first_saved_at,
        )
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(Person, Person.id == Enrollment.person_id)
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .outerjoin(
            Answer,
            (Answer.attempt_id == AttemptQuestion.attempt_id)
            & (Answer.position == AttemptQuestion.position),
        )
        .where(
            Enrollment.edition_id == edition_id,
            Enrollment.source.not_in(NOT_LEARNERS),
            Person.is_instructor.is_(False),
            Person.is_administrator.is_(False),
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.started_at, Attempt.id, Answer.first_saved_at)
    ).all()
    found = []
    saved_before: dict[int, datetime] = {}
    for row in rows:
        since = saved_before.get(row.id, row.started_at)
        saved = row.first_saved_at
        if saved is not None:
            saved_before[row.id] = saved
        question = questions[row.question_id]
        found.append(
            _Asked(
                attempt_id=row.id,
                person_id=row.person_id,
                question_id=row.question_id,
                earned=grading.grade(question.kind, question.body, row.response),
                response=row.response,
                seconds=(saved - since).total_seconds() if saved is not None else None,
            )
        )
    return found


def _rests(asked: Iterable[_Asked]) -> dict[tuple[int, int], float]:
    """The share that the other questions earned, by attempt and question."""
    by_attempt: dict[int, list[_Asked]] = {}
    for one in asked:
        by_attempt.setdefault(one.attempt_id, []).append(one)
    rests = {}
    for attempt_id, together in by_attempt.items():
        total, others = sum(one.earned for one in together), len(together) - 1
        for one in together:
            share = (total - one.earned) / (others * grading.FULL) if others else 0.0
            rests[attempt_id, one.question_id] = share
    return rests


def _first_answers(asked: Iterable[_Asked]) -> list[_Asked]:
    """The first time each learner was asked each question."""
    seen: set[tuple[int, int]] = set()
    first = []
    for one in asked:
        key = (one.person_id, one.question_id)
        if key not in seen:
            seen.add(key)
            first.append(one)
    return first


def _question(
    row: Any,
    first: Sequence[_Asked],
    rests: dict[tuple[int, int], float],
    usual: float | None,
) -> QuestionAnalysis:
    question: Question = row.Question
    mine = [one for one in first if one.question_id == question.id]
    is_choice = question.kind in ("single", "multiple")
    given = [
        Given(
            earned=one.earned,
            rest=rests[one.attempt_id, one.question_id],
            chosen=tuple((one.response or {}).get("chosen", ())),
            seconds=one.seconds,
        )
        for one in mine
    ]
    right = question.body["right"] if is_choice else ()
    options = len(question.body["options"]) if is_choice else 0
    responses = [one.response for one in mine if grading.is_answered(question.kind, one.response)]
    return QuestionAnalysis(
        question=question,
        unit_number=row.number,
        void=row.id is not None,
        analysis=analyze(given, right, options, usual),
        answers=tuple(_count_answers(question, [r for r in responses if r is not None])),
        unanswered=len(mine) - len(responses),
    )


def _count_answers(question: Question, responses: Sequence[dict[str, Any]]) -> list[AnswerCount]:
    """How often each option, pair, place or typed answer was given."""
    body = question.body
    if question.kind in ("single", "multiple"):
        return [
            AnswerCount(
                Words((option["html"],), is_html=True),
                sum(index in one["chosen"] for one in responses),
                index in body["right"],
            )
            for index, option in enumerate(body["options"])
        ]
    if question.kind in ("short", "number"):
        return _count_typed(question, responses)
    part = "pairs" if question.kind == "matching" else "places"
    rights = body["right"] if part == "pairs" else list(range(1, len(body["steps"]) + 1))
    lines = answer_words.right(question.kind, body).lines
    return [
        AnswerCount(Words((line,)), sum(one[part][place] == right for one in responses), True)
        for place, (line, right) in enumerate(zip(lines, rights, strict=True))
    ]


def _count_typed(question: Question, responses: Sequence[dict[str, Any]]) -> list[AnswerCount]:
    counts = Counter(grading.folded(one["text"]) for one in responses)
    return [
        AnswerCount(
            Words((text,)),
            times,
            grading.grade(question.kind, question.body, {"text": text}) == grading.FULL,
        )
        for text, times in counts.most_common(MOST_TYPED)
    ]


def _objectives(
    outline: Outline,
    analyzed: Sequence[QuestionAnalysis],
    asked: Sequence[_Asked],
    first: Sequence[_Asked],
) -> Iterable[ObjectiveAnalysis]:
    for number, text in enumerate(outline.objectives, start=1):
        ids = {one.question.id for one in analyzed if one.question.objective == number}
        mine = [one for one in first if one.question_id in ids]
        figures = analyze([Given(one.earned, 0.0, seconds=one.seconds) for one in mine])
        analysis = Analysis(
            answers=figures.answers,
            facility=figures.facility,
            discrimination=_tells(asked, ids),
            seconds=middle_seconds([Given(one.earned, 0.0, seconds=one.seconds) for one in mine]),
        )
        yield ObjectiveAnalysis(number, text, len(ids), analysis)


def _tells(asked: Sequence[_Asked], ids: set[int]) -> float | None:
    """The correlation of an objective's share with the share of all else, over the attempts."""
    shares: dict[int, tuple[list[int], list[int]]] = {}
    for one in asked:
        mine, others = shares.setdefault(one.attempt_id, ([], []))
        (mine if one.question_id in ids else others).append(one.earned)
    both = [(sum(a) / len(a), sum(b) / len(b)) for a, b in shares.values() if a and b]
    return correlation([a for a, _ in both], [b for _, b in both])
