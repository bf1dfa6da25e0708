"""What administrators do with a course: its versions, archiving, publishing from the server.

Price, dates, order and ways of enrollment stand in the edition: what a learner or an order was
promised never changes. Beside the edition are only whether the course is offered, and who
answers for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from course_format.check import check_course
from course_format.differences import Change
from course_format.source import Fault
from domain.refusals import NotFound
from extensions import db
from models import Course, CourseInstructor, Edition, EditionRevision, Person
from services import audit, catalogue_index, editions, publishing, revisions
from services.audit import Actor
from services.publishing import Outcome

MOST_FOLDERS = 500


@dataclass(frozen=True)
class EditionLine:
    """An edition with its revisions, the newest first."""

    edition: Edition
    is_current: bool
    revisions: Sequence[EditionRevision]


def list_editions(course: Course) -> list[EditionLine]:
    """All editions of a course, the newest first."""
    rows = db.session.scalars(
        select(Edition).where(Edition.course_id == course.id).order_by(Edition.number.desc())
    ).all()
    corrected = db.session.scalars(
        select(EditionRevision)
        .where(EditionRevision.edition_id.in_([row.id for row in rows]))
        .order_by(EditionRevision.number.desc())
    ).all()
    return [
        EditionLine(
            row,
            row.id == course.current_edition_id,
            [one for one in corrected if one.edition_id == row.id],
        )
        for row in rows
    ]


def list_differences(course: Course, number: int) -> tuple[Edition, list[Change]]:
    """What an edition changed from the one before, in words. Raises NotFound for the first."""
    query = select(Edition).where(Edition.course_id == course.id)
    pair = query.where(Edition.number.in_([number - 1, number])).order_by(Edition.number)
    found = db.session.scalars(pair).all()
    if [row.number for row in found] != [number - 1, number]:
        raise NotFound("There is no edition before this one.")
    return found[1], revisions.list_differences(found[0], found[1])


def list_instructors(course_id: int) -> list[Person]:
    """Who answers for a course, by name."""
    return list(
        db.session.scalars(
            select(Person)
            .join(CourseInstructor, CourseInstructor.person_id == Person.id)
            .where(CourseInstructor.course_id == course_id)
            .order_by(Person.name_on_license)
        )
    )


def set_archived(slug: str, archived: bool, actor: Actor, now: datetime) -> Course:
    """Take a course out of the catalogue, or back in; who is enrolled goes on. Once."""
    course_id = editions.get_course(slug).id
    course = db.session.get_one(Course, course_id, with_for_update=True)
    if (course.archived_at is not None) != archived:
        course.archived_at = now if archived else None
        db.session.flush()
        catalogue_index.index_course(course.id)
        kind = "course.archived" if archived else "course.restored"
        audit.record_act(actor, kind, f"course:{course.id}")
    return course


def list_folders(courses: Path) -> list[str]:
    """Names of the course folders on the server, in the one folder that is configured."""
    found = sorted(path.parent for path in courses.glob("*/course.yaml"))
    return [path.name for path in found if not path.is_symlink()][:MOST_FOLDERS]


def get_folder(courses: Path, name: str) -> Path:
    """A course folder by its name; never one outside. Raises NotFound."""
    if name not in list_folders(courses):
        raise NotFound("There is no such course folder on the server.")
    return courses / name


def check_folder(courses: Path, name: str) -> list[Fault]:
    """Every fault of a folder, errors first. Reads files only."""
    faults = check_course(get_folder(courses, name))
    return sorted(faults, key=lambda fault: (fault.severity != "error", fault.path, fault.line))


def publish_folder(
    courses: Path,
    name: str,
    media_folder: Path,
    actor: Actor,
    now: datetime,
    before_writing: Callable[[], None],
) -> Outcome:
    """Publish a folder as an edition; the same content is never published twice.

    `before_writing` ends the request's transaction: files are read and stored outside of one.
    Raises FaultyCourse.
    """  # fmt: skip
    folder = get_folder(courses, name)
    before_writing()
    outcome = publishing.publish_course(folder, media_folder, now)
    if outcome.is_new:
        audit.record_act(
            actor, "course.published", f"edition:{outcome.edition_id}", number=outcome.number
        )
    editions.forget()
    return outcome
