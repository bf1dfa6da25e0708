"""The index of the catalogue: a row per course, kept by publishing, for words and filters."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CourseListing(Base):
    """What the catalogue shows and searches of a course's current edition.

    Triggers of the database carry `code` to `body` into its own full-text index, the table
    `course_search` (models.search). The index of the order holds all that filters ask of.
    `sort_title` is the title in lower case; `format` is one of `domain.catalogue.FORMATS`;
    `minutes` count everything; `objectives` and `body` are plain text.
    """

    __tablename__ = "course_listing"
    __table_args__ = (
        Index(
            "ix_course_listing_order",
            *("sort_title", "course_id", "expires", "level", "format", "minutes", "price_cents"),
        ),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    revision: Mapped[int]
    slug: Mapped[str] = mapped_column(String(100))
    sort_title: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    expires: Mapped[date] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    instructors: Mapped[str] = mapped_column(Text)
    objectives: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class ListingApproval(Base):
    """A line of approvals that a listed course names."""

    __tablename__ = "listing_approval"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("course_listing.course_id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
