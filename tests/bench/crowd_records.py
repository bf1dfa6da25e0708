"""What the reports sum up, of one learner of the crowd: time, answers, evaluations, money."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.outline import Outline
from domain.search_words import words_of_text
from models import (
    EvaluationResponse,
    LearnerQuestion,
    PageView,
    Payment,
    ProblemReport,
    ProblemWord,
    ReplyPromise,
    StudyInterval,
    TimeAdjustment,
)
from tests.completed import ANSWERS

MODELS = (
    PageView,
    StudyInterval,
    TimeAdjustment,
    EvaluationResponse,
    LearnerQuestion,
    ReplyPromise,
    Payment,
    ProblemReport,
    ProblemWord,
)
"""In the order in which their rows can be written."""
VIEWS = 6
DAY = timedelta(days=1)
Row = tuple[type, dict[str, Any]]


@dataclass(frozen=True)
class Learner:
    """One learner of the crowd, who enrolled at an instant and completed later, or not."""

    number: int
    person_id: int
    enrollment_id: int
    outline: Outline
    enrolled_at: datetime
    completed_at: datetime | None
    order_id: int | None


def list_records(of: Learner, first_ids: dict[type, int]) -> Iterator[Row]:
    """Their records; `first_ids` are the highest ids that others have."""
    yield from _study(of, first_ids[PageView])
    if of.completed_at is not None:
        yield from _evaluation(of, of.completed_at)
    if of.number % 50 == 0:
        yield TimeAdjustment, {
            "enrollment_id": of.enrollment_id, "evidence": "adjusted", "unit_number": 1,
            "item_id": None, "began_at": of.enrolled_at, "seconds": 600, "reason": "Read on paper.",
            "by_id": of.person_id, "recorded_at": of.enrolled_at + DAY, "intent": None,
            "correction_id": None,
        }  # fmt: skip
    if of.number % 3 == 0:
        yield from _question(of, first_ids[LearnerQuestion] + 1 + of.number)
    if of.order_id is not None:
        yield Payment, {
            "order_id": of.order_id, "kind": "payment", "method": "check", "reference": "",
            "amount_cents": 4800, "currency": "USD", "moved_on": of.enrolled_at.date(),
            "recorded_by_id": None, "recorded_at": of.enrolled_at,
        }  # fmt: skip
    if of.number % 10 == 0:
        yield from _problem(of, first_ids[ProblemReport] + 1 + of.number)


def _study(of: Learner, first_id: int) -> Iterator[Row]:
    """Some sittings in the items of the course; somebody of a thousand sits for seven hours."""
    items = list(of.outline.items())
    at = of.enrolled_at
    for number in range(VIEWS if of.completed_at else 2):
        item = items[number % len(items)]
        view_id = first_id + 1 + of.number * VIEWS + number
        minutes = 420 if of.number % 1000 == 0 and number == 0 else 5 + (of.number + number) % 37
        end = at + timedelta(minutes=minutes)
        yield PageView, {
            "id": view_id, "uid": None, "person_id": of.person_id,
            "enrollment_id": of.enrollment_id, "place_kind": "item",
            "unit_number": item.unit_number, "item_id": item.id, "attempt_id": None,
            "opened_at": at, "strongest": "active", "last_seq": 9, "finished_at": None,
        }  # fmt: skip
        yield StudyInterval, {
            "person_id": of.person_id, "enrollment_id": of.enrollment_id, "page_view_id": view_id,
            "evidence": "active", "started_at": at, "ended_at": end, "closed_at": end,
            "left": True, "last_seq": 9, "beats": 9, "policy": 1,
        }  # fmt: skip
        at = end + timedelta(hours=2)


def _evaluation(of: Learner, at: datetime) -> Iterator[Row]:
    answers = {**ANSWERS, "objectives-1": str(of.number % 5 + 1)}
    if of.number % 4 == 0:
        answers["comments"] = f"Clear and useful; example {of.number} most of all."
    yield EvaluationResponse, {
        "key": f"{of.number * 2_654_435_761 % 2**64:032x}",
        "edition_id": of.outline.edition_id, "month": f"{at:%Y-%m}", "answers": answers,
    }  # fmt: skip


def _question(of: Learner, question_id: int) -> Iterator[Row]:
    """Every tenth is answered late."""
    due = of.enrolled_at + 2 * DAY
    answered = due + (DAY if of.number % 30 == 0 else -DAY)
    yield LearnerQuestion, {
        "id": question_id, "enrollment_id": of.enrollment_id, "course_id": of.outline.course_id,
        "item_id": None, "asked_at": of.enrolled_at, "due_at": due, "answered_at": answered,
    }  # fmt: skip
    yield ReplyPromise, {
        "question_id": question_id, "course_id": of.outline.course_id,
        "asked_at": of.enrolled_at, "due_at": due, "answered_at": answered,
    }  # fmt: skip


def _problem(of: Learner, report_id: int) -> Iterator[Row]:
    text, email = f"The sound of lesson {of.number} stops.", f"p{of.number}@crowd.example"
    yield ProblemReport, {
        "id": report_id, "kind": "problem", "text": text, "page": "", "email": email,
        "person_id": of.person_id, "state": "closed", "made_at": of.enrolled_at, "intent": None,
    }  # fmt: skip
    for word in words_of_text(text, email):
        yield ProblemWord, {"report_id": report_id, "word": word}
