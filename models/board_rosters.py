"""Rosters for boards, and the ledger that keeps anybody from being reported twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId

_COUNTED = text("is_counted")


class BoardRoster(HasId, Base):
    """One file for one body: made, then sent, or withdrawn so that its lines are free again.

    `approval_line` names the line of approvals (Approval.line). `heads` and the entries' cells
    are what the file holds, for good.
    """

    __tablename__ = "board_roster"

    approval_line: Mapped[str] = mapped_column(String(60), index=True)
    body: Mapped[str] = mapped_column(String(200))
    heads: Mapped[list[Any]]
    lines: Mapped[int]
    intent: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]


class BoardRosterEntry(HasId, Base):
    """A line of a roster. While it counts, the enrollment is in no other roster of the body."""

    __tablename__ = "board_roster_entry"
    __table_args__ = (
        Index(
            "uq_board_roster_entry_counted",
            "enrollment_id",
            "approval_line",
            unique=True,
            sqlite_where=_COUNTED,
            postgresql_where=_COUNTED,
        ),
    )

    roster_id: Mapped[int] = mapped_column(ForeignKey("board_roster.id"), index=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    approval_line: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    cells: Mapped[list[Any]]
    is_counted: Mapped[bool]
