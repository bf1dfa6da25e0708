"""Enrollment keys made by administrators: for an agency's staff, or for one who has paid."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from domain.enrollment_key import make_code
from domain.outline import Outline
from domain.refusals import Conflict, NotFound
from extensions import db
from models import AgencyKey, Course, EnrollmentKey
from services import audit, editions
from services.audit import Actor
from services.provider_days import end_of

PAGE = 50


@dataclass(frozen=True)
class NewKey:
    """What an administrator asks for. `last_day` is in the provider's time zone, or None."""

    slug: str
    seats: int
    last_day: date | None
    note: str
    intent: str


@dataclass(frozen=True)
class KeyLine:
    """A key with the course it opens."""

    key: EnrollmentKey
    outline: Outline

    def state(self, now: datetime) -> str:
        """'open', 'withdrawn', 'out of date' or 'used up'."""
        if self.key.revoked_at is not None:
            return "withdrawn"
        if self.key.valid_until is not None and self.key.valid_until < now:
            return "out of date"
        return "used up" if self.key.used >= self.key.seats else "open"


def make_key(asked: NewKey, actor: Actor, now: datetime) -> EnrollmentKey:
    """Make a key for a course on offer. A repeated intent finds the key made before.

    Raises Invalid (field `last_day`) for a day that has passed or is far off.
    """
    made = _find_made(asked, actor)
    if made is not None:
        return made
    valid_until = end_of(asked.last_day, now) if asked.last_day else None
    key = EnrollmentKey(
        code=make_code(),
        course_id=editions.get_current_outline(asked.slug).course_id,
        seats=asked.seats,
        note=asked.note,
        created_by_id=actor.person_id,
        created_at=now,
        valid_until=valid_until,
        intent=_own_intent(asked, actor),
    )
    try:
        with db.session.begin_nested():
            db.session.add(key)
    except IntegrityError as error:
        made = _find_made(asked, actor)
        if made is None:
            raise Conflict("The key could not be made. Please try again.") from error
        return made
    facts = {"course_id": key.course_id, "seats": key.seats}
    _record("key.created", key, actor, facts)
    return key


def revoke_key(key_id: int, actor: Actor, now: datetime) -> EnrollmentKey:
    """Withdraw a key: nobody enrolls with it any more; who has enrolled, stays. Once."""
    key = db.session.scalar(
        select(EnrollmentKey).where(EnrollmentKey.id == key_id).with_for_update()
    )
    if key is None:
        raise NotFound("There is no such key.")
    if key.revoked_at is None:
        key.revoked_at = now
        _record("key.revoked", key, actor, {"used": key.used, "seats": key.seats})
    return key


def list_keys(before: int | None = None) -> tuple[list[KeyLine], int | None]:
    """A page of keys, the newest first, and the id to ask older ones with (None: no more).

    Keys of agencies are listed with their contracts.
    """
    query = (
        select(EnrollmentKey, Course.current_edition_id)
        .join(Course, Course.id == EnrollmentKey.course_id)
        .where(~exists().where(AgencyKey.enrollment_key_id == EnrollmentKey.id))
        .order_by(EnrollmentKey.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(EnrollmentKey.id < before)
    lines = [
        KeyLine(key, editions.get_outline(edition_id))
        for key, edition_id in db.session.execute(query)
        if edition_id is not None
    ]
    return lines[:PAGE], lines[PAGE - 1].key.id if len(lines) > PAGE else None


def _find_made(asked: NewKey, actor: Actor) -> EnrollmentKey | None:
    intent = _own_intent(asked, actor)
    if intent is None:
        return None
    return db.session.scalar(select(EnrollmentKey).where(EnrollmentKey.intent == intent))


def _own_intent(asked: NewKey, actor: Actor) -> str | None:
    return f"{actor.person_id}-{asked.intent}"[:64] if asked.intent else None


def _record(kind: str, key: EnrollmentKey, actor: Actor, facts: dict[str, int]) -> None:
    audit.record(
        kind,
        actor_id=actor.person_id,
        subject=f"key:{key.id}",
        request_id=actor.request_id,
        facts=dict(facts),
    )
