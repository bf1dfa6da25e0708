"""Post-test attempts: the frozen draw, the saved answers, the log of grades."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, HasId

_OPEN = text("submitted_at IS NULL")


class Attempt(HasId, Base):
    """One attempt at a unit's post-test. Open until submitted; one open per enrollment and test.

    `terms` keeps the pass mark, limits and accommodations in force at the start, as evidence.
    `time_limit_minutes` is the course's own, None where there is none; the deadline follows from
    it and from the accommodations (`services.deadlines`). `closed_by` is 'learner' or 'deadline'.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "post_test_id", "number"),
        Index(
            "uq_attempt_open",
            "enrollment_id",
            "post_test_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_attempt_submitted_at", "submitted_at"),
    )

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    post_test_id: Mapped[int] = mapped_column(ForeignKey("post_test.id"), index=True)
    number: Mapped[int]
    pass_mark: Mapped[int]
    terms: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    time_limit_minutes: Mapped[int | None]
    closed_by: Mapped[str | None] = mapped_column(String(10))

    questions: Mapped[list["AttemptQuestion"]] = relationship(order_by="AttemptQuestion.position")


class AttemptQuestion(Base):
    """A drawn question at its place, with the order its options are shown in."""

    __tablename__ = "attempt_question"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    option_order: Mapped[list[Any]]


class Answer(Base):
    """The saved answer to a drawn question: raw response by kind, and who wrote it last.

    `page` names the page instance that saved it, `sequence` its own counter, `revision` counts
    every accepted save: an intervening save by another page is a conflict. `first_saved_at` is
    None for answers of before it was kept.
    """

    __tablename__ = "answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    response: Mapped[dict[str, Any]]
    page: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int]
    revision: Mapped[int]
    saved_at: Mapped[datetime]
    first_saved_at: Mapped[datetime | None]


class LateAnswer(HasId, Base):
    """An answer that came after its attempt was submitted: kept as evidence, never graded."""

    __tablename__ = "late_answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    position: Mapped[int]
    response: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]


class Grade(Base):
    """A line of the grade log. The one with the highest `number` counts.

    `earned` and `possible` are in hundredths of a question; `per_question` is a list of
    {position, earned} in draw order. `ruling_id` is the ruling that a regrade follows.
    """

    __tablename__ = "grade"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    earned: Mapped[int]
    possible: Mapped[int]
    passed: Mapped[bool]
    per_question: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(String(200))
    graded_at: Mapped[datetime]
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("question_ruling.id"))
