"""`flask courses`: check a folder of course text, publish it as an edition."""

from collections import Counter
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

import clock
from course_format.check import check_course
from course_format.source import Fault
from extensions import db
from services import publishing

courses = click.Group("courses", help="Courses as text.")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@courses.command("check")
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
def check(folders: tuple[Path, ...]) -> None:
    """Report every fault of course folders, with file and line."""
    errors = 0
    for folder in folders:
        faults = check_course(folder)
        for fault in faults:
            click.echo(_in_words(folder, fault))
        counts = Counter(fault.severity for fault in faults)
        errors += counts["error"]
        click.echo(
            f"{folder}: {counts['error']} errors, {counts['warning']} warnings, "
            f"{counts['note']} notes"
        )
    if errors:
        raise SystemExit(1)


@courses.command("publish")
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@with_appcontext
def publish(folders: tuple[Path, ...]) -> None:
    """Publish course folders. What is published already is left as it is."""
    for folder in folders:
        faults = [fault for fault in check_course(folder) if fault.severity == "error"]
        for fault in faults:
            click.echo(_in_words(folder, fault), err=True)
        if faults:
            raise click.ClickException(f"{folder} has {len(faults)} errors; nothing is published.")
        media = current_app.config["SETTINGS"].media_folder
        outcome = publishing.publish_course(folder, media, clock.now())
        db.session.commit()
        verb = "published" if outcome.is_new else "is published already"
        click.echo(f"{folder.name}: edition {outcome.number} {verb} ({outcome.content_hash[:12]})")


def _in_words(folder: Path, fault: Fault) -> str:
    place = f"{folder / fault.path}:{fault.line}" if fault.line else str(folder / fault.path)
    return f"{place}: {fault.severity}: {fault.message}"
