"""`flask courses`: check, format and publish folders of course text; compare, correct, export."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

import clock
from commands.course_text import FOLDER, check, counted, format_folders, in_words
from commands.on_database import on_database
from commands.progress import Bar
from course_format.differences import Change, compare_courses
from domain.refusals import Invalid, NotFound
from extensions import db
from services import audit, edition_texts, publishing, revisions
from services.versions import get_version

courses = click.Group("courses", help="Courses as text.", commands=[check, format_folders])


@courses.command("publish")
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@on_database
def publish(folders: tuple[Path, ...]) -> None:
    """Publish course folders as editions. What is published already is left as it is."""
    for folder in folders:
        with _refusals_in_words(folder), Bar() as bar:
            outcome = publishing.publish_course(folder, _media_folder(), clock.now(), bar)
            if outcome.is_new:
                edition, number = f"edition:{outcome.edition_id}", {"number": outcome.number}
                audit.record("course.published", actor_id=None, subject=edition, facts=number)
            db.session.commit()
        verb = "published" if outcome.is_new else "is published already"
        click.echo(f"{folder.name}: edition {outcome.number} {verb} ({outcome.content_hash[:12]})")


@courses.command("revise")
@click.argument("folder", type=FOLDER)
@click.option("--reason", required=True, help="Why, in a sentence that learners may read.")
@click.option("--edition", type=int, help="Number of the edition; by default the current one.")
@on_database
def revise(folder: Path, reason: str, edition: int | None) -> None:
    """Correct a published edition: typing errors, links, captions, media. It reaches learners."""
    with _refusals_in_words(folder), Bar() as bar:
        done = revisions.revise_course(
            folder, _media_folder(), reason, clock.now(), edition_number=edition, watch=bar
        )
        db.session.commit()
    _tell(done.changes)
    words = f"revision {done.number} published" if done.is_new else "has nothing to correct"
    click.echo(f"{folder.name}: edition {done.edition_number} {words}")


@courses.command("diff")
@click.argument("before")
@click.argument("after", required=False)
@on_database
def diff(before: str, after: str | None) -> None:
    """Say in words what differs between two versions of a course.

    A version is a folder, a course (its current edition), or such as COURSE:2 (edition 2). With
    one folder alone: between the current edition and that folder.
    """
    if after is None:
        before, after = Path(before).resolve().name, before
    with _refusals_in_words(Path(after)):
        changes = compare_courses(get_version(before), get_version(after))
    _tell(changes)
    if not changes:
        click.echo("Nothing differs.")
    elif all(change.is_correction for change in changes):
        click.echo("All of it may be published as a revision of the edition.")
    else:
        click.echo("What is marked with * needs a new edition.")


@courses.command("export")
@click.argument("course")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--edition", type=int, help="Number of the edition; by default the current one.")
@click.option("--revision", type=int, help="As it stood after this revision; 0: as published.")
@on_database
def export(course: str, folder: Path, edition: int | None, revision: int | None) -> None:
    """Write the files of an edition, byte for byte as they were published."""
    with _refusals_in_words(folder):
        files = edition_texts.list_files(edition_texts.get_edition(course, edition), revision)
        edition_texts.write_files(files, _media_folder(), folder)
    click.echo(f"{counted(len(files), 'file')} written to {folder}")


@contextmanager
def _refusals_in_words(folder: Path) -> Iterator[None]:
    """Say why something is refused, or what the disk refuses; nothing is published then."""
    try:
        yield
    except publishing.FaultyCourse as faulty:
        for fault in faulty.faults:
            click.echo(in_words(folder, fault), err=True)
        count = counted(len(faulty.faults), "error")
        raise click.ClickException(f"{folder} has {count}; nothing is published.") from None
    except revisions.NeedsEdition as refusal:
        _tell(refusal.changes)
        raise click.ClickException(
            "What is marked with * needs a new edition; nothing is published."
        ) from None
    except (Invalid, NotFound) as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as problem:
        message = f"{problem.strerror}: {problem.filename or folder}. Try again: it goes on there."
        raise click.ClickException(message) from None


def _tell(changes: list[Change] | tuple[Change, ...]) -> None:
    for change in changes:
        click.echo(f"{' ' if change.is_correction else '*'} {change.words}")


def _media_folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].media_folder
    return folder
