"""The questions of an edition with their keys, for those who answer for the course."""

from dataclasses import dataclass

from sqlalchemy import select

from domain.outline import Outline, UnitOutline
from extensions import db
from models import PostTest, Question, QuestionRuling


@dataclass(frozen=True)
class KeyQuestion:
    """A question, and why it is void ('' if it is not)."""

    question: Question
    void_reason: str


def list_by_unit(outline: Outline) -> list[tuple[UnitOutline, list[KeyQuestion]]]:
    """Every question of an edition by unit, in the order of the pools."""
    rows = db.session.execute(
        select(Question, QuestionRuling.reason)
        .join(PostTest, PostTest.id == Question.post_test_id)
        .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
        .where(PostTest.edition_id == outline.edition_id)
        .order_by(Question.position)
    ).all()
    return [
        (
            unit,
            [
                KeyQuestion(question, reason or "")
                for question, reason in rows
                if question.post_test_id == unit.post_test_id
            ],
        )
        for unit in outline.units
    ]
