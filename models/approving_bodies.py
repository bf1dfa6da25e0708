"""Approving bodies as the field describes them, and the history of what was edited."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class ApprovingBody(Base):
    """The profile of a body: dated, editable, with its source; no claim that a rule is met.

    `rules` are what the field says about it: topic, text, source, confirmed. `unconfirmed` names
    the fields of the profile that nobody has read at the source yet.
    """

    __tablename__ = "approving_body"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    unit_word: Mapped[str] = mapped_column(String(60))
    hour_minutes: Mapped[int]
    increment: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    minimum: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    maximum: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    daily_maximum: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    statement: Mapped[str] = mapped_column(Text)
    rules: Mapped[list[Any]]
    source: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date]
    unconfirmed: Mapped[list[Any]]
    edited_at: Mapped[datetime | None]


class ApprovalChange(HasId, Base):
    """One edit of an approval or of a body: each field before and after, why, and by whom."""

    __tablename__ = "approval_change"
    __table_args__ = (Index("ix_approval_change_subject", "subject_kind", "subject_id"),)

    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(60))
    fields: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(300))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime]
