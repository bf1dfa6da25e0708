"""Enrollments: opening one, finding a learner's own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Course, Enrollment, EnrollmentKey
from services import agency_seats, editions
from services.plain_rows import read

BAD_KEY = (
    "This key does not open this course. Check it letter by letter, or ask who gave it to you."
)
NOT_ENROLLED = "You are not enrolled in a course at this address."
USED_UP = "All seats of this key are taken. Ask who gave it to you for another."


@dataclass(frozen=True)
class Study:
    """A learner's enrollment together with the outline of its edition."""

    enrollment: Enrollment
    outline: Outline

    @property
    def is_open(self) -> bool:
        return self.enrollment.completed_at is None and self.enrollment.ended_at is None

    def can_study(self, now: datetime) -> bool:
        """Whether content is open: not withdrawn, and access has not ended."""
        return self.enrollment.ended_at is None and now < self.enrollment.access_until

    def can_record(self, now: datetime) -> bool:
        """Whether time is recorded: the course is not complete, and its content is open."""
        return self.is_open and self.can_study(now)


_HELD = (
    select(Enrollment)
    .where(Enrollment.id == bindparam("enrollment"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def hold_enrollment(enrollment_id: int) -> Enrollment | None:
    """An enrollment as it stands now, held until the transaction ends; None if there is none.

    So that rows which refer to it can still be written: who records time does so while holding
    the learner's timeline, and whoever ends or certifies the enrollment wants that next.
    """
    return db.session.scalar(_HELD, {"enrollment": enrollment_id})


_LATEST = (
    select(Enrollment)
    .join(Course, Course.id == Enrollment.course_id)
    .where(Enrollment.person_id == bindparam("person_id"), Course.slug == bindparam("slug"))
    .order_by(Enrollment.number.desc())
    .limit(1)
)
_BY_NUMBER = _LATEST.where(Enrollment.number == bindparam("number"))


_LATEST_FACTS = (
    select(*Enrollment.__table__.columns)
    .join(Course, Course.id == Enrollment.course_id)
    .where(Enrollment.person_id == bindparam("person_id"), Course.slug == bindparam("slug"))
    .order_by(Enrollment.number.desc())
    .limit(1)
)


def get_reading_for(person_id: int, slug: str) -> Study:
    """The learner's latest enrollment in a course, for pages that only read. Raises NotFound.

    Its enrollment is a row of the same names, not an entity: it cannot be changed or refreshed.
    """
    rows = read(_LATEST_FACTS, {"person_id": person_id, "slug": slug})
    if not rows:
        raise NotFound(NOT_ENROLLED)
    enrollment = cast(Enrollment, rows[0])
    return Study(enrollment, editions.get_outline(enrollment.edition_id))


def get_study_for(person_id: int, slug: str, number: int | None = None) -> Study:
    """The learner's latest (or `number`th) enrollment in a course. Raises NotFound."""
    given = {"person_id": person_id, "slug": slug}
    if number is None:
        enrollment = db.session.scalar(_LATEST, given)
    else:
        enrollment = db.session.scalar(_BY_NUMBER, {**given, "number": number})
    if enrollment is None:
        raise NotFound(NOT_ENROLLED)
    return Study(enrollment, editions.get_outline(enrollment.edition_id))


def list_studies_for(person_id: int) -> list[Study]:
    """All enrollments of a learner, the newest first."""
    rows = db.session.scalars(
        select(Enrollment).where(Enrollment.person_id == person_id).order_by(Enrollment.id.desc())
    )
    return [Study(row, editions.get_outline(row.edition_id)) for row in rows]


def find_open(person_id: int, course_id: int) -> Enrollment | None:
    """The learner's open enrollment in a course; there is at most one."""
    return db.session.scalar(
        select(Enrollment).where(
            Enrollment.person_id == person_id,
            Enrollment.course_id == course_id,
            Enrollment.completed_at.is_(None),
            Enrollment.ended_at.is_(None),
        )
    )


def enroll(person_id: int, outline: Outline, code: str, now: datetime) -> Enrollment:
    """Enroll by key, or free of charge where no key is given and none is needed.

    An open enrollment is returned as it is, takes no second seat, and comes of a second click
    as well. Raises Invalid (field `key`) in words that help.
    """
    present = find_open(person_id, outline.course_id)
    if present is not None:
        return present
    if not code and "free" not in outline.facts["enrollment"]:
        raise Invalid("key", "Enter your enrollment key.")
    try:
        with db.session.begin_nested():
            if code:
                return _open_by_key(person_id, outline, code, now)
            return open_enrollment(person_id, outline, "free", now)
    except IntegrityError as error:
        meanwhile = find_open(person_id, outline.course_id)
        if meanwhile is None:
            raise Conflict("Your enrollment could not be saved. Please try again.") from error
        return meanwhile


def open_enrollment(
    person_id: int, outline: Outline, source: str, now: datetime, key_id: int | None = None
) -> Enrollment:
    """Open the learner's next enrollment in this edition; `source` names the way it came.

    Raises IntegrityError where one is open already: the caller keeps a savepoint around.
    """
    earlier = db.session.scalar(
        select(func.max(Enrollment.number)).where(
            Enrollment.person_id == person_id, Enrollment.course_id == outline.course_id
        )
    )
    enrollment = Enrollment(
        person_id=person_id,
        course_id=outline.course_id,
        edition_id=outline.edition_id,
        number=(earlier or 0) + 1,
        source=source,
        enrollment_key_id=key_id,
        enrolled_at=now,
        access_until=now + timedelta(days=outline.access_days),
    )
    db.session.add(enrollment)
    db.session.flush()
    return enrollment


def end_enrollment(enrollment_id: int, now: datetime) -> None:
    """End an open enrollment: nothing more is studied or earned in it. Once; facts stay."""
    db.session.execute(
        update(Enrollment)
        .where(
            Enrollment.id == enrollment_id,
            Enrollment.completed_at.is_(None),
            Enrollment.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def find_last_completed(person_id: int, course_id: int) -> Enrollment | None:
    """The learner's latest completed enrollment in a course: a board may not count it twice."""
    return db.session.scalar(
        select(Enrollment)
        .where(
            Enrollment.person_id == person_id,
            Enrollment.course_id == course_id,
            Enrollment.completed_at.is_not(None),
        )
        .order_by(Enrollment.number.desc())
        .limit(1)
    )


def find_key(code: str) -> EnrollmentKey | None:
    """The key of a code, however it was typed: case, spaces and hyphens do not matter."""
    return db.session.scalar(select(EnrollmentKey).where(EnrollmentKey.code == normal_key(code)))


def why_key_is_closed(key: EnrollmentKey, now: datetime) -> str:
    """Why a key opens nothing any more, in words that help; '' while it does."""
    if key.revoked_at is not None:
        return "This key has been withdrawn. Ask who gave it to you for another."
    if key.valid_until is not None and key.valid_until < now:
        return "This key is out of date. Ask who gave it to you for another."
    return USED_UP if key.used >= key.seats else ""


def normal_key(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def _open_by_key(person_id: int, outline: Outline, code: str, now: datetime) -> Enrollment:
    """Take a seat of the key and, where it is an agency's, one of the contract; then enroll."""
    key_id = _use_key(outline, code, now)
    contract_id = agency_seats.take_from_contract(key_id, person_id, outline.course_id, now)
    enrollment = open_enrollment(person_id, outline, "key", now, key_id)
    if contract_id is not None:
        agency_seats.assign(contract_id, enrollment, now)
    return enrollment


def _use_key(outline: Outline, code: str, now: datetime) -> int:
    """Take a seat of a key; returns the key's id. Raises Invalid in words that help."""
    key = find_key(code)
    if key is None or key.course_id != outline.course_id:
        raise Invalid("key", BAD_KEY)
    closed = why_key_is_closed(key, now)
    if closed:
        raise Invalid("key", closed)
    if not _take_seat(key.id, now):
        raise Invalid("key", USED_UP)
    return key.id


def _take_seat(key_id: int, now: datetime) -> bool:
    """Take a seat in one conditional statement, so that the last one is taken once."""
    taken = db.session.execute(
        update(EnrollmentKey)
        .where(
            EnrollmentKey.id == key_id,
            EnrollmentKey.used < EnrollmentKey.seats,
            EnrollmentKey.revoked_at.is_(None),
            or_(EnrollmentKey.valid_until.is_(None), EnrollmentKey.valid_until >= now),
        )
        .values(used=EnrollmentKey.used + 1)
        .returning(EnrollmentKey.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None
