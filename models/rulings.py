"""Rulings beside the immutable edition, and attempts granted beyond those of the course."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class QuestionRuling(HasId, Base):
    """A published question is void: everybody gets full credit for it, later draws leave it out.

    One for each question, and for good. `reason` is read by the learners whose grades it changes.
    """

    __tablename__ = "question_ruling"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(500))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class AttemptGrant(HasId, Base):
    """Attempts that an administrator granted for one post-test of one enrollment, and why."""

    __tablename__ = "attempt_grant"
    __table_args__ = (CheckConstraint("attempts > 0", name="some_attempts"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    post_test_id: Mapped[int] = mapped_column(ForeignKey("post_test.id"))
    attempts: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    intent: Mapped[str] = mapped_column(String(64), unique=True)
