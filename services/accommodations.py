"""Accommodations in force: read at each request, so that one granted now acts at once."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select

from domain.accommodation import NO_EFFECT, Effect, Granted, combine
from models import Accommodation
from services.plain_rows import read

_IN_FORCE = select(
    Accommodation.time_percent,
    Accommodation.extra_attempts,
    Accommodation.asks_presence,
    Accommodation.alternative_format,
).where(
    Accommodation.person_id == bindparam("person_id"),
    or_(Accommodation.course_id.is_(None), Accommodation.course_id == bindparam("course_id")),
    Accommodation.ended_at.is_(None),
    Accommodation.granted_at <= bindparam("now"),
    or_(Accommodation.until.is_(None), Accommodation.until > bindparam("now")),
)


def get_effect(person_id: int, course_id: int, now: datetime) -> Effect:
    """What the learner's accommodations in force for a course come to. One query."""
    given = {"person_id": person_id, "course_id": course_id, "now": now}
    rows = read(_IN_FORCE, given)
    return combine(Granted(*row) for row in rows) if rows else NO_EFFECT
