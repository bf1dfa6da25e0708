"""Evaluations: the answers apart from the person, and the bare fact of having submitted."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class EvaluationSubmission(Base):
    """That the learner of an enrollment submitted the evaluation. Holds no answers."""

    __tablename__ = "evaluation_submission"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), primary_key=True)
    submitted_at: Mapped[datetime]


class EvaluationResponse(Base):
    """One evaluation, under a random key, with the edition and the month ('2026-11') only."""

    __tablename__ = "evaluation_response"
    __table_args__ = (
        Index("ix_evaluation_response_edition_id_month", "edition_id", "month", "key"),
        Index("ix_evaluation_response_month", "month"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    month: Mapped[str] = mapped_column(String(7))
    answers: Mapped[dict[str, Any]]


class EvaluationAction(HasId, Base):
    """What was done about the evaluations of an edition, as an approving body may ask."""

    __tablename__ = "evaluation_action"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    text: Mapped[str] = mapped_column(Text)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)
