"""Media on disk: each file under its SHA-256, whole or not there; copying goes on where it broke.

A file is copied to `<hash>.part` and renamed when its hash is right, so the final name never
holds half a file. A copy that was interrupted is continued at the next try.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from domain.refusals import Invalid

CHUNK_BYTES = 1 << 20

Advance = Callable[[int], None]


def media_path(media_folder: Path, sha256: str) -> Path:
    """Where the file of this hash lies."""
    return media_folder / sha256[:2] / sha256


def store(source: Path, sha256: str, media_folder: Path, advance: Advance) -> None:
    """Copy a file under its hash, unless it is there; `advance` hears of each piece, in bytes.

    Raises Invalid where the file is no longer what was hashed, OSError where the disk refuses;
    what was copied until then is kept for the next try.
    """
    target = media_path(media_folder, sha256)
    if target.exists():
        advance(source.stat().st_size)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with source.open("rb") as opened, part.open("a+b") as fresh:
        fcntl.flock(fresh, fcntl.LOCK_EX)
        if target.exists():
            advance(source.stat().st_size)
            return
        found = _copy_on(opened, fresh, advance)
        if found != sha256:
            part.unlink()
            raise Invalid("folder", f"{source.name} changed while it was copied. Try again.")
        fresh.flush()
        os.fsync(fresh.fileno())
        part.chmod(0o644)
        part.replace(target)
    _flush_folder(target.parent)


def _copy_on(source: BinaryIO, part: BinaryIO, advance: Advance) -> str:
    """Copy what `part` still lacks; return the hash of all that it then holds."""
    digest = hashlib.sha256()
    part.seek(0)
    while chunk := part.read(CHUNK_BYTES):
        digest.update(chunk)
        advance(len(chunk))
    source.seek(part.tell())
    while chunk := source.read(CHUNK_BYTES):
        part.write(chunk)
        digest.update(chunk)
        advance(len(chunk))
    return digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
