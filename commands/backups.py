"""`flask backup`, `flask restore`: everything in one file, and back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

import clock
from commands.on_database import on_database
from config import PROJECT, Settings
from domain.refusals import Refusal
from extensions import db
from services import audit
from services import backup as backups
from services import restore as restoring

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("target", type=FILE, required=False)
@on_database
def backup(target: Path | None) -> None:
    """Copy the database and its media to one file, while the center runs.

    TARGET defaults to backups/contact-hour-DATE-TIME.tar in the data folder.
    """
    settings: Settings = current_app.config["SETTINGS"]
    now = clock.now()
    path = target or settings.backup_folder / f"contact-hour-{now:%Y%m%d-%H%M%S}.tar"
    if path.exists():
        raise click.ClickException(f"{path} is there already.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _bar("Backing up") as progress:
        manifest = backups.write_backup(path, settings.media_folder, now, progress)
    audit.record("backup.written", actor_id=None, facts={"head": manifest.audit_head[0]})
    db.session.commit()
    click.echo(f"{path}: {sum(manifest.rows.values())} rows, {len(manifest.hashes)} files")
    click.echo("Keep it on another machine. Keep SECRET_KEY apart from it.")


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(archive: Path) -> None:
    """Restore a backup into a new, empty installation."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        with _bar("Restoring") as progress:
            manifest = restoring.restore_backup(
                archive, settings.data, settings.media_folder, clock.now(), _migrate, progress
            )
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(
        f"Restored the backup of {manifest.made_at}: {sum(manifest.rows.values())} rows."
        " What was done after it is gone, and the audit log says so."
    )


def _migrate(revision: str) -> None:
    upgrade(directory=str(PROJECT / "migrations"), revision=revision)


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar over bytes."""
    with click.progressbar(length=1, label=label) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress
