"""Asking for accommodations, granting, declining and ending them.

The reason is private: it is in no mail, no audit event, and on no page but the administrator's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain.accommodation import Granted
from domain.refusals import Conflict, NotFound
from extensions import db
from models import Accommodation, AccommodationRequest, Course, Person
from services import audit, editions, mail, mail_texts
from services.audit import Actor
from services.enrollments import list_studies_for
from services.provider import get_provider

MOST_SHOWN = 200


@dataclass(frozen=True)
class Wish:
    """What a learner asks for. `slug`: the course it is for, '' for all of them."""

    slug: str
    wish: str
    why: str
    intent: str


@dataclass(frozen=True)
class Line:
    """A request with the learner and the title of the course ('' for all courses)."""

    request: AccommodationRequest
    learner: Person
    course: str


@dataclass(frozen=True)
class GrantLine:
    """What is granted, with the learner and the title of the course ('' for all courses)."""

    accommodation: Accommodation
    learner: Person
    course: str


def list_courses_for(person_id: int) -> list[tuple[str, str]]:
    """Slug and title of the courses a learner may ask for: those they study or studied."""
    found = {s.outline.slug: s.outline.title for s in list_studies_for(person_id)}
    return sorted(found.items(), key=lambda pair: pair[1])


def ask(person_id: int, wished: Wish, base_url: str, now: datetime) -> None:
    """Keep a learner's request and tell the provider that there is one. Once per intent."""
    course_id = editions.get_course(wished.slug).id if wished.slug else None
    row = AccommodationRequest(
        person_id=person_id,
        course_id=course_id,
        wish=wished.wish,
        why=wished.why,
        asked_at=now,
        intent=f"{person_id}-{wished.intent}"[:64],
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return
    provider = get_provider()
    text = mail_texts.accommodation_asked(f"{base_url}/admin/accommodations/{row.id}")
    mail.queue(provider.email, text.subject, text.body)


def list_own(person_id: int) -> list[Line]:
    """A learner's requests, the newest first."""
    return _lines(AccommodationRequest.person_id == person_id)


def list_waiting() -> list[Line]:
    """The requests that wait for a decision, the oldest first."""
    return _lines(AccommodationRequest.decided_at.is_(None))[::-1]


def count_waiting() -> int:
    """How many requests wait, for the panel's first page."""
    waiting = select(AccommodationRequest.id).where(AccommodationRequest.decided_at.is_(None))
    return len(db.session.scalars(waiting.limit(MOST_SHOWN)).all())


def list_in_force(now: datetime, person_id: int | None = None) -> list[GrantLine]:
    """What is granted and has not ended, the newest first; of one learner, or of all."""
    query = (
        select(Accommodation, Person, Course)
        .join(Person, Person.id == Accommodation.person_id)
        .outerjoin(Course, Course.id == Accommodation.course_id)
        .where(Accommodation.ended_at.is_(None))
        .order_by(Accommodation.id.desc())
        .limit(MOST_SHOWN)
    )
    if person_id is not None:
        query = query.where(Accommodation.person_id == person_id)
    return [
        GrantLine(row, person, _title(course))
        for row, person, course in db.session.execute(query)
        if row.until is None or row.until > now
    ]


def get_request(request_id: int) -> Line:
    """A request, waiting or decided. Raises NotFound."""
    found = _lines(AccommodationRequest.id == request_id)
    if not found:
        raise NotFound("There is no such request.")
    return found[0]


def grant_request(
    line: Line,
    granted: Granted,
    until: datetime | None,
    answer: str,
    actor: Actor,
    base_url: str,
    now: datetime,
) -> None:
    """Grant what was asked for; it acts from the learner's next request on. Raises Conflict."""
    row = _grant(
        line.request.person_id, line.request.course_id, granted, until, line.request.why, actor, now
    )
    _decide(line, row.id, answer, actor, base_url, now)


def grant_unasked(
    person: Person,
    slug: str,
    granted: Granted,
    until: datetime | None,
    why: str,
    answer: str,
    actor: Actor,
    base_url: str,
    now: datetime,
) -> None:
    """Grant what was asked for otherwise, as by telephone: kept as a request that is decided."""
    course_id = editions.get_course(slug).id if slug else None
    row = _grant(person.id, course_id, granted, until, why, actor, now)
    request = AccommodationRequest(
        person_id=person.id,
        course_id=course_id,
        wish="Granted by the center without a written request.",
        why=why,
        asked_at=now,
        intent=f"granted-{row.id}",
    )
    db.session.add(request)
    db.session.flush()
    _decide(Line(request, person, slug), row.id, answer, actor, base_url, now)


def _grant(
    person_id: int,
    course_id: int | None,
    granted: Granted,
    until: datetime | None,
    why: str,
    actor: Actor,
    now: datetime,
) -> Accommodation:
    row = Accommodation(
        person_id=person_id,
        course_id=course_id,
        time_percent=granted.time_percent,
        extra_attempts=granted.extra_attempts,
        asks_presence=granted.asks_presence,
        alternative_format=granted.alternative_format,
        reason=why,
        granted_by_id=actor.person_id,
        granted_at=now,
        until=until,
    )
    db.session.add(row)
    db.session.flush()
    audit.record_act(
        actor,
        "accommodation.granted",
        f"person:{person_id}",
        accommodation=row.id,
        time_percent=row.time_percent,
        extra_attempts=row.extra_attempts,
    )
    return row


def decline_request(line: Line, answer: str, actor: Actor, base_url: str, now: datetime) -> None:
    """Decline, with an answer that says why and what else may help. Raises Conflict."""
    _decide(line, None, answer, actor, base_url, now)
    subject = f"person:{line.request.person_id}"
    audit.record_act(actor, "accommodation.declined", subject, request=line.request.id)


def end_accommodation(accommodation_id: int, actor: Actor, now: datetime) -> None:
    """End what is granted, from the learner's next request on; once. Raises NotFound.

    A deadline that was lengthened before stays as it is (post-test.md: never earlier).
    """
    person_id = db.session.scalar(
        update(Accommodation)
        .where(Accommodation.id == accommodation_id, Accommodation.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Accommodation.person_id)
    )
    if person_id is None:
        if db.session.get(Accommodation, accommodation_id) is None:
            raise NotFound("There is no such accommodation.")
        return
    audit.record_act(
        actor, "accommodation.ended", f"person:{person_id}", accommodation=accommodation_id
    )


def _decide(
    line: Line,
    accommodation_id: int | None,
    answer: str,
    actor: Actor,
    base_url: str,
    now: datetime,
) -> None:
    """Write the decision, unless somebody has decided meanwhile; mail the learner to look."""
    decided = db.session.execute(
        update(AccommodationRequest)
        .where(
            AccommodationRequest.id == line.request.id, AccommodationRequest.decided_at.is_(None)
        )
        .values(
            decided_at=now,
            decided_by_id=actor.person_id,
            accommodation_id=accommodation_id,
            answer=answer,
        )
        .returning(AccommodationRequest.id)
    ).first()
    if decided is None:
        raise Conflict("This request has been decided already.")
    text = mail_texts.accommodation_decided(
        line.learner.name_on_license, f"{base_url}/account/accommodations"
    )
    mail.queue(line.learner.email, text.subject, text.body)


def _lines(condition) -> list[Line]:  # type: ignore[no-untyped-def]
    rows = db.session.execute(
        select(AccommodationRequest, Person, Course)
        .join(Person, Person.id == AccommodationRequest.person_id)
        .outerjoin(Course, Course.id == AccommodationRequest.course_id)
        .where(condition)
        .order_by(AccommodationRequest.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Line(row, person, _title(course)) for row, person, course in rows]


def _title(course: Course | None) -> str:
    if course is None or course.current_edition_id is None:
        return ""
    return editions.get_outline(course.current_edition_id).title
