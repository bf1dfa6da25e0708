"""The audit log and the chain that seals it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId


class AuditEvent(HasId, Base):
    """Who did what to whom when: staff actions and security events. Ids, never names."""

    __tablename__ = "audit_event"

    kind: Mapped[str] = mapped_column(String(60), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    request_id: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime] = mapped_column(index=True)


class AuditSeal(Base):
    """A link of the chain over the audit log, written by the worker after the event committed.

    `number` is the place in the chain, not the event's id: on PostgreSQL an event with a lower
    id may become visible later than one with a higher id.
    """

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class AuditHead(Base):
    """The end of the chain: the one row that is locked while events are sealed."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime | None]


class AuditSegment(Base):
    """A run of the chain removed on purpose when its time of keeping was over."""

    __tablename__ = "audit_segment"

    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))
    newest_at: Mapped[datetime]
    removed_at: Mapped[datetime]


class AuditBreak(HasId, Base):
    """An acknowledged break: the database was restored from a backup that ended at `after`."""

    __tablename__ = "audit_break"

    after: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    acknowledged_at: Mapped[datetime]


class RetentionPass(Base):
    """A row lets the deletion guards step aside, within the transaction that made it alone.

    It is deleted again before the commit, so that no other transaction ever sees one.
    """

    __tablename__ = "retention_pass"

    reason: Mapped[str] = mapped_column(String(200), primary_key=True)
