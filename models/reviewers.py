"""Reviewers of approving bodies: who may walk through which course, until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class ReviewerGrant(HasId, Base):
    """One address may read one course, until `until` or `revoked_at`. It enrolls nobody.

    The address counts once its owner has confirmed it (`Person.email_confirmed_at`).
    """

    __tablename__ = "reviewer_grant"
    __table_args__ = (Index("ix_reviewer_grant_email_course_id", "email", "course_id"),)

    email: Mapped[str] = mapped_column(String(254))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    body: Mapped[str] = mapped_column(String(200))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)
