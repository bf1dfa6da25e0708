"""The files of an edition, given back byte for byte, as published or after a revision."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from course_format.differences import Version
from course_format.hashing import file_hash
from course_format.read import read_course
from domain.refusals import Invalid, NotFound
from extensions import db
from models import Course, Edition, EditionFile, EditionRevision, RevisionFile
from services.media_store import media_path


@dataclass(frozen=True)
class KeptFile:
    """A file of an edition: its hash, and its text if it is one."""

    sha256: str
    media_type: str
    text: str | None


def get_edition(slug: str, number: int | None = None) -> Edition:
    """An edition of a course, by default the current one. Raises NotFound."""
    of_course = select(Edition).join(Course, Course.id == Edition.course_id)
    is_wanted = Edition.number == number if number else Edition.id == Course.current_edition_id
    edition = db.session.scalars(of_course.where(Course.slug == slug, is_wanted)).first()
    if edition is None:
        which = f"edition {number}" if number else "edition"
        raise NotFound(f"There is no {which} of a course “{slug}”.")
    return edition


def list_files(edition: Edition, revision: int | None = None) -> dict[str, KeptFile]:
    """The files of an edition by path, after its latest revision or another (0: none)."""
    rows = db.session.scalars(select(EditionFile).where(EditionFile.edition_id == edition.id))
    files = {row.path: KeptFile(row.sha256, row.media_type, row.text) for row in rows}
    for changed in _list_changed_files(edition.id, revision):
        if changed.sha256 is None:
            files.pop(changed.path, None)
        else:
            files[changed.path] = KeptFile(changed.sha256, changed.media_type, changed.text)
    return files


def write_files(files: dict[str, KeptFile], media_folder: Path, folder: Path) -> None:
    """Write files into a folder that is new or empty. Raises Invalid where one is not whole."""
    if folder.exists() and any(folder.iterdir()):
        raise Invalid("folder", f"{folder} is not empty.")
    for path, kept in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if kept.text is not None:
            target.write_bytes(kept.text.encode("utf-8"))
        else:
            shutil.copyfile(media_path(media_folder, kept.sha256), target)
        if file_hash(target) != kept.sha256:
            raise Invalid("folder", f"{path} is not what was published; restore a backup.")


def read_version(edition: Edition, revision: int | None = None) -> Version:
    """An edition read again as a course, to be compared with another version."""
    files = list_files(edition, revision)
    with _texts_on_disk(edition.course.slug, files) as folder:
        course, faults = read_course(folder)
    if course is None:
        raise Invalid("folder", f"Edition {edition.number} cannot be read again: {faults[0]}")
    return Version(course, {path: kept.sha256 for path, kept in files.items()})


@contextmanager
def _texts_on_disk(slug: str, files: dict[str, KeptFile]) -> Iterator[Path]:
    """The texts in a folder of their own; media, which nobody reads here, as empty files."""
    with tempfile.TemporaryDirectory(prefix="edition-") as parent:
        folder = Path(parent) / slug
        for path, kept in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes((kept.text or "").encode("utf-8"))
        yield folder


def _list_changed_files(edition_id: int, revision: int | None) -> list[RevisionFile]:
    query = (
        select(RevisionFile)
        .join(EditionRevision, EditionRevision.id == RevisionFile.revision_id)
        .where(EditionRevision.edition_id == edition_id)
        .order_by(EditionRevision.number)
    )
    if revision is not None:
        query = query.where(EditionRevision.number <= revision)
    return list(db.session.scalars(query))
