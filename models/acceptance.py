"""What licensing boards are known to accept: dated, with its source, never a promise."""

from datetime import date

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class AcceptanceRule(HasId, Base):
    """Whether the board of a profession in a jurisdiction accepts credit under an approval.

    `line` names the line of approvals (Approval.line), or the profile of its body (body_id).
    """

    __tablename__ = "acceptance_rule"
    __table_args__ = (Index("ix_acceptance_rule_license", "profession", "jurisdiction"),)

    profession: Mapped[str] = mapped_column(String(80))
    jurisdiction: Mapped[str] = mapped_column(String(80))
    line: Mapped[str] = mapped_column(String(60))
    accepts: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date]
