"""Enrollments, the keys that open them, and what has been completed in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId

_OPEN = text("completed_at IS NULL AND ended_at IS NULL")
_STATES = {
    "open": _OPEN,
    "complete": text("completed_at IS NOT NULL"),
    "withdrawn": text("ended_at IS NOT NULL"),
}


def _by_state(name: str, *columns: str) -> list[Index]:
    """An index of the enrollments in each state, so that lists of a state do not slow with size."""
    return [
        Index(f"ix_enrollment_{state}_{name}", *columns, sqlite_where=where, postgresql_where=where)
        for state, where in _STATES.items()
    ]


class EnrollmentKey(HasId, Base):
    """A code that enrolls up to `seats` learners in one course, until `valid_until`."""

    __tablename__ = "enrollment_key"
    __table_args__ = (CheckConstraint("used <= seats", name="seats_not_exceeded"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    seats: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)


class Enrollment(HasId, Base):
    """One learner in one course edition, once.

    Open until `completed_at` (content, tests and evaluation all met: the completion instant,
    fixed forever) or `ended_at` (withdrawn). `records_deleted_at`: when its time record, attempts
    and messages were deleted, since they had been kept long enough or on request. `source` is
    the way it came: 'free', 'key', 'order' or 'staff'.
    """

    __tablename__ = "enrollment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "number"),
        Index(
            "uq_enrollment_open",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_enrollment_enrolled_at", "enrolled_at", "id"),
        Index("ix_enrollment_course_enrolled_at", "course_id", "enrolled_at", "id"),
        Index(
            "ix_enrollment_completed_at",
            "completed_at",
            "course_id",
            "enrolled_at",
            sqlite_where=_STATES["complete"],
            postgresql_where=_STATES["complete"],
        ),
        Index(
            "ix_enrollment_edition_completed_at",
            "edition_id",
            "completed_at",
            sqlite_where=_STATES["complete"],
            postgresql_where=_STATES["complete"],
        ),
        *_by_state("enrolled_at", "enrolled_at", "id"),
        *_by_state("course_enrolled_at", "course_id", "enrolled_at", "id"),
        *_by_state("access_until", "access_until", "id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(20))
    enrollment_key_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrollment_key.id"), index=True
    )
    enrolled_at: Mapped[datetime]
    access_until: Mapped[datetime] = mapped_column(index=True)
    completed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    records_deleted_at: Mapped[datetime | None]


class ItemCompletion(Base):
    """The fact that a learner completed an item. `route`: 'read', 'played' or 'stated'."""

    __tablename__ = "item_completion"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    completed_at: Mapped[datetime]
    route: Mapped[str] = mapped_column(String(20))


class MediaProgress(Base):
    """Where a learner is in a recording, and which seconds were really played.

    `played` is a sorted list of disjoint [from, to] pairs in seconds. `allowance_seconds` is what
    may be added to it beyond what plays from now on (`domain.media.spend`); None: the first of it.
    """

    __tablename__ = "media_progress"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    position_seconds: Mapped[int]
    played: Mapped[list[Any]]
    allowance_seconds: Mapped[int | None]
    first_at: Mapped[datetime]
    updated_at: Mapped[datetime]
