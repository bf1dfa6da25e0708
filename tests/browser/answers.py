"""Right answers written straight into an attempt, for states that tests start from."""

from typing import Any

from sqlalchemy import select

import clock
from extensions import db
from models import Answer, AttemptQuestion, Question


def answer_rightly(attempt_id: int) -> None:
    """Save the right response to every question of an attempt."""
    rows = db.session.execute(
        select(AttemptQuestion.position, Question.kind, Question.body)
        .join(Question, Question.id == AttemptQuestion.question_id)
        .where(AttemptQuestion.attempt_id == attempt_id)
    )
    for position, kind, body in rows.all():
        db.session.add(
            Answer(
                attempt_id=attempt_id,
                position=position,
                response=_right(kind, body),
                page="states",
                sequence=1,
                revision=1,
                saved_at=clock.now(),
            )
        )
    db.session.commit()


def _right(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    match kind:
        case "single" | "multiple":
            return {"chosen": list(body["right"])}
        case "short":
            return {"text": body["accepted"][0].replace("*", "x")}
        case "number":
            return {"text": body["number"]}
        case "matching":
            return {"pairs": list(body["right"])}
        case _:
            return {"places": list(range(1, len(body["steps"]) + 1))}
