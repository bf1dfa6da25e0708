"""Accommodations: what a learner is granted, by whom, until when, and a private reason."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class Accommodation(HasId, Base):
    """What is granted to one learner, for one course or (no course) for all of them.

    In force from `granted_at` until `until` (None: no end) or `ended_at`. `reason` is private:
    only administrators read it. `time_percent` is a factor in whole percent, 100 at least.
    """

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("time_percent >= 100", name="never_less_time"),
        CheckConstraint("extra_attempts >= 0", name="never_fewer_attempts"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    time_percent: Mapped[int] = mapped_column(default=100)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    asks_presence: Mapped[bool] = mapped_column(default=True)
    alternative_format: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AccommodationRequest(HasId, Base):
    """What a learner asks for. `why` is optional and private: only administrators read it.

    Waiting until `decided_at`; then `accommodation_id` says what was granted, None that it was
    declined; `answer` is the director's to the learner.
    """

    __tablename__ = "accommodation_request"
    __table_args__ = (
        Index(
            "ix_accommodation_request_waiting",
            "asked_at",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    wish: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accommodation_id: Mapped[int | None] = mapped_column(ForeignKey("accommodation.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)
