"""Courses and editions as those see them who answer for them: instructors and administrators."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true

from domain.identity import Identity
from domain.outline import Outline
from domain.refusals import NotFound
from extensions import db
from models import Course, CourseInstructor, Edition
from services import editions


@dataclass(frozen=True)
class InstructedEdition:
    """An edition of a course, and the numbers of all editions, the newest first."""

    outline: Outline
    numbers: tuple[int, ...]


def list_outlines_for(who: Identity) -> list[Outline]:
    """The current editions of the courses a person answers for, by title."""
    ids = db.session.scalars(
        select(Course.current_edition_id).where(
            Course.current_edition_id.is_not(None), _is_course_of(who)
        )
    )
    outlines = [editions.get_outline(edition_id) for edition_id in ids if edition_id is not None]
    return sorted(outlines, key=lambda outline: outline.title)


def get_edition_for(who: Identity, slug: str, number: int | None = None) -> InstructedEdition:
    """The current (or `number`th) edition of a course a person answers for. Raises NotFound."""
    course = db.session.scalar(select(Course).where(Course.slug == slug, _is_course_of(who)))
    if course is None:
        raise NotFound("You answer for no course at this address.")
    rows = db.session.execute(
        select(Edition.id, Edition.number)
        .where(Edition.course_id == course.id)
        .order_by(Edition.number.desc())
    ).all()
    found = next(
        (id_ for id_, n in rows if (n == number if number else id_ == course.current_edition_id)),
        None,
    )
    if found is None:
        raise NotFound("This course has no such edition.")
    return InstructedEdition(editions.get_outline(found), tuple(n for _, n in rows))


def _is_course_of(who: Identity) -> ColumnElement[bool]:
    if who.is_administrator:
        return true()
    return Course.id.in_(
        select(CourseInstructor.course_id).where(CourseInstructor.person_id == who.person_id)
    )
