"""Courses in the catalogue without their content, for tests of the catalogue."""

from datetime import date

import clock
from extensions import db
from models import Course, CourseListing, ListingApproval
from services import editions
from tests.factories import SLUG


def list_course(slug: str, title: str, lines: list[str] | None = None, **fields: object) -> int:
    """List a course; returns its id. Its edition is that of the small course."""
    course = Course(
        slug=slug,
        created_at=clock.now(),
        current_edition_id=editions.get_course(SLUG).current_edition_id,
    )
    db.session.add(course)
    db.session.flush()
    listing = {
        "course_id": course.id,
        "edition_id": course.current_edition_id,
        "revision": 0,
        "slug": slug,
        "sort_title": title.casefold(),
        "level": "Beginning",
        "format": "readings",
        "minutes": 60,
        "price_cents": 0,
        "currency": "USD",
        "expires": date(2030, 12, 31),
        "code": slug.upper(),
        "title": title,
        "summary": "A course about something.",
        "instructors": "Somebody",
        "objectives": "",
        "body": "",
        **fields,
    }
    db.session.add(CourseListing(**listing))
    db.session.flush()
    for line in lines or []:
        db.session.add(ListingApproval(course_id=course.id, line=line))
    db.session.flush()
    return course.id
