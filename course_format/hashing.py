"""What an edition is told apart by: the hash of everything that belongs to the course."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from course_format.files import BELONGS, walk

CHUNK_BYTES = 1024 * 1024


def content_hash(folder: Path) -> str:
    """Return the SHA-256, in hex, over each file's path and SHA-256, in order of the paths.

    The same files give the same hash on every machine; dates, rights and stray files do not count.
    """
    return total_hash({path: file_hash(folder / path) for path in list_course_files(folder)})


def total_hash(hashes: Mapping[str, str]) -> str:
    """Return the same for files that are hashed already: path to SHA-256."""
    total = hashlib.sha256()
    for path in sorted(hashes):
        total.update(f"{path}\0{hashes[path]}\n".encode())
    return total.hexdigest()


def list_course_files(folder: Path) -> list[str]:
    """Return the paths of every file that belongs to the course, sorted, relative to `folder`.

    Hidden files, editors' backups, links and files in no place of the format are left out.
    """
    plain = (path for path, entry in walk(folder) if entry.is_file(follow_symlinks=False))
    return sorted(path for path in plain if BELONGS.fullmatch(path))


def file_hash(file: Path) -> str:
    """Return the SHA-256, in hex, of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
