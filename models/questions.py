"""Learner questions to the instructor, and the messages of their threads."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, HasId
from models.people import Person

_WAITING = text("answered_at IS NULL")


class LearnerQuestion(HasId, Base):
    """A thread begun by a learner. `due_at`: when an answer may be expected."""

    __tablename__ = "learner_question"
    __table_args__ = (
        Index(
            "ix_learner_question_waiting",
            "due_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    messages: Mapped[list["Message"]] = relationship(order_by="Message.id")


class Message(HasId, Base):
    """One message of a thread, plain text."""

    __tablename__ = "message"

    question_id: Mapped[int] = mapped_column(ForeignKey("learner_question.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_instructor: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)

    author: Mapped[Person] = relationship()


class ReplyPromise(HasId, Base):
    """An answer promised by `due_at`, and when it came: one for each time a thread waited."""

    __tablename__ = "reply_promise"
    __table_args__ = (
        Index(
            "uq_reply_promise_open",
            "question_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_reply_promise_course_id_due_at", "course_id", "due_at"),
        Index("ix_reply_promise_due_at", "due_at"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("learner_question.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class ReplyReminder(Base):
    """The fact that a reminder of a promised answer was sent: each once for each due time."""

    __tablename__ = "reply_reminder"

    question_id: Mapped[int] = mapped_column(ForeignKey("learner_question.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(12), primary_key=True)
    sent_at: Mapped[datetime]


class FaqEntry(HasId, Base):
    """A question and its answer on the course page, made from a thread by its instructor."""

    __tablename__ = "faq_entry"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    question: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)
