"""Restoring a backup into an empty installation, with the break in the audit log acknowledged."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from domain.refusals import Conflict, Invalid
from extensions import db
from models.safety import refuse_unsafe
from services import audit_chain, backup, database_copy
from services.backup import DATABASE, MEDIA, Manifest


def restore_backup(
    archive: Path,
    data: Path,
    media_folder: Path,
    now: datetime,
    migrate: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> Manifest:
    """Restore a backup into a database without tables; commits.

    Nothing is put in place before every file has been compared with its hash. `migrate` brings
    the database to a version. Raises Conflict if the database is not empty, Invalid if the
    backup is damaged or of another kind of database.
    """
    try:
        manifest = backup.read_manifest(archive)
    except ValueError as error:
        raise Invalid("archive", f"{archive} cannot be restored: {error}.") from error
    if manifest.database != db.engine.dialect.name:
        raise Invalid("archive", f"{archive} is of a {manifest.database} database.")
    with db.engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        if not backup.is_empty(connection):
            raise Conflict("The database is not empty. Restore into a new one.")
    with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as folder:
        work = Path(folder)
        try:
            backup.extract(archive, manifest, work, progress)
        except ValueError as error:
            raise Invalid("archive", f"{archive} cannot be restored: {error}.") from error
        _place_media(work / MEDIA, media_folder)
        database_copy.copy_in(work / DATABASE, lambda: migrate(manifest.migration))
    _check(manifest)
    migrate("head")
    audit_chain.acknowledge_break(f"restored the backup of {manifest.made_at}", now)
    db.session.commit()
    return manifest


def _place_media(source: Path, media_folder: Path) -> None:
    """Files are named by their hash: one that is there already is the same."""
    for path in sorted(source.rglob("*")):
        target = media_folder / path.relative_to(source)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _check(manifest: Manifest) -> None:
    """Compare what was restored with what was backed up. Raises Invalid."""
    with db.engine.connect() as connection:
        refuse_unsafe(connection)
        found = database_copy.count_rows(connection)
        if found != manifest.rows:
            raise Invalid(
                "archive", f"Rows differ from the backup's: {_differing(found, manifest)}"
            )
        if connection.dialect.name == "sqlite":
            whole = connection.execute(text("PRAGMA integrity_check")).scalar()
            if whole != "ok":
                raise Invalid("archive", f"The restored database is damaged: {whole}")
    head = audit_chain.read_head()
    if head != manifest.audit_head:
        raise Invalid("archive", "The audit log does not end where the backup says.")
    db.session.rollback()


def _differing(found: dict[str, int], manifest: Manifest) -> str:
    names = sorted(found.keys() | manifest.rows.keys())
    return ", ".join(
        f"{name} {found.get(name)} of {manifest.rows.get(name)}"
        for name in names
        if found.get(name) != manifest.rows.get(name)
    )
