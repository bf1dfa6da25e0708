"""Audit packs: who asked for which, how far the building is, until when the file stays."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class AuditPack(HasId, Base):
    """One ZIP of everything an approving body asks for, of a course and days, or of a learner.

    Built in steps: `steps_done` of `steps_total` (None until it is known), `doing` in words.
    `as_of` is when the building began; nothing that happened later counts. The row stays when the
    file is deleted (`deleted_at`), since it tells who had it made.
    """

    __tablename__ = "audit_pack"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (person_id IS NULL)", name="of_one_thing"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
    )

    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    intent: Mapped[str] = mapped_column(String(64), unique=True)
    as_of: Mapped[datetime | None]
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int | None]
    doing: Mapped[str] = mapped_column(String(120), default="")
    finished_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    deleted_at: Mapped[datetime | None]
