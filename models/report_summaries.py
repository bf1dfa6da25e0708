"""Sums that reports keep, and what has changed since: each report stays exact, however old."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId, Identifier


class ReportSummary(Base):
    """What a report counted of one course (0: that it counted at all) in a month or on a day.

    It holds while no ReportChange falls into its span. Days are those of `time_zone`.
    """

    __tablename__ = "report_summary"

    report: Mapped[str] = mapped_column(String(20), primary_key=True)
    span: Mapped[str] = mapped_column(String(10), primary_key=True)
    course_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    time_zone: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]]


class ReportChange(HasId, Base):
    """That something a report counts has come, changed or gone; when it counts, not when noted.

    Written by the database itself, in the transaction that changes the records
    (`models.report_marks`); deleted when the sums concerned are made anew.
    """

    __tablename__ = "report_change"
    __table_args__ = (Index("ix_report_change_report_at", "report", "at"),)

    report: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
