"""The hash of a course: the same for the same files, another for any other file."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from course_format.hashing import content_hash, file_hash, list_course_files
from tests.unit.course_format.folders import GOOD_FILES, CourseFolder


def test_every_file_of_the_course_counts(folder: CourseFolder) -> None:
    assert list_course_files(folder.path) == sorted(GOOD_FILES)


@pytest.mark.parametrize("path", sorted(GOOD_FILES))
def test_each_byte_counts(path: str, folder: CourseFolder) -> None:
    before = content_hash(folder.path)
    folder.write(path, (folder.path / path).read_bytes() + b" ")
    assert content_hash(folder.path) != before


def test_a_name_counts(folder: CourseFolder) -> None:
    before = content_hash(folder.path)
    (folder.path / "media/chairs.png").rename(folder.path / "media/chair.png")
    assert content_hash(folder.path) != before


def test_a_file_more_or_less_counts(folder: CourseFolder) -> None:
    before = content_hash(folder.path)
    folder.write("media/more.png", b"")
    assert content_hash(folder.path) != before
    folder.remove("media/more.png")
    assert content_hash(folder.path) == before


def test_place_times_rights_and_strays_do_not_count(folder: CourseFolder, tmp_path: Path) -> None:
    before = content_hash(folder.path)
    copy = tmp_path / "elsewhere"
    shutil.copytree(folder.path, copy)
    os.utime(copy / "course.yaml", (0, 0))
    (copy / "about.md").chmod(0o600)
    (copy / ".DS_Store").write_text("x")
    (copy / "about.md~").write_text("x")
    (copy / "media-src").mkdir()
    (copy / "media-src/slides.yaml").write_text("x")
    assert content_hash(copy) == before


def test_the_hash_is_the_one_that_is_documented(tmp_path: Path) -> None:
    (tmp_path / "about.md").write_text("a")
    inner = hashlib.sha256(b"a").hexdigest()
    assert file_hash(tmp_path / "about.md") == inner
    assert content_hash(tmp_path) == hashlib.sha256(f"about.md\0{inner}\n".encode()).hexdigest()
