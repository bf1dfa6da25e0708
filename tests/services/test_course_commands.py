"""`flask courses`: what an author and an operator see."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from commands import course_text
from commands.on_database import NOT_PREPARED
from config import PROJECT
from course_format.check import check_course
from course_format.hashing import content_hash
from extensions import db
from models import AuditEvent, Edition
from tests.course_copies import FIRST_READING, copy_small_course, replace

REFERENCE = PROJECT / "content" / "cultivating-a-therapeutic-alliance"


@pytest.fixture
def folder(context: Flask, tmp_path: Path) -> Path:
    return copy_small_course(tmp_path)


def courses(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["courses", *map(str, arguments)])


def test_check_says_file_and_line(context: Flask, folder: Path) -> None:
    assert courses(context, "check", folder).exit_code == 0
    replace(folder, FIRST_READING, "carefully", "[carefully](#x)")
    done = courses(context, "check", folder)
    assert done.exit_code == 1
    line = f"{folder / FIRST_READING}:8: error: There is no heading “#x” on this page."
    assert line in done.output
    assert f"{folder}: 1 error, " in done.output


def test_format_writes_or_only_tells(context: Flask, folder: Path) -> None:
    before = content_hash(folder)
    told = courses(context, "format", "--check", folder)
    assert told.exit_code == 1 and "is not in canonical form" in told.output
    assert content_hash(folder) == before
    assert courses(context, "format", folder).exit_code == 0
    assert content_hash(folder) != before
    again = courses(context, "format", "--check", folder)
    assert (again.exit_code, again.output) == (0, "")


def test_nothing_of_a_course_with_a_fault_is_formatted(context: Flask, folder: Path) -> None:
    replace(folder, "course.yaml", "code: SML-101\n", "")
    before = content_hash(folder)
    done = courses(context, "format", folder)
    assert done.exit_code == 1 and "“code” is missing" in done.output
    assert content_hash(folder) == before


def test_publish_says_what_it_did(context: Flask, folder: Path) -> None:
    done = courses(context, "publish", folder)
    assert done.output.startswith("small-course: edition 1 is published already (")
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    assert courses(context, "publish", folder).output.startswith(
        "small-course: edition 2 published"
    )
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "course.published"))
    assert [found.facts for found in event] == [{"number": 2}], "once, and only what is new"


def test_publish_refuses_faults(context: Flask, folder: Path) -> None:
    replace(folder, FIRST_READING, "carefully", "<script>")
    replace(folder, "tests/1.md", "- (x) True", "- ( ) True")
    done = courses(context, "publish", folder)
    assert done.exit_code == 1
    assert "HTML is not part of the format: <script>" in done.output
    assert "No option is right." in done.output
    assert "has 2 errors; nothing is published." in done.output
    assert len(db.session.scalars(select(Edition)).all()) == 1


def test_a_full_disk_is_told_in_words(
    context: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device", "recording.part")

    monkeypatch.setattr("services.publishing.store_files", refuse)
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    done = courses(context, "publish", folder)
    assert done.exit_code == 1
    assert "No space left on device: recording.part. Try again: it goes on there." in done.output


def test_revise_tells_each_change(context: Flask, folder: Path) -> None:
    replace(folder, FIRST_READING, "carefully", "with care")
    done = courses(context, "revise", folder, "--reason", "A better word.")
    assert done.exit_code == 0
    assert "  Unit 1, “The First Reading”: in the text, 2 of 7 words differ" in done.output
    assert "small-course: edition 1 revision 1 published" in done.output
    again = courses(context, "revise", folder, "--reason", "A better word.")
    assert "small-course: edition 1 has nothing to correct" in again.output


def test_revise_refuses_what_earns_credit(context: Flask, folder: Path) -> None:
    replace(folder, FIRST_READING, "carefully", "with care")
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    done = courses(context, "revise", folder, "--reason", "A better word.")
    assert done.exit_code == 1
    assert "* The pass mark was “80” and is now “90”." in done.output
    assert "  Unit 1, “The First Reading”: in the text" in done.output
    assert "needs a new edition; nothing is published." in done.output


def test_diff_compares_folders_and_editions(context: Flask, folder: Path) -> None:
    assert courses(context, "diff", folder).output == "Nothing differs.\n"
    replace(folder, FIRST_READING, "carefully", "with care")
    done = courses(context, "diff", folder)
    assert "All of it may be published as a revision of the edition." in done.output
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    courses(context, "publish", folder)
    done = courses(context, "diff", "small-course:1", "small-course:2")
    assert "* The pass mark was “80” and is now “90”." in done.output
    assert "What is marked with * needs a new edition." in done.output
    missing = courses(context, "diff", "small-course:1", "small-course:7")
    assert "There is no edition 7 of a course “small-course”." in missing.output


def test_export_gives_the_files_back(context: Flask, folder: Path, tmp_path: Path) -> None:
    done = courses(context, "export", "small-course", tmp_path / "again/small-course")
    assert done.exit_code == 0, done.output
    assert content_hash(tmp_path / "again/small-course") == content_hash(folder)
    assert courses(context, "export", "small-course", tmp_path / "again/small-course").exit_code


def test_the_reference_course_is_checked_in_two_seconds(tmp_path: Path) -> None:
    """The whole command, in a process of its own, as an author runs it: 0.5 s of the processor
    on a quiet machine."""
    seconds = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = _check_the_reference_course(tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        assert done.returncode == 0, done.stderr
    assert "0 errors, 0 warnings" in done.stdout
    assert min(seconds) < 2, seconds


def test_a_check_loads_no_database_and_no_pages(tmp_path: Path) -> None:
    """That is why it is fast, and why an author needs no installation for it."""
    done = _check_the_reference_course(tmp_path, "-X", "importtime")
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "course_format.check" in loaded
    heavy = {"sqlalchemy", "alembic", "models", "services", "blueprints", "weasyprint", "pyhanko"}
    assert not heavy & {name.split(".")[0] for name in loaded}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "is_text"),
    [
        ("courses check content/a", True),
        ("--app app:create_app courses format --check content/a", True),
        ("--debug -A app courses check content/a", True),
        ("--app=app courses check content/a", True),
        ("courses publish content/a", False),
        ("courses", False),
        ("people add courses check", False),
        ("--app courses check", False),
        ("", False),
    ],
)
def test_only_commands_on_text_start_without_the_center(arguments: str, is_text: bool) -> None:
    assert course_text.is_asked_for(arguments.split()) is is_text


def _check_the_reference_course(data: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *options, "-m", "flask", "--app", "app:create_app"]
    return subprocess.run(
        [*command, "courses", "check", str(REFERENCE)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={**os.environ, "CONTACT_HOUR_DATA": str(data)},
    )


def test_the_check_itself_is_fast() -> None:
    start = time.process_time()
    check_course(REFERENCE)
    assert time.process_time() - start < 1


def test_a_database_that_is_not_prepared_is_told_in_words(tmp_path: Path) -> None:
    environ = {**os.environ, "CONTACT_HOUR_DATA": str(tmp_path), "DATABASE_URL": ""}
    for arguments in (
        ["audit", "verify"],
        ["retention", "sweep"],
        ["courses", "publish", REFERENCE],
    ):
        command = [sys.executable, "-m", "flask", "--app", "app:create_app", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == f"Error: {NOT_PREPARED}"
        assert "Traceback" not in done.stderr
