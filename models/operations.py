"""What keeps the center running: mail to send, jobs to do, chores and throttles."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId

_DUE = text("state IN ('queued', 'running')")
_FAILED = text("state = 'failed'")


class OutgoingMail(HasId, Base):
    """A mail in the outbox, written in the transaction that makes it necessary."""

    __tablename__ = "outgoing_mail"

    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


class Job(HasId, Base):
    """Work for the worker. `run_at` is when it is due or, while running, when its lease ends."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "run_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_job_failed", "id", sqlite_where=_FAILED, postgresql_where=_FAILED),
    )

    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="queued")
    run_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(60))
    error: Mapped[str | None] = mapped_column(String(500))
    key: Mapped[str | None] = mapped_column(String(120), unique=True)


class Chore(Base):
    """Something the worker does again and again; due next at `due_at`."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]


class Throttle(Base):
    """A counter of one kind of attempt by one key in one window."""

    __tablename__ = "throttle"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
