"""A backup: the database as of one moment and the media it names, in one file.

The file is a tar archive: `manifest.json` last, since it holds what was counted and hashed on
the way. The copy is taken online; writers are not held up (SQLite's backup, one REPEATABLE READ
transaction on PostgreSQL). The database comes first: media are stored before the rows that name
them, and are never changed, so whatever the copy names is there.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, inspect

from extensions import db
from services import database_copy

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
MEDIA = "media"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: read first when it is restored.

    `rows` counts every table, `hashes` are the SHA-256 of every file in the archive,
    `audit_head` is the number and hash that the audit log's chain ended with.
    """

    format: int
    made_at: str
    database: str
    migration: str
    rows: dict[str, int]
    audit_head: tuple[int, str]
    hashes: dict[str, str]


def write_backup(
    target: Path, media_folder: Path, now: datetime, progress: Callable[[int, int], None]
) -> Manifest:
    """Write a backup to `target`, which appears whole or not at all.

    `progress` is told how many bytes of how many are done. Raises OSError.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        work = Path(folder)
        copied = database_copy.copy_out(work)
        files = [(f"{DATABASE}/{path.name}", path) for path in copied.files]
        files += [(f"{MEDIA}/{name}", path) for name, path in _media(media_folder)]
        hashes = _write_archive(work / "archive.tar", files, progress)
        manifest = Manifest(
            format=FORMAT,
            made_at=now.isoformat(timespec="seconds"),
            database=db.engine.dialect.name,
            migration=copied.migration,
            rows=copied.rows,
            audit_head=copied.audit_head,
            hashes=hashes,
        )
        _add_manifest(work / "archive.tar", manifest)
        (work / "archive.tar").replace(target)
    return manifest


def read_manifest(archive: Path) -> Manifest:
    """What a backup says of itself. Raises ValueError if it is none, or not whole."""
    try:
        with tarfile.open(archive, "r:") as opened:
            entry = opened.extractfile(MANIFEST)
            if entry is None:
                raise ValueError("it has no manifest")
            fields = json.load(entry)
        fields["audit_head"] = tuple(fields["audit_head"])
        manifest = Manifest(**fields)
    except (tarfile.TarError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"it is no backup, or not whole ({error})") from error
    if manifest.format != FORMAT:
        raise ValueError(f"its format {manifest.format} is not {FORMAT}")
    return manifest


def extract(
    archive: Path, manifest: Manifest, folder: Path, progress: Callable[[int, int], None]
) -> None:
    """Write the files of a backup below `folder`, comparing each with its hash.

    Raises ValueError for a file that is not the one that was backed up.
    """
    total, done = archive.stat().st_size, 0
    seen: set[str] = set()
    with tarfile.open(archive, "r:") as opened:
        for entry in opened:
            if entry.name == MANIFEST:
                continue
            source = opened.extractfile(entry)
            if source is None or entry.name not in manifest.hashes or ".." in entry.name:
                raise ValueError(f"it holds a file that its manifest does not name: {entry.name}")
            if _extract_file(source, folder / entry.name) != manifest.hashes[entry.name]:
                raise ValueError(f"{entry.name} is damaged")
            seen.add(entry.name)
            done += entry.size
            progress(done, total)
    if missing := sorted(set(manifest.hashes) - seen):
        raise ValueError(f"{missing[0]} is missing")


def is_empty(connection: Connection) -> bool:
    """Whether a database has no tables yet."""
    return not inspect(connection).get_table_names()


def _media(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("tmp"):
            yield str(path.relative_to(folder)), path


def _write_archive(
    archive: Path, files: list[tuple[str, Path]], progress: Callable[[int, int], None]
) -> dict[str, str]:
    total, done = sum(path.stat().st_size for _, path in files), 0
    hashes: dict[str, str] = {}
    with tarfile.open(archive, "w") as opened:
        for name, path in files:
            entry = tarfile.TarInfo(name)
            entry.size = path.stat().st_size
            with path.open("rb") as source:
                reader = _Hashing(source)
                opened.addfile(entry, reader)
            hashes[name] = reader.digest.hexdigest()
            done += entry.size
            progress(done, total)
    return hashes


def _add_manifest(archive: Path, manifest: Manifest) -> None:
    content = json.dumps(asdict(manifest), indent=1).encode()
    with tarfile.open(archive, "a") as opened:
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(content)
        opened.addfile(entry, io.BytesIO(content))
    with archive.open("rb+") as written:
        os.fsync(written.fileno())


def _extract_file(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as opened:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            opened.write(chunk)
        opened.flush()
        os.fsync(opened.fileno())
    return digest.hexdigest()


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.source.read(size)
        self.digest.update(chunk)
        return chunk
