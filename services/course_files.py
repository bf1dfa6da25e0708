"""The files of a course folder as they are published: hashed, typed, texts kept whole."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from course_format.hashing import list_course_files
from services import media_store

MEDIA = "media/"
"""Where the files lie that are served as they are; the others are kept as rows only."""

TEXT_SUFFIXES = frozenset({".md", ".yaml", ".vtt"})
MEDIA_TYPES = {
    ".vtt": "text/vtt",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".yaml": "application/yaml",
    ".webp": "image/webp",
}


class Watch(Protocol):
    """Who hears how the work goes on, such as a progress bar."""

    def begin(self, what: str, total_bytes: int) -> None:
        """A piece of work of so many bytes begins."""

    def advance(self, done_bytes: int) -> None:
        """So many more bytes are done."""


class Unwatched:
    """Nobody is waiting."""

    def begin(self, what: str, total_bytes: int) -> None:
        """Say nothing."""

    def advance(self, done_bytes: int) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class SourceFile:
    """A file of a course: path in its folder, hash, type, size, and its text if it is one."""

    path: str
    sha256: str
    media_type: str
    size_bytes: int
    text: str | None


def read_files(folder: Path, watch: Watch) -> dict[str, SourceFile]:
    """Read and hash every file that belongs to the course, by path."""
    paths = list_course_files(folder)
    watch.begin("Reading", sum((folder / path).stat().st_size for path in paths))
    return {path: _read_file(folder, path, watch) for path in paths}


def hashes(files: Mapping[str, SourceFile]) -> dict[str, str]:
    """Path to SHA-256."""
    return {path: file.sha256 for path, file in files.items()}


def store_files(
    folder: Path, files: Mapping[str, SourceFile], media_folder: Path, watch: Watch
) -> None:
    """Copy to the media folder what is not there yet. Raises what `media_store.store` does."""
    served = [file for path, file in files.items() if path.startswith(MEDIA)]
    watch.begin("Storing", sum(file.size_bytes for file in served))
    for file in served:
        media_store.store(folder / file.path, file.sha256, media_folder, watch.advance)


def media_type_of(path: str) -> str:
    """The media type of a file by its name."""
    known = MEDIA_TYPES.get(Path(path).suffix)
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _read_file(folder: Path, path: str, watch: Watch) -> SourceFile:
    file = folder / path
    digest, size, kept = hashlib.sha256(), 0, []
    is_text = file.suffix in TEXT_SUFFIXES
    with file.open("rb") as opened:
        while chunk := opened.read(media_store.CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            watch.advance(len(chunk))
            if is_text:
                kept.append(chunk)
    text = b"".join(kept).decode("utf-8") if is_text else None
    return SourceFile(path, digest.hexdigest(), media_type_of(path), size, text)
