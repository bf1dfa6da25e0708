"""Revisions: corrections of a published edition that reach the learners who are enrolled in it.

What earns credit, and what learners were promised, never changes within an edition; such changes
are refused here and need a new edition (course_format.differences says which are which).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from course_format.differences import Change, Version, compare_courses
from course_format.hashing import total_hash
from domain.outline import Outline
from domain.refusals import Invalid
from extensions import db
from models import Course, Edition, EditionRevision, RevisionFile
from services import audit, catalogue_index, course_content, edition_texts
from services.course_files import SourceFile, Watch, hashes, media_type_of, read_files, store_files
from services.publishing import UNWATCHED, read_sound_course

LONGEST_REASON = 500


@dataclass(frozen=True)
class Revision:
    """What was corrected: number of the edition and of the revision, and each change."""

    edition_number: int
    number: int
    changes: tuple[Change, ...]
    is_new: bool


class NeedsEdition(Invalid):
    """Something changed that a correction may not touch. `changes` are all differences."""

    def __init__(self, changes: list[Change]) -> None:
        self.changes = changes
        words = " ".join(change.words for change in changes if not change.is_correction)
        super().__init__("folder", f"This needs a new edition: {words}")


def revise_course(
    folder: Path,
    media_folder: Path,
    reason: str,
    now: datetime,
    *,
    edition_number: int | None = None,
    by: int | None = None,
    watch: Watch = UNWATCHED,
) -> Revision:
    """Correct an edition, by default the current one, so that it reads as the folder does.

    Raises FaultyCourse where the folder has errors, NeedsEdition where a change is no correction,
    Invalid without a reason, NotFound where there is no such edition. The caller commits.
    """
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid("reason", f"Say why, in up to {LONGEST_REASON} characters.")
    source = read_sound_course(folder)
    files = read_files(folder, watch)
    store_files(folder, files, media_folder, watch)
    edition = edition_texts.get_edition(folder.name, edition_number)
    db.session.get_one(Course, edition.course_id, with_for_update=True)
    latest = latest_number(edition.id)
    before, after = edition_texts.read_version(edition), Version(source, hashes(files))
    changes = compare_courses(before, after)
    if not changes:
        return Revision(edition.number, latest, (), is_new=False)
    if not all(change.is_correction for change in changes):
        raise NeedsEdition(changes)
    revision = EditionRevision(
        edition_id=edition.id,
        number=latest + 1,
        content_hash=total_hash(after.files),
        reason=reason,
        changes=[change.words for change in changes],
        content=course_content.content_of(source, after.files),
        published_by=by,
        published_at=now,
    )
    _add(revision, before.files, files)
    audit.record(
        "edition.revised",
        actor_id=by,
        subject=f"{folder.name} edition {edition.number} revision {revision.number}",
        facts={"reason": reason, "changes": revision.changes},
    )
    catalogue_index.index_course(edition.course_id)
    return Revision(edition.number, revision.number, tuple(changes), is_new=True)


def latest_number(edition_id: int) -> int:
    """How many revisions an edition has had."""
    query = select(func.max(EditionRevision.number)).where(EditionRevision.edition_id == edition_id)
    return db.session.scalar(query) or 0


def list_revisions(outline: Outline) -> list[EditionRevision]:
    """The revisions of an edition, the latest first; nothing is asked where there are none."""
    if not outline.revision:
        return []
    query = select(EditionRevision).where(EditionRevision.edition_id == outline.edition_id)
    return list(db.session.scalars(query.order_by(EditionRevision.number.desc())))


def list_differences(before: Edition, after: Edition) -> list[Change]:
    """What differs between two editions as they stand, in words."""
    return compare_courses(edition_texts.read_version(before), edition_texts.read_version(after))


def _add(
    revision: EditionRevision, before: Mapping[str, str], files: Mapping[str, SourceFile]
) -> None:
    db.session.add(revision)
    db.session.flush()
    for path in sorted({*before, *files}):
        file = files.get(path)
        if file is None:
            db.session.add(_gone(revision.id, path))
        elif file.sha256 != before.get(path):
            db.session.add(RevisionFile(revision_id=revision.id, **vars(file)))
    db.session.flush()


def _gone(revision_id: int, path: str) -> RevisionFile:
    return RevisionFile(
        revision_id=revision_id,
        path=path,
        sha256=None,
        media_type=media_type_of(path),
        size_bytes=0,
        text=None,
    )
