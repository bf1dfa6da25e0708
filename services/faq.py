"""Entries of a course's FAQ that its instructors make of good answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.exc import IntegrityError

from domain.identity import Identity
from domain.refusals import NotFound
from extensions import db
from models import CourseInstructor, FaqEntry
from services import audit, editions
from services.audit import Actor


@dataclass(frozen=True)
class Typed:
    """A question and its answer, plain text. `intent`: sent twice, it is kept once."""

    question: str
    answer: str
    intent: str = ""


@dataclass(frozen=True)
class EntryLine:
    """An entry with the title of its course."""

    entry: FaqEntry
    course: str


def list_entries(course_id: int) -> list[FaqEntry]:
    """What the course page shows, the oldest first."""
    return list(
        db.session.scalars(
            select(FaqEntry)
            .where(FaqEntry.course_id == course_id, FaqEntry.removed_at.is_(None))
            .order_by(FaqEntry.id)
        )
    )


def list_entries_for(who: Identity) -> list[EntryLine]:
    """The entries of the courses a person answers for, by course."""
    found = db.session.scalars(
        select(FaqEntry)
        .where(FaqEntry.removed_at.is_(None), _is_of(who))
        .order_by(FaqEntry.course_id, FaqEntry.id)
    )
    return [EntryLine(entry, editions.get_title(entry.course_id)) for entry in found]


def get_entry_for(who: Identity, entry_id: int) -> EntryLine:
    """An entry the person may change. Raises NotFound."""
    entry = db.session.scalar(
        select(FaqEntry).where(FaqEntry.id == entry_id, FaqEntry.removed_at.is_(None), _is_of(who))
    )
    if entry is None:
        raise NotFound("There is no such entry, or it is not of a course of yours.")
    return EntryLine(entry, editions.get_title(entry.course_id))


def add_entry(course_id: int, typed: Typed, actor: Actor, now: datetime) -> None:
    """Add an entry to the course page; once per intent."""
    entry = FaqEntry(
        course_id=course_id,
        question=typed.question,
        answer=typed.answer,
        made_by_id=actor.person_id,
        made_at=now,
        intent=f"{actor.person_id}-{typed.intent}"[:64] if typed.intent else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(entry)
    except IntegrityError:
        return
    audit.record_act(actor, "faq.added", f"course:{course_id}", entry=entry.id)


def change_entry(entry: FaqEntry, typed: Typed, actor: Actor, now: datetime) -> None:
    """Change the words of an entry."""
    entry.question, entry.answer, entry.changed_at = typed.question, typed.answer, now
    audit.record_act(actor, "faq.changed", f"course:{entry.course_id}", entry=entry.id)


def remove_entry(entry: FaqEntry, actor: Actor, now: datetime) -> None:
    """Take an entry off the course page."""
    entry.removed_at = now
    audit.record_act(actor, "faq.removed", f"course:{entry.course_id}", entry=entry.id)


def _is_of(who: Identity) -> ColumnElement[bool]:
    if who.is_administrator:
        return true()
    return FaqEntry.course_id.in_(
        select(CourseInstructor.course_id).where(CourseInstructor.person_id == who.person_id)
    )
