"""Agencies, their contracts and managers, the keys and seats under a contract."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId

_IN_FORCE = text("ended_at IS NULL")


class Agency(HasId, Base):
    """An employer whose staff study under a contract. `note` is for the center's staff only."""

    __tablename__ = "agency"

    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(200), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)


class AgencyManager(HasId, Base):
    """A person who may see the progress of an agency's people, until `ended_at`."""

    __tablename__ = "agency_manager"
    __table_args__ = (
        Index(
            "uq_agency_manager_in_force",
            "agency_id",
            "person_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AgencyContract(HasId, Base):
    """So many seats, from one instant until another, in all courses or in a set of them.

    A seat is one learner in one course. `used` counts the seats that are held now.
    """

    __tablename__ = "agency_contract"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= seats", name="seats_not_exceeded"),
        CheckConstraint("valid_from < valid_until", name="begins_before_it_ends"),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    seats: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    all_courses: Mapped[bool]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)


class AgencyContractCourse(Base):
    """A course of a contract's set."""

    __tablename__ = "agency_contract_course"

    contract_id: Mapped[int] = mapped_column(ForeignKey("agency_contract.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)


class AgencyKey(Base):
    """What makes an enrollment key one of a contract: its seats come out of the contract's.

    An invitation is such a key with one seat, for a person named `invited_name`; it goes out by
    mail to `invited_email`, or, where that is empty, on a list that the supervisor hands out.
    """

    __tablename__ = "agency_key"

    enrollment_key_id: Mapped[int] = mapped_column(
        ForeignKey("enrollment_key.id"), primary_key=True
    )
    contract_id: Mapped[int] = mapped_column(ForeignKey("agency_contract.id"), index=True)
    is_invitation: Mapped[bool]
    invited_name: Mapped[str] = mapped_column(String(120), default="")
    invited_email: Mapped[str] = mapped_column(String(254), default="")
    times_sent: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


class AgencySeat(HasId, Base):
    """A numbered seat of a contract, and the enrollment that holds it now (None: free)."""

    __tablename__ = "agency_seat"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    contract_id: Mapped[int] = mapped_column(ForeignKey("agency_contract.id"))
    number: Mapped[int]
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollment.id"), unique=True)


class AgencySeatEvent(HasId, Base):
    """A seat was taken by an enrollment, or freed of it: `kind` 'taken' or 'freed'. For ever."""

    __tablename__ = "agency_seat_event"

    seat_id: Mapped[int] = mapped_column(ForeignKey("agency_seat.id"), index=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime]
