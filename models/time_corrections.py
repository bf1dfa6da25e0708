"""Time that was not measured: what learners declare, and what administrators correct."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class TimeCorrection(HasId, Base):
    """A learner's request to correct the time record, and its decision.

    `began_at` and `seconds` are what the learner says; `item_id` is None for no one item.
    `decision` is 'granted' or 'refused', None while it waits.
    """

    __tablename__ = "time_correction"
    __table_args__ = (CheckConstraint("seconds > 0", name="asks_for_time"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    unit_number: Mapped[int | None]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    began_at: Mapped[datetime]
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime]
    intent: Mapped[str | None] = mapped_column(String(80), unique=True)
    decision: Mapped[str | None] = mapped_column(String(10))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class TimeAdjustment(HasId, Base):
    """Time beside the measured intervals, which it never changes. A fact: append-only.

    `evidence` is 'declared' (by the learner, about study away from the screen) or 'adjusted'
    (by an administrator: `seconds` is signed). `by_id` is who said so.
    """

    __tablename__ = "time_adjustment"
    __table_args__ = (
        CheckConstraint("seconds <> 0", name="changes_something"),
        CheckConstraint("evidence <> 'declared' OR seconds > 0", name="declares_time"),
        Index("ix_time_adjustment_enrollment_id_began_at", "enrollment_id", "began_at"),
    )

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    evidence: Mapped[str] = mapped_column(String(12))
    unit_number: Mapped[int | None]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    began_at: Mapped[datetime]
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("time_correction.id"), unique=True)
    intent: Mapped[str | None] = mapped_column(String(80), unique=True)
