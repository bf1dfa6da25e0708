"""What it means that a sign of presence only grows the learner's open interval: one statement."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, literal_column, update

from models import StudyInterval

GIVEN = ("person", "view", "kind", "seq", "earliest", "now", "final", "token_hash")
"""What is given of a sign; of its session, the token's hash."""
Grown = tuple[int, datetime, datetime]
"""An interval's number, its start and its end."""
Signs = Mapping[int, Mapping[str, Any]]
"""What is given of each person's sign."""
Given = Callable[[str], ColumnElement[Any]]
"""What is given of a sign, by name, as the statement refers to it."""


def whose(given: Given) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the open interval that a sign of this page and evidence may grow.

    The person leads to the one open interval there can be, by its unique index.
    """
    return (
        StudyInterval.person_id == given("person"),
        StudyInterval.page_view_id == given("view"),
        StudyInterval.evidence == given("kind"),
        StudyInterval.closed_at.is_(None),
    )


def may_grow(given: Given) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which it does: a higher number, after no gap, in a later second."""
    return (
        *whose(given),
        StudyInterval.last_seq < given("seq"),
        StudyInterval.ended_at >= given("earliest"),
        StudyInterval.ended_at < given("now"),
    )


def grown(given: Given) -> dict[Any, Any]:
    """What an interval holds after the sign."""
    return {
        StudyInterval.ended_at: given("now"),
        StudyInterval.last_seq: given("seq"),
        StudyInterval.left: given("final"),
        StudyInterval.beats: StudyInterval.beats + literal_column("1"),
    }


def growing(given: Given) -> Update:
    """The statement that grows it."""
    return update(StudyInterval).where(*may_grow(given)).values(grown(given))
