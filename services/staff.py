"""Accounts made by the operator, and the roles of staff."""

from datetime import datetime

from sqlalchemy import select

from domain.identity import normal_email
from extensions import db
from models import CourseInstructor, Person
from services import audit, editions
from services.accounts import Registration


def ensure_person(typed: Registration, now: datetime) -> Person:
    """The confirmed account of an address, made if there is none. An existing one is unchanged."""
    email = normal_email(typed.email)
    person = db.session.scalar(
        select(Person).where(Person.email == email, Person.email_confirmed_at.is_not(None))
    )
    if person is None:
        person = Person(
            email=email,
            email_confirmed_at=now,
            password_hash=typed.password_hash,
            name_on_license=typed.name_on_license,
            time_zone=typed.time_zone,
            registered_at=now,
        )
        db.session.add(person)
        db.session.flush()
    return person


def grant_roles(
    person: Person, *, administrator: bool = False, instructor_of: tuple[str, ...] = ()
) -> None:
    """Give roles; none is taken away. Recorded in the audit log."""
    if administrator and not person.is_administrator:
        person.is_administrator = True
        audit.record("role.granted", actor_id=None, subject=f"person:{person.id}")
    for slug in instructor_of:
        _make_instructor(person, editions.get_course(slug).id)
    db.session.flush()


def _make_instructor(person: Person, course_id: int) -> None:
    person.is_instructor = True
    if db.session.get(CourseInstructor, (course_id, person.id)) is None:
        db.session.add(CourseInstructor(course_id=course_id, person_id=person.id))
        audit.record(
            "role.granted",
            actor_id=None,
            subject=f"person:{person.id}",
            facts={"instructor_of": course_id},
        )
