"""What an edition is told apart by: the hash of everything that belongs to the course."""

import hashlib
from pathlib import Path

from course_format.files import list_files

CHUNK_BYTES = 1024 * 1024


def content_hash(folder: Path) -> str:
    """Return the SHA-256, in hex, over each file's path and SHA-256, in order of the paths.

    The same files give the same hash on every machine; dates, rights and stray files do not count.
    """
    total = hashlib.sha256()
    for path in list_files(folder):
        total.update(f"{path}\0{file_hash(folder / path)}\n".encode())
    return total.hexdigest()


def file_hash(file: Path) -> str:
    """Return the SHA-256, in hex, of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
