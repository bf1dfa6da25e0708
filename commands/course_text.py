"""`flask courses check` and `format`: course folders as text, with no database and no pages."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask

from course_format.canonical import format_course
from course_format.check import check_course
from course_format.source import Fault

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OPTIONS_WITH_A_VALUE = ("-A", "--app", "-e", "--env-file")
"""Of the program `flask`, before the name of the command."""


def is_asked_for(arguments: Sequence[str]) -> bool:
    """Whether the arguments of `flask` name a command of this module."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        del rest[: 2 if rest[0] in OPTIONS_WITH_A_VALUE else 1]
    return rest[:2] in (["courses", "check"], ["courses", "format"])


def create_app() -> Flask:
    """An application that has these commands and nothing else."""
    app = Flask("app", static_folder=None)
    app.cli.add_command(click.Group("courses", commands=[check, format_folders]))
    return app


@click.command("check")
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
def check(folders: tuple[Path, ...]) -> None:
    """Report every fault of course folders, with file and line."""
    errors = 0
    for folder in folders:
        faults = check_course(folder)
        for fault in faults:
            click.echo(in_words(folder, fault))
        counts = Counter(fault.severity for fault in faults)
        errors += counts["error"]
        click.echo(
            f"{folder}: {counted(counts['error'], 'error')}, "
            f"{counted(counts['warning'], 'warning')}, {counted(counts['note'], 'note')}"
        )
    if errors:
        raise SystemExit(1)


@click.command("format")
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; fail if something would."
)
def format_folders(folders: tuple[Path, ...], only_check: bool) -> None:
    """Write course folders in their canonical form. What they mean stays the same."""
    changed = 0
    for folder in folders:
        formatted, faults = format_course(folder)
        for fault in faults:
            click.echo(in_words(folder, fault), err=True)
        if faults:
            raise click.ClickException(f"{folder} cannot be read, so nothing of it is changed.")
        for path, text in formatted.items():
            click.echo(f"{folder / path} {'is not in canonical form' if only_check else 'written'}")
            if not only_check:
                (folder / path).write_bytes(text.encode("utf-8"))
        changed += len(formatted)
    if only_check and changed:
        raise SystemExit(1)


def counted(number: int, word: str) -> str:
    """Such as “1 error” or “1,200 errors”."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def in_words(folder: Path, fault: Fault) -> str:
    """One line of a report: file, line, how bad, and what."""
    place = f"{folder / fault.path}:{fault.line}" if fault.line else str(folder / fault.path)
    return f"{place}: {fault.severity}: {fault.message}"
