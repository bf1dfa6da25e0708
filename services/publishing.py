"""Publishing: a checked course folder becomes an immutable edition, found by content hash."""

import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from course_format import markdown
from course_format.hashing import content_hash, list_course_files
from course_format.read import read_course
from course_format.source import Course as SourceCourse
from course_format.source import Evaluation as SourceEvaluation
from course_format.source import Item as SourceItem
from course_format.source import Media
from course_format.source import Question as SourceQuestion
from course_format.source import Unit as SourceUnit
from domain.refusals import Invalid
from extensions import db
from models import Course, Edition, EditionFile, Item, PostTest, Question, Unit
from services.question_body import to_body

TEXT_SUFFIXES = frozenset({".md", ".yaml", ".vtt", ".txt"})
CHUNK_BYTES = 1 << 20
MEDIA_TYPES = {
    ".vtt": "text/vtt",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".webp": "image/webp",
}


@dataclass(frozen=True)
class Outcome:
    """What publishing did: the edition's number and hash, and whether it was made now."""

    edition_id: int
    number: int
    content_hash: str
    is_new: bool


def publish_course(folder: Path, media_folder: Path, now: datetime) -> Outcome:
    """Publish a course folder as an edition; the same content is never published twice.

    Files go to `media_folder` under their SHA-256 before the rows are written. Raises Invalid
    if the folder cannot be read as a course. The caller commits.
    """
    digest = content_hash(folder)
    course = _ensure_course(folder.name, now)
    present = db.session.scalar(
        select(Edition).where(Edition.course_id == course.id, Edition.content_hash == digest)
    )
    if present is not None:
        course.current_edition_id = present.id
        db.session.flush()
        return Outcome(present.id, present.number, digest, is_new=False)
    source, faults = read_course(folder)
    if source is None:
        raise Invalid("folder", "; ".join(f"{f.path}:{f.line}: {f.message}" for f in faults[:5]))
    files = store_files(folder, media_folder)
    edition = _add_edition(course, source, digest, files, now)
    course.current_edition_id = edition.id
    db.session.flush()
    return Outcome(edition.id, edition.number, digest, is_new=True)


def store_files(folder: Path, media_folder: Path) -> dict[str, EditionFile]:
    """Copy the course's files to the media folder by hash; rows by path, not yet added."""
    return {
        path: _store_file(folder / path, path, media_folder) for path in list_course_files(folder)
    }


def media_path(media_folder: Path, sha256: str) -> Path:
    """Where the file of this hash lies."""
    return media_folder / sha256[:2] / sha256


def _store_file(source: Path, path: str, media_folder: Path) -> EditionFile:
    digest = _sha256(source)
    target = media_path(media_folder, digest)
    is_text = source.suffix in TEXT_SUFFIXES
    if not target.exists() and source.suffix not in (".md", ".yaml"):
        _copy(source, target)
    return EditionFile(
        path=path,
        sha256=digest,
        media_type=_media_type(source),
        size_bytes=source.stat().st_size,
        text=source.read_text(encoding="utf-8") if is_text else None,
    )


def _media_type(path: Path) -> str:
    known = MEDIA_TYPES.get(path.suffix)
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _copy(source: Path, target: Path) -> None:
    """Copy to a temporary name, flush to disk, rename: the name never holds half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        source.open("rb") as opened,
        tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as fresh,
    ):
        while chunk := opened.read(CHUNK_BYTES):
            fresh.write(chunk)
        fresh.flush()
        os.fsync(fresh.fileno())
    Path(fresh.name).chmod(0o644)
    Path(fresh.name).replace(target)


def _ensure_course(slug: str, now: datetime) -> Course:
    course = db.session.scalar(select(Course).where(Course.slug == slug))
    if course is None:
        course = Course(slug=slug, created_at=now)
        db.session.add(course)
        db.session.flush()
    return course


def _add_edition(
    course: Course,
    source: SourceCourse,
    digest: str,
    files: dict[str, EditionFile],
    now: datetime,
) -> Edition:
    latest = db.session.scalar(
        select(func.max(Edition.number)).where(Edition.course_id == course.id)
    )
    edition = Edition(
        course_id=course.id,
        number=(latest or 0) + 1,
        content_hash=digest,
        code=source.code,
        title=source.title,
        summary=source.summary,
        about_html=markdown.render(source.about),
        price_cents=int(source.price * 100),
        currency=source.currency,
        assessment_minutes=source.assessment_minutes,
        pass_mark=source.completion.pass_mark,
        attempts_allowed=source.completion.attempts,
        access_days=source.access_days,
        released=source.released,
        expires=source.expires,
        facts=_facts(source),
        evaluation=_evaluation(source.evaluation),
        published_at=now,
    )
    db.session.add(edition)
    db.session.flush()
    for row in files.values():
        row.edition_id = edition.id
        db.session.add(row)
    for unit in source.units:
        _add_unit(edition, unit, files)
    db.session.flush()
    return edition


def _facts(source: SourceCourse) -> dict[str, Any]:
    """The course-page fields without a column, as JSON values."""
    columns = {"units", "evaluation", "about", "price", "currency", "code", "title", "summary"}
    facts = {k: v for k, v in asdict(source).items() if k not in columns}
    found: dict[str, Any] = _as_json(facts)
    return found


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _evaluation(source: SourceEvaluation) -> dict[str, Any]:
    return {
        "title": source.title,
        "intro_html": markdown.render(source.intro),
        "questions": [
            {
                "id": question.id,
                "kind": question.kind,
                "prompt_html": markdown.render(question.prompt),
                "options": list(question.options),
                "optional": question.optional,
            }
            for question in source.questions
        ],
    }


def _add_unit(edition: Edition, source: SourceUnit, files: dict[str, EditionFile]) -> None:
    unit = Unit(
        edition_id=edition.id, number=source.number, title=source.title, minutes=source.minutes
    )
    db.session.add(unit)
    db.session.flush()
    for position, item in enumerate(source.items, start=1):
        db.session.add(_item(edition.id, unit.id, position, item, files))
    test = PostTest(
        edition_id=edition.id,
        unit_id=unit.id,
        title=source.post_test.title,
        draw=source.post_test.draw,
    )
    db.session.add(test)
    db.session.flush()
    for position, question in enumerate(source.post_test.questions, start=1):
        db.session.add(_question(test.id, position, question))


def _item(
    edition_id: int, unit_id: int, position: int, source: SourceItem, files: dict[str, EditionFile]
) -> Item:
    words = markdown.word_count(source.body)
    return Item(
        edition_id=edition_id,
        unit_id=unit_id,
        position=position,
        slug=source.slug,
        title=source.title,
        kind=source.kind,
        minutes=source.minutes,
        required=source.required,
        words=words,
        body_html=markdown.render(source.body),
        details=_details(source, lambda path: files[path].sha256),
    )


def _details(source: SourceItem, sha256: Callable[[str], str]) -> dict[str, Any]:
    details: dict[str, Any] = {"origin": source.origin, "url": source.url}
    if source.objectives:
        details["objectives"] = list(source.objectives)
    if source.file is not None:
        details["file"] = sha256(source.file)
        details["file_name"] = Path(source.file).name
    if source.media is not None:
        details["media"] = _media(source.media, sha256)
        details["transcript_html"] = markdown.render(source.media.transcript_text)
    return details


def _media(media: Media, sha256: Callable[[str], str]) -> dict[str, Any]:
    return {
        "file": sha256(media.path),
        "media_type": _media_type(Path(media.path)),
        "duration": media.duration,
        "excerpt": media.excerpt,
        "captions": sha256(media.captions) if media.captions else None,
        "chapters": sha256(media.chapters) if media.chapters else None,
        "poster": sha256(media.poster) if media.poster else None,
        "poster_alt": media.poster_alt,
    }


def _question(post_test_id: int, position: int, source: SourceQuestion) -> Question:
    return Question(
        post_test_id=post_test_id,
        key=source.id,
        position=position,
        objective=source.objective,
        kind=source.kind,
        stem_html=markdown.render(source.stem),
        body=to_body(source),
        rationale_html=markdown.render(source.rationale),
    )
