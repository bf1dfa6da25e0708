"""Evaluations: the answers apart from the person, and the bare fact of having submitted."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class EvaluationSubmission(Base):
    """That the learner of an enrollment submitted the evaluation. Holds no answers."""

    __tablename__ = "evaluation_submission"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), primary_key=True)
    submitted_at: Mapped[datetime]


class EvaluationResponse(Base):
    """One evaluation, under a random key, with the edition and the month ('2026-11') only."""

    __tablename__ = "evaluation_response"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    month: Mapped[str] = mapped_column(String(7))
    answers: Mapped[dict[str, Any]]
