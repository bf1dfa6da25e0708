"""Publishing: nothing of a course with a fault, nothing twice, nothing by halves."""

import random
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from config import PROJECT
from course_format.hashing import file_hash
from domain.refusals import Invalid
from extensions import db
from models import Course, Edition
from services import edition_texts, media_store, publishing
from services.media_store import media_path, store
from services.publishing import FaultyCourse, publish_course
from tests.course_copies import FIRST_READING, add_picture, copy_small_course, replace
from tests.effort import examples
from tests.unit.course_format.folders import GOOD_FILES, CourseFolder
from tests.unit.course_format.test_bad_input import spoil

COURSES = sorted(file.parent for file in PROJECT.glob("content/*/course.yaml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_small_course(tmp_path)


def count_editions() -> int:
    return db.session.scalar(select(func.count()).select_from(Edition)) or 0


def test_the_same_content_is_published_once(context: Flask, folder: Path, tmp_path: Path) -> None:
    before = count_editions()
    outcome = publish_course(folder, tmp_path / "store", clock.now())
    assert (outcome.is_new, outcome.number, count_editions()) == (False, 1, before)


def test_other_content_is_another_edition(context: Flask, folder: Path, tmp_path: Path) -> None:
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    outcome = publish_course(folder, tmp_path / "store", clock.now())
    assert (outcome.is_new, outcome.number) == (True, 2)
    course = db.session.scalars(select(Course).where(Course.slug == folder.name)).one()
    assert course.current_edition_id == outcome.edition_id


def test_a_course_with_a_fault_is_not_published(
    context: Flask, folder: Path, tmp_path: Path
) -> None:
    """Also what only the check finds, such as a link that leads nowhere."""
    before = count_editions()
    replace(folder, FIRST_READING, "carefully", "[carefully](#nowhere)")
    with pytest.raises(FaultyCourse, match="There is no heading “#nowhere”") as refusal:
        publish_course(folder, tmp_path / "store", clock.now())
    assert refusal.value.faults[0].path == FIRST_READING
    assert count_editions() == before
    assert not (tmp_path / "store").exists()


def test_a_new_course_with_a_fault_leaves_no_course(
    context: Flask, folder: Path, tmp_path: Path
) -> None:
    other = folder.rename(tmp_path / "another-course")
    (other / "evaluation.md").unlink()
    with pytest.raises(FaultyCourse):
        publish_course(other, tmp_path / "store", clock.now())
    query = select(Course).where(Course.slug == "another-course")
    assert db.session.scalars(query).first() is None


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_text_comes_back_from_the_database_byte_for_byte(
    context: Flask, course: Path, tmp_path: Path
) -> None:
    publish_course(course, tmp_path / "store", clock.now())
    edition = edition_texts.get_edition(course.name)
    edition_texts.write_files(
        edition_texts.list_files(edition), tmp_path / "store", tmp_path / course.name
    )
    paths = publishing.hashes(publishing.read_files(course, publishing.UNWATCHED))
    assert {path: file_hash(tmp_path / course.name / path) for path in paths} == paths
    assert len(list((tmp_path / course.name).rglob("*.*"))) == len(paths)


def test_odd_line_ends_come_back_too(context: Flask, folder: Path, tmp_path: Path) -> None:
    odd = (folder / "about.md").read_bytes().replace(b"\n", b"\r\n") + b"\r\n\xc3\xa9 \n"
    (folder / "about.md").write_bytes(odd)
    publish_course(folder, tmp_path / "store", clock.now())
    files = edition_texts.list_files(edition_texts.get_edition(folder.name))
    edition_texts.write_files(files, tmp_path / "store", tmp_path / "again")
    assert (tmp_path / "again/about.md").read_bytes() == odd


def test_a_file_that_was_spoiled_on_disk_is_not_given_out(
    context: Flask, folder: Path, tmp_path: Path
) -> None:
    add_picture(folder)
    publish_course(folder, tmp_path / "store", clock.now())
    digest = file_hash(folder / "media/chairs.png")
    media_path(tmp_path / "store", digest).write_bytes(b"something else")
    files = edition_texts.list_files(edition_texts.get_edition(folder.name))
    with pytest.raises(Invalid, match="restore a backup"):
        edition_texts.write_files(files, tmp_path / "store", tmp_path / "again")


def test_a_folder_that_is_not_empty_is_not_written_over(
    context: Flask, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="is not empty"):
        edition_texts.write_files({}, tmp_path / "store", folder)


SEEDS = range(examples(quick=6, full=200))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_copy_is_published_whole_or_not_at_all(
    context: Flask, seed: int, tmp_path: Path
) -> None:
    """Whatever is spoiled: a clear refusal and nothing in the database, or a course as checked."""
    chance = random.Random(seed)
    folder = CourseFolder(tmp_path)
    folder.replace("course.yaml", "[test-psych]", "[]")
    for _ in range(chance.randrange(1, 4)):
        path = chance.choice(sorted(GOOD_FILES))
        folder.write(path, spoil((folder.path / path).read_bytes(), chance))
    errors = [fault for fault in folder.faults() if fault.severity == "error"]
    before = count_editions()
    try:
        publish_course(folder.path, tmp_path / "store", clock.now())
    except FaultyCourse as refusal:
        assert refusal.faults == errors
        assert errors
        assert count_editions() == before
        assert not (tmp_path / "store").exists()
        query = select(Course).where(Course.slug == folder.path.name)
        assert db.session.scalars(query).first() is None
    else:
        assert errors == []
        assert count_editions() == before + 1
        edition = edition_texts.get_edition(folder.path.name)
        assert edition_texts.read_version(edition).files == publishing.hashes(
            publishing.read_files(folder.path, publishing.UNWATCHED)
        )


class Stopped(Exception):
    """The machine was switched off."""


class StopsAfter:
    """Counts the bytes of a step, and breaks off at some point of it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.done = 0

    def advance(self, done_bytes: int) -> None:
        self.done += done_bytes
        if self.done > self.limit:
            raise Stopped


def test_a_copy_that_broke_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_store, "CHUNK_BYTES", 10)
    source = tmp_path / "recording.mp4"
    source.write_bytes(bytes(range(100)))
    digest = file_hash(source)
    with pytest.raises(Stopped):
        store(source, digest, tmp_path / "store", StopsAfter(60).advance)
    target = media_path(tmp_path / "store", digest)
    assert not target.exists(), "the name of a file never holds half of it"
    assert target.with_suffix(".part").stat().st_size == 70
    source.write_bytes(bytes(70) + bytes(range(70, 100)))
    store(source, digest, tmp_path / "store", StopsAfter(1000).advance)
    assert target.read_bytes() == bytes(range(100)), "what was copied is not read again"
    assert not target.with_suffix(".part").exists()


def test_half_a_copy_of_something_else_is_thrown_away(tmp_path: Path) -> None:
    source = tmp_path / "recording.mp4"
    source.write_bytes(b"the recording")
    digest = file_hash(source)
    target = media_path(tmp_path / "store", digest)
    target.parent.mkdir(parents=True)
    target.with_suffix(".part").write_bytes(b"another one")
    with pytest.raises(Invalid, match="Try again"):
        store(source, digest, tmp_path / "store", StopsAfter(1000).advance)
    assert not target.exists()
    store(source, digest, tmp_path / "store", StopsAfter(1000).advance)
    assert target.read_bytes() == b"the recording"
