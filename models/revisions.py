"""Revisions: corrections of a published edition that earn and change no credit. Insert-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class EditionRevision(HasId, Base):
    """One correction of an edition; the latest one is what learners of the edition see.

    `changes` lists what differs from the version before, in words; `content` holds the texts of
    the whole edition as they stand after the correction (`services.course_content`).
    """

    __tablename__ = "edition_revision"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    changes: Mapped[list[Any]]
    content: Mapped[dict[str, Any]]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]


class RevisionFile(Base):
    """A file that a revision changed or added; one that it removed has no hash."""

    __tablename__ = "revision_file"

    revision_id: Mapped[int] = mapped_column(ForeignKey("edition_revision.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)
