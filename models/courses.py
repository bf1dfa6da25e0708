"""Courses and their immutable editions: units, items, post-tests, questions, files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, HasId


class Course(HasId, Base):
    """What a learner enrolls in. `current_edition_id` is the edition new enrollments get."""

    __tablename__ = "course"
    __table_args__ = (
        Index(
            "ix_course_archived",
            "archived_at",
            sqlite_where=text("archived_at IS NOT NULL"),
            postgresql_where=text("archived_at IS NOT NULL"),
        ),
    )

    slug: Mapped[str] = mapped_column(String(100), unique=True)
    current_edition_id: Mapped[int | None] = mapped_column(
        ForeignKey("edition.id", use_alter=True, name="fk_course_current_edition_id_edition")
    )
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class CourseInstructor(Base):
    """Who answers the questions of a course's learners."""

    __tablename__ = "course_instructor"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Edition(HasId, Base):
    """One published, immutable state of a course.

    `facts` holds every course-page field that needs no column of its own (course_format.source
    names them); `evaluation` the evaluation form. Minutes are whole minutes, money is in cents.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        UniqueConstraint("course_id", "content_hash"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    about_html: Mapped[str] = mapped_column(Text)
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    assessment_minutes: Mapped[int]
    pass_mark: Mapped[int]
    attempts_allowed: Mapped[int]
    access_days: Mapped[int]
    released: Mapped[date]
    expires: Mapped[date]
    facts: Mapped[dict[str, Any]]
    evaluation: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]

    course: Mapped[Course] = relationship(foreign_keys=[course_id])
    units: Mapped[list["Unit"]] = relationship(order_by="Unit.number")


class Unit(HasId, Base):
    """A numbered part of an edition, with its items and one post-test."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]

    items: Mapped[list["Item"]] = relationship(order_by="Item.position")
    post_test: Mapped["PostTest"] = relationship(back_populates="unit")


class Item(HasId, Base):
    """The unit of progress: a webinar, video, audio, reading, handout or link.

    `details` holds what its kind needs: files by SHA-256, `duration` in seconds, `transcript_html`.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("unit_id", "position"),
        UniqueConstraint("edition_id", "slug"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    required: Mapped[bool]
    words: Mapped[int]
    body_html: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]]


class PostTest(HasId, Base):
    """A unit's post-test: each attempt draws `draw` of its questions."""

    __tablename__ = "post_test"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    draw: Mapped[int]

    unit: Mapped[Unit] = relationship(back_populates="post_test")
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position")


class Question(HasId, Base):
    """One question of a pool. `body` holds options and key by kind (`domain.grading`)."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("post_test_id", "key"),)

    post_test_id: Mapped[int] = mapped_column(ForeignKey("post_test.id"))
    key: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    objective: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    stem_html: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]]
    rationale_html: Mapped[str] = mapped_column(Text)


class EditionFile(Base):
    """A file of the edition's source. Text is kept whole; media are found by SHA-256 on disk."""

    __tablename__ = "edition_file"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)
