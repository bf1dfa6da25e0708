"""The time record: one timeline per learner, made of study intervals (time-record.md)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId, Identifier

_OPEN = text("closed_at IS NULL")


class Timeline(Base):
    """A learner's timeline: the row that is locked before an interval opens or closes."""

    __tablename__ = "timeline"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    high_water: Mapped[datetime | None]


class PageView(HasId, Base):
    """One opening of one place: an item, a post-test attempt, or the evaluation.

    The row is made when the page is first heard of; until then its signed token carries `uid`
    and `opened_at`, so that opening a page writes nothing.
    `strongest` is the strongest evidence it ever sent: 'active', 'page', or None.
    `last_seq` is the highest number heard from it, besides those that simply grew an interval.
    `finished_at` is set by the first POST of the item's own form (open–finish evidence).
    """

    __tablename__ = "page_view"

    uid: Mapped[str | None] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    place_kind: Mapped[str] = mapped_column(String(12))
    unit_number: Mapped[int | None]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    opened_at: Mapped[datetime]
    strongest: Mapped[str | None] = mapped_column(String(10))
    last_seq: Mapped[int] = mapped_column(Identifier, default=0)
    finished_at: Mapped[datetime | None]


class StudyInterval(HasId, Base):
    """Credited time: `ended_at - started_at`, in whole seconds. Closed intervals are immutable.

    `evidence` is 'active', 'page' or 'open-finish'; what is declared or adjusted stands in
    `TimeAdjustment`. `left`: its latest sign said that the page was left, paused or hidden; an
    interval that ended without is followed by a gap that the learner is told of. No index holds
    what a beat changes.
    """

    __tablename__ = "study_interval"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="not_negative"),
        Index(
            "uq_study_interval_open",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_study_interval_enrollment_id_started_at", "enrollment_id", "started_at"),
        Index("ix_study_interval_person_id_started_at", "person_id", "started_at"),
        Index("ix_study_interval_page_view_id", "page_view_id"),
        Index("ix_study_interval_started_at", "started_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    page_view_id: Mapped[int] = mapped_column(ForeignKey("page_view.id"))
    evidence: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    left: Mapped[bool | None]
    last_seq: Mapped[int] = mapped_column(Identifier)
    beats: Mapped[int]
    policy: Mapped[int]
