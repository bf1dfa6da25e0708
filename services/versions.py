"""Versions of a course to be compared: a folder, an edition, or the current edition of a course."""

from pathlib import Path

from course_format.differences import Version
from course_format.hashing import file_hash, list_course_files
from domain.refusals import Invalid
from services import edition_texts
from services.publishing import read_sound_course


def get_version(name: str) -> Version:
    """The version of this name: a folder, `course` (its current edition), or `course:2`.

    Raises FaultyCourse for a folder with errors, NotFound where there is no such edition.
    """
    folder = Path(name)
    if folder.is_dir():
        source = read_sound_course(folder.resolve())
        return Version(
            source, {path: file_hash(folder / path) for path in list_course_files(folder)}
        )
    slug, _, number = name.partition(":")
    if number and not number.isdecimal():
        raise Invalid("edition", f"“{number}” is not the number of an edition.")
    return edition_texts.read_version(
        edition_texts.get_edition(slug, int(number) if number else None)
    )
