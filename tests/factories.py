"""The cast and what they have: Alice learns, Bob instructs, Carol administers, Dave is nobody."""

from datetime import datetime, timedelta
from functools import lru_cache

import clock
from domain.outline import Outline
from extensions import db
from models import CourseInstructor, Enrollment, EnrollmentKey, ItemCompletion, License, Person
from services import editions, passwords
from services.enrollments import Study

PASSWORD = "four plain words here"
SLUG = "small-course"


@lru_cache(maxsize=1)
def hashed_password() -> str:
    return passwords.hash_password(PASSWORD)


def make_person(
    email: str = "alice@example.org", name: str = "Alice Learner", **fields: object
) -> Person:
    """A confirmed account that logs in with PASSWORD."""
    now = clock.now()
    person = Person(
        **{
            "email": email,
            "email_confirmed_at": now,
            "password_hash": hashed_password(),
            "name_on_license": name,
            "time_zone": "America/New_York",
            "registered_at": now,
            **fields,
        }
    )
    db.session.add(person)
    db.session.flush()
    return person


def make_instructor(
    email: str = "bob@example.org", name: str = "Bob Instructor", slug: str = SLUG
) -> Person:
    person = make_person(email, name, is_instructor=True)
    course_id = editions.get_course(slug).id
    db.session.add(CourseInstructor(course_id=course_id, person_id=person.id))
    db.session.flush()
    return person


def make_administrator(email: str = "carol@example.org", name: str = "Carol Director") -> Person:
    return make_person(email, name, is_administrator=True)


def make_license(person: Person, number: str = "SW-1001", **fields: str) -> License:
    added = License(
        **{
            "person_id": person.id,
            "profession": "Social worker",
            "jurisdiction": "Pennsylvania",
            "number": number,
            "added_at": clock.now(),
            **fields,
        }
    )
    db.session.add(added)
    db.session.flush()
    return added


def make_key(
    code: str = "TESTKEY1", seats: int = 5, slug: str = SLUG, **fields: object
) -> EnrollmentKey:
    key = EnrollmentKey(
        **{
            "code": code,
            "course_id": editions.get_course(slug).id,
            "seats": seats,
            "used": 0,
            "created_at": clock.now(),
            **fields,
        }
    )
    db.session.add(key)
    db.session.flush()
    return key


def make_enrollment(person: Person, slug: str = SLUG, **fields: object) -> Study:
    """An open enrollment in the current edition."""
    outline = editions.get_current_outline(slug)
    now = clock.now()
    enrollment = Enrollment(
        **{
            "person_id": person.id,
            "course_id": outline.course_id,
            "edition_id": outline.edition_id,
            "number": 1,
            "source": "free",
            "enrolled_at": now,
            "access_until": now + timedelta(days=365),
            **fields,
        }
    )
    db.session.add(enrollment)
    db.session.flush()
    return Study(enrollment, outline)


def complete_items(study: Study, unit: int | None = None, at: datetime | None = None) -> None:
    """Mark the required items of one unit, or of all, as complete."""
    for item in _items(study.outline, unit):
        db.session.add(
            ItemCompletion(
                enrollment_id=study.enrollment.id,
                item_id=item.id,
                completed_at=at or clock.now(),
                route="read",
            )
        )
    db.session.flush()


def _items(outline: Outline, unit: int | None):  # type: ignore[no-untyped-def]
    return [item for item in outline.items() if unit is None or item.unit_number == unit]
