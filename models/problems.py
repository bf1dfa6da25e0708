"""Problem reports and grievances, with the history of what was done about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class ProblemReport(HasId, Base):
    """What a visitor or learner reports: `kind` 'problem' or 'grievance'.

    `state` is one of `domain.problems.STATES`; `page` is where it was written from, or ''.
    """

    __tablename__ = "problem_report"
    __table_args__ = (Index("ix_problem_report_state", "state", "id"),)

    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    page: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)


class ProblemEvent(HasId, Base):
    """What was done about a report: its state from then on, a note for staff, or an answer."""

    __tablename__ = "problem_event"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("problem_report.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime]
