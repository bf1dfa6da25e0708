"""How long a learner may study: the free extension, and the reminders of the end."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AccessExtension(Base):
    """The one free extension of an enrollment; the key allows no second."""

    __tablename__ = "access_extension"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), primary_key=True)
    until_before: Mapped[datetime]
    until_after: Mapped[datetime]
    extended_at: Mapped[datetime]


class AccessReminder(Base):
    """A reminder, once for each end of access and number of days before it.

    Noted also where no mail was needed, so that nobody decides about it twice.
    """

    __tablename__ = "access_reminder"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), primary_key=True)
    access_until: Mapped[datetime] = mapped_column(primary_key=True)
    days_before: Mapped[int] = mapped_column(primary_key=True)
    noted_at: Mapped[datetime]
