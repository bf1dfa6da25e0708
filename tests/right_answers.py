"""What to type to answer a drawn question rightly or wrongly."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from extensions import db
from models import AttemptQuestion, Question

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Drawn:
    """A drawn question with its key."""

    position: int
    question_id: int
    objective: int
    kind: str
    body: dict[str, Any]
    order: list[int]


def list_drawn(attempt_id: int) -> list[Drawn]:
    """The questions of an attempt in their order."""
    rows = db.session.execute(
        select(
            AttemptQuestion.position,
            Question.id,
            Question.objective,
            Question.kind,
            Question.body,
            AttemptQuestion.option_order,
        )
        .join(Question, Question.id == AttemptQuestion.question_id)
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.position)
    )
    return [Drawn(*row) for row in rows]


def fields_for(drawn: Drawn, *, right: bool) -> Fields:
    """The form's answer fields; wrong answers are complete, but wrong."""
    body = drawn.body
    if drawn.kind in ("single", "multiple"):
        wrong = [index for index in range(len(body["options"])) if index not in body["right"]]
        return [("answer", _key(drawn, i)) for i in (body["right"] if right else wrong[:1])]
    if drawn.kind == "short":
        return [("answer", body["accepted"][0].replace("*", "") if right else "nothing of it")]
    if drawn.kind == "number":
        return [("answer", body["number"] if right else "987654")]
    if drawn.kind == "matching":
        rights = body["right"] if right else [(i + 1) % len(body["rights"]) for i in body["right"]]
        return [(f"answer-{left}", _key(drawn, i)) for left, i in enumerate(rights, start=1)]
    size = len(body["steps"])
    places = range(1, size + 1) if right else [*range(2, size + 1), 1]
    return [(f"answer-{_key(drawn, i)}", str(place)) for i, place in enumerate(places)]


def _key(drawn: Drawn, index: int) -> str:
    return str(drawn.order.index(index) + 1)
