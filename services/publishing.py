"""Publishing: a checked course folder becomes an immutable edition, found by content hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from course_format import markdown
from course_format.check import check_course
from course_format.hashing import total_hash
from course_format.read import read_course
from course_format.source import Course as SourceCourse
from course_format.source import Fault
from course_format.source import Question as SourceQuestion
from course_format.source import Unit as SourceUnit
from domain.refusals import Invalid
from extensions import db
from models import Course, Edition, EditionFile, EditionRevision, Item, PostTest, Question, Unit
from services import catalogue_index, course_content
from services.course_files import SourceFile, Unwatched, Watch, hashes, read_files, store_files
from services.question_body import to_body

UNWATCHED = Unwatched()


@dataclass(frozen=True)
class Outcome:
    """What publishing did: the edition's number and hash, and whether it was made now."""

    edition_id: int
    number: int
    content_hash: str
    is_new: bool


class FaultyCourse(Invalid):
    """The folder has errors; nothing was published. `faults` are all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        shown = "; ".join(f"{f.path}:{f.line}: {f.message}" for f in faults[:5])
        super().__init__("folder", shown)


def publish_course(
    folder: Path, media_folder: Path, now: datetime, watch: Watch = UNWATCHED
) -> Outcome:
    """Publish a course folder as an edition; the same content is never published twice.

    Files go to `media_folder` under their SHA-256 before any row is written, so the database is
    free meanwhile; if that breaks off, it goes on at the next try. Raises FaultyCourse where the
    check finds errors. The caller commits.
    """
    source = read_sound_course(folder)
    files = read_files(folder, watch)
    store_files(folder, files, media_folder, watch)
    digest = total_hash(hashes(files))
    course = _ensure_course(folder.name, now)
    present = _find_published(folder.name, digest)
    edition = present or _add_edition(course, source, digest, files, now)
    course.current_edition_id = edition.id
    db.session.flush()
    catalogue_index.index_course(course.id)
    return Outcome(edition.id, edition.number, digest, is_new=present is None)


def read_sound_course(folder: Path) -> SourceCourse:
    """Read a course that has no error. Raises FaultyCourse."""
    errors = [fault for fault in check_course(folder) if fault.severity == "error"]
    source, faults = (None, errors) if errors else read_course(folder)
    if source is None:
        raise FaultyCourse(faults)
    return source


def _find_published(slug: str, digest: str) -> Edition | None:
    """The edition that has this content, as it was published or after a revision."""
    editions = select(Edition).join(Course, Course.id == Edition.course_id)
    revised = editions.join(EditionRevision, EditionRevision.edition_id == Edition.id)
    for query, found in (
        (editions, Edition.content_hash == digest),
        (revised, EditionRevision.content_hash == digest),
    ):
        edition = db.session.scalars(query.where(Course.slug == slug, found)).first()
        if edition is not None:
            return edition
    return None


def _ensure_course(slug: str, now: datetime) -> Course:
    """The course, locked: whoever publishes it at the same time waits, and then finds this."""
    course = db.session.scalar(select(Course).where(Course.slug == slug).with_for_update())
    if course is None:
        course = Course(slug=slug, created_at=now)
        db.session.add(course)
        db.session.flush()
    return course


def _add_edition(
    course: Course,
    source: SourceCourse,
    digest: str,
    files: Mapping[str, SourceFile],
    now: datetime,
) -> Edition:
    latest = db.session.scalar(
        select(func.max(Edition.number)).where(Edition.course_id == course.id)
    )
    content = course_content.content_of(source, hashes(files))
    edition = Edition(
        course_id=course.id,
        number=(latest or 0) + 1,
        content_hash=digest,
        code=source.code,
        title=source.title,
        summary=content["summary"],
        about_html=content["about_html"],
        price_cents=int(source.price * 100),
        currency=source.currency,
        assessment_minutes=source.assessment_minutes,
        pass_mark=source.completion.pass_mark,
        attempts_allowed=source.completion.attempts,
        access_days=source.access_days,
        released=source.released,
        expires=source.expires,
        facts=content["facts"],
        evaluation=content["evaluation"],
        published_at=now,
    )
    db.session.add(edition)
    db.session.flush()
    for file in files.values():
        db.session.add(EditionFile(edition_id=edition.id, **vars(file)))
    addresses = course_content.file_addresses(source.slug, hashes(files))
    for unit in source.units:
        _add_unit(edition, unit, content["items"], addresses)
    db.session.flush()
    return edition


def _add_unit(
    edition: Edition,
    source: SourceUnit,
    items: Mapping[str, Mapping[str, object]],
    addresses: Mapping[str, str],
) -> None:
    unit = Unit(
        edition_id=edition.id, number=source.number, title=source.title, minutes=source.minutes
    )
    db.session.add(unit)
    db.session.flush()
    for position, item in enumerate(source.items, start=1):
        placed = {"edition_id": edition.id, "unit_id": unit.id, "position": position}
        facts = {name: getattr(item, name) for name in ("slug", "kind", "minutes", "required")}
        db.session.add(Item(**placed, **facts, **items[item.slug]))
    test = PostTest(
        edition_id=edition.id,
        unit_id=unit.id,
        title=source.post_test.title,
        draw=source.post_test.draw,
    )
    db.session.add(test)
    db.session.flush()
    for position, question in enumerate(source.post_test.questions, start=1):
        db.session.add(_question(test.id, position, question, addresses))


def _question(
    post_test_id: int, position: int, source: SourceQuestion, addresses: Mapping[str, str]
) -> Question:
    return Question(
        post_test_id=post_test_id,
        key=source.id,
        position=position,
        objective=source.objective,
        kind=source.kind,
        stem_html=markdown.render(source.stem, addresses),
        body=to_body(source, addresses),
        rationale_html=markdown.render(source.rationale, addresses),
    )
