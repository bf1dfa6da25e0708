"""The provider of the installation, the approvals it holds, and its policies."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Provider(Base):
    """The one training center of this installation. `facts`: address lines, signatory, website."""

    __tablename__ = "provider"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40))
    time_zone: Mapped[str] = mapped_column(String(64))
    demonstration: Mapped[bool]
    facts: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class ProviderImage(Base):
    """A logo, seal or signature by its SHA-256. Never changed: certificates name it for good."""

    __tablename__ = "provider_image"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]


class Approval(Base):
    """An approving body's approval: number, statement pattern, how it counts an hour.

    A renewal is a row of its own; `series` is the id of the first of the line, which courses
    name. With `course_id` it is the approval of that one course, `course_number` its number.
    `wordings` are statements for some licenses only: profession, jurisdiction (or ''), statement.
    `unconfirmed` names the fields that nobody has read at the source yet.
    """

    __tablename__ = "approval"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    body: Mapped[str] = mapped_column(String(200))
    unit_word: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(60))
    statement: Mapped[str] = mapped_column(Text)
    hour_minutes: Mapped[int]
    increment: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    minimum: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    professions: Mapped[list[Any]]
    series: Mapped[str | None] = mapped_column(String(60), index=True)
    body_id: Mapped[str | None] = mapped_column(ForeignKey("approving_body.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    course_number: Mapped[str | None] = mapped_column(String(60))
    maximum: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    daily_maximum: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    wordings: Mapped[list[Any] | None]
    source: Mapped[str | None] = mapped_column(String(300))
    checked_on: Mapped[date | None]
    unconfirmed: Mapped[list[Any] | None]
    edited_at: Mapped[datetime | None]

    @property
    def line(self) -> str:
        """The name of the line of renewals, by which courses and rosters know it."""
        return self.series or self.id


class Policy(Base):
    """A policy or help page, published from content/policies."""

    __tablename__ = "policy"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    html: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]
