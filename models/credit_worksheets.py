"""Credit worksheets: how the hours of an edition were arrived at, approved by somebody."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class CreditWorksheet(HasId, Base):
    """One approved calculation. The latest of an edition counts; none is ever changed.

    `inputs` and `results` are JSON values; `content_hash` is that of the content calculated with.
    """

    __tablename__ = "credit_worksheet"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(20))
    inputs: Mapped[dict[str, Any]]
    results: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    approver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime]
