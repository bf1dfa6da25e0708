"""Folders that nobody meant well: a report, never a crash, never much memory."""

import os
import random
import time
import tracemalloc
from pathlib import Path

import pytest

from course_format import files
from course_format.check import check_course
from course_format.read import read_course
from tests.unit.course_format.folders import (
    GOOD_FILES,
    READING_PATH,
    UNIT_2,
    CourseFolder,
    recording,
)

TEXTS = sorted(name for name, content in GOOD_FILES.items() if isinstance(content, str))
MEGABYTE = 1024 * 1024


def said_of(folder: CourseFolder, path: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in folder.faults() if fault.path == path]


def test_no_folder_at_all(tmp_path: Path) -> None:
    course, (fault,) = read_course(tmp_path / "nothing")
    assert course is None
    assert str(fault) == ".: error: There is no folder “nothing”."


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "course").write_text("")
    assert [fault.severity for fault in check_course(tmp_path / "course")] == ["error"]


def test_an_empty_folder_lacks_three_files(tmp_path: Path) -> None:
    missing = {fault.path for fault in check_course(tmp_path) if "missing" in fault.message}
    assert missing == {"course.yaml", "about.md", "evaluation.md"}


def test_the_folder_is_named_like_an_address(folder: CourseFolder) -> None:
    other = folder.path.with_name("Listening To Families")
    folder.path.rename(other)
    assert "must be named with lower-case letters" in check_course(other)[0].message


OPTIONAL_ITEMS = {f"{UNIT_2}/03-a-sheet.md", f"{UNIT_2}/04-a-page.md"}


@pytest.mark.parametrize("path", sorted(set(TEXTS) - OPTIONAL_ITEMS))
def test_each_file_is_missed(path: str, folder: CourseFolder) -> None:
    folder.remove(path)
    assert [fault for fault in folder.faults() if fault.severity == "error"]


@pytest.mark.parametrize("path", TEXTS)
def test_a_file_cut_in_half_does_no_harm(path: str, folder: CourseFolder) -> None:
    text = folder.text(path)
    for end in range(0, min(len(text), 1200), 29):
        folder.write(path, text[:end])
        read_course(folder.path)
    folder.write(path, text[: len(text) // 2])
    assert isinstance(folder.faults(), list)


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize(
    ("why", "data", "line", "says"),
    [
        ("Latin-1 is not UTF-8", b"---\ntitle: Caf\xe9\n---\n", 2, "This line is not UTF-8."),
        ("nor is UTF-16", "---\n".encode("utf-16"), 1, "This file is UTF-16."),
        ("nor is a picture", b"\x89PNG\r\n\x1a\n\x00\x00", 1, "This line is not UTF-8."),
        ("a zero cannot be seen", b"a\nb\x00c\n", 2, "(U+0000)"),
        ("nor can an escape", b"a\nb\n\x1b[31m\n", 3, "(U+001B)"),
        ("nor a line separator", "a\u2028b\n".encode(), 1, "(U+2028)"),
    ],
)
def test_wrong_encodings(
    path: str, why: str, data: bytes, line: int, says: str, folder: CourseFolder
) -> None:
    folder.write(path, data)
    assert any(at == line and says in message for at, message in said_of(folder, path)), why


@pytest.mark.parametrize("path", ["course.yaml", "tests/1.md", READING_PATH, "media/hearing.vtt"])
def test_a_huge_text_is_not_read(path: str, folder: CourseFolder) -> None:
    folder.write(path, GOOD_FILES[path] + "\n" * MEGABYTE)
    assert any("is larger than" in message for _, message in said_of(folder, path))


def test_a_question_is_not_a_book(folder: CourseFolder) -> None:
    folder.replace("tests/1.md", "Listening is quiet work.", "work\n" * 40_000)
    assert any("This text is too long." in message for _, message in said_of(folder, "tests/1.md"))


def test_a_video_of_two_gigabytes_is_not_read(folder: CourseFolder) -> None:
    with (folder.path / "media/hearing.mp4").open("r+b") as stream:
        stream.truncate(2 * 1024**3)
    assert (0, "The file is larger than 1 GB. Cut the recording into parts.") in said_of(
        folder, "media/hearing.mp4"
    )


def test_a_large_recording_costs_no_memory(folder: CourseFolder) -> None:
    start = recording(300, (b"avc1", b"mp4a"))[:-72]
    size = 900 * MEGABYTE
    with (folder.path / "media/hearing.mp4").open("wb") as stream:
        stream.write(start + size.to_bytes(4, "big") + b"mdat")
        stream.truncate(len(start) + size)
    tracemalloc.start()
    assert folder.faults() == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MEGABYTE


def test_many_large_texts_are_too_much(folder: CourseFolder) -> None:
    for number in range(20):
        folder.write(f"units/2-answering/{number + 10}-more-{number}.md", "\n" * MEGABYTE)
    said = [fault.message for fault in folder.faults()]
    assert "The texts of the course are larger than 4 MB together." in said


def test_ten_thousand_files_are_too_many(folder: CourseFolder) -> None:
    for number in range(10_000):
        (folder.path / f"media/{number}.png").touch()
    faults = folder.faults()
    assert "The folder holds more than 2,000 files." in [fault.message for fault in faults]
    assert len(faults) < 2_100


@pytest.mark.parametrize("path", ["course.yaml", "tests/1.md", READING_PATH, "media/hearing.vtt"])
def test_links_are_not_followed(path: str, folder: CourseFolder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes((folder.path / path).read_bytes())
    folder.remove(path)
    (folder.path / path).symlink_to(secret)
    said = [message for _, message in said_of(folder, path)]
    assert "This is a link. Put the file itself into the course folder." in said


def test_a_linked_folder_is_not_followed(folder: CourseFolder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/01-secret.md").write_text("secret")
    (folder.path / "units/3-more").symlink_to(tmp_path / "elsewhere")
    (folder.path / "units/1-hearing/loop").symlink_to(folder.path)
    assert {fault.path for fault in folder.faults()} == {"units/3-more", "units/1-hearing/loop"}


def test_a_pipe_does_not_stop_the_reading(folder: CourseFolder) -> None:
    folder.remove("about.md")
    os.mkfifo(folder.path / "about.md")
    assert (0, "This is not a plain file.") in said_of(folder, "about.md")


def test_a_name_that_is_not_unicode(folder: CourseFolder) -> None:
    (Path(os.fsdecode(os.fsencode(folder.path) + b"/media/caf\xe9.png"))).touch()
    (fault,) = folder.faults()
    assert fault.path == "media/caf\\udce9.png"
    str(fault).encode()


def test_what_editors_leave_behind_is_passed_over(folder: CourseFolder) -> None:
    for name in (".DS_Store", "about.md~", "tests/.1.md.swp", "media/Thumbs.db", ".git/config"):
        folder.write(name, "x")
    folder.write("media-src/slides.yaml", "x")
    assert folder.faults() == []


@pytest.mark.parametrize(
    ("why", "yaml", "line", "says"),
    [
        ("a bomb of aliases", "a: &a [x, x]\nb: &b [*a, *a]\n", 1, "are not used here"),
        ("an alias of nothing", "a: 1\nb: *c\n", 2, "are not used here"),
        ("a merge", "a: 1\n<<: *c\n", 2, "are not used here"),
        ("an object of Python", "a: !!python/object/apply:os.system [ls]\n", 1, "Tags (!)"),
        ("a tag", "a: 1\nb: !x 2\n", 2, "Tags (!)"),
        ("depth", "a: " + "[" * 1_000, 1, "nested too deeply"),
        ("depth of mappings", "a: " + "{a: " * 1_000, 1, "nested too deeply"),
        ("two documents", "a: 1\n---\nb: 2\n", 2, "Only one document"),
        ("a list", "- a\n- b\n", 1, "Expected keys with values"),
        ("nothing", "", 1, "Expected keys with values"),
        ("a key that is a list", "a: 1\n[b]: 2\n", 2, "A key must be a word."),
        ("a tab", "a:\n\t- b\n", 2, "Indent with spaces"),
        ("an open quote", "a: 1\nb: 'b\n", 2, "is not closed"),
        ("an open list", "a: 1\nb: [b\n", 2, "is not closed"),
        ("many strange keys", "".join(f"k{n}: 1\n" for n in range(9_999)), 9, "“k8” is not a fact"),
        ("a stray sign", "a: 1\nb: @c\n", 2, "This is not YAML"),
        ("a number of many digits", f"access_days: {'9' * 5_000}\n", 1, "must be a whole number"),
    ],
)  # fmt: skip
def test_hostile_yaml(why: str, yaml: str, line: int, says: str, folder: CourseFolder) -> None:
    folder.write("course.yaml", yaml)
    said = said_of(folder, "course.yaml")
    assert any(at == line and says in message for at, message in said), (why, said)


def test_a_long_list_costs_little(folder: CourseFolder) -> None:
    folder.replace("course.yaml", "references:\n", "references:\n" + "  - x\n" * 20_000)
    tracemalloc.start()
    folder.faults()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * MEGABYTE


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "*" * 50_000, "`" * 50_000, "> " * 25_000, "- " * 25_000, "|a" * 25_000,
     "![" * 25_000, "<" * 50_000, "_a" * 25_000, "[a](" * 12_000, "\\" * 50_000],
)  # fmt: skip
def test_markdown_that_would_take_long(text: str, folder: CourseFolder) -> None:
    folder.write(READING_PATH, folder.text(READING_PATH) + "\n" + text + "\n")
    assert isinstance(folder.faults(), list)


@pytest.mark.parametrize(
    "line",
    ["- " + "a ->" * 50_000, "- " + " " * 200_000 + "x", "- [x] " + "{" * 200_000, "=" * 200_000,
     "## a " + "{a}" * 60_000 + "x", "## " + " " * 200_000 + "{", "= 1" + " " * 200_000 + "+",
     "a ".join("`" * n for n in range(600)), "![a](media/x.png)" * 10_000, "[a](#b)" * 10_000],
)  # fmt: skip
def test_lines_that_would_take_long(line: str, folder: CourseFolder) -> None:
    folder.write("tests/1.md", folder.text("tests/1.md") + "\n" + line + "\n")
    folder.write("about.md", line + "\n")
    folder.write("media/hearing.vtt", folder.text("media/hearing.vtt") + "\n" + line + "\n")
    start = time.process_time()
    folder.faults()
    assert time.process_time() - start < 10


def test_faults_are_counted_not_kept_without_end(folder: CourseFolder) -> None:
    folder.replace("tests/1.md", "- ( ) False\n", "- ( ) False\n" + "x\n" * 5_000)
    faults = folder.faults()
    assert len(faults) <= files.MAX_FILES
    assert "more faults are not listed" in faults[-1].message


SEEDS = range(200)
SCRAPS = (
    b"---\n", b"## ", b"{", b"}", b"- (x) ", b"- [x] {", b"= ", b" -> ", b"order:\n", b"> ",
    b"```\n",
    b"[", b"](", b"<", b"&a ", b"*a", b"\xff", b"\x00", b"\n", b"|", b": ", b"- ", b"'", b'"', b"%",
    b"-->", b"\xe2\x80\xa8", b"#" * 7,
)  # fmt: skip


def spoil(data: bytes, chance: random.Random) -> bytes:
    """Cut, double, move or sprinkle some part of a file."""
    start = chance.randrange(len(data) + 1)
    stop = min(len(data), start + chance.randrange(1, 60))
    part = data[start:stop]
    other = chance.randrange(len(data) + 1)
    return chance.choice([
        data[:start] + data[stop:],
        data[:start] + part + part + data[stop:],
        data[:other] + part + data[other:],
        data[:start] + chance.choice(SCRAPS) + data[start:],
        data[:start] + chance.choice(SCRAPS) + data[stop:],
        data[:start],
    ])  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_copy_never_raises(seed: int, folder: CourseFolder) -> None:
    chance = random.Random(seed)
    for _ in range(chance.randrange(1, 5)):
        path = chance.choice(sorted(GOOD_FILES))
        folder.write(path, spoil((folder.path / path).read_bytes(), chance))
    faults = folder.faults()
    course, _ = read_course(folder.path)
    if course is None:
        assert any(fault.severity == "error" for fault in faults)
    for fault in faults:
        assert fault.message and fault.line >= 0
        str(fault).encode()


def test_the_check_changes_nothing(folder: CourseFolder) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.path.rglob("*")}
    folder.faults()
    assert {path: path.stat().st_mtime_ns for path in folder.path.rglob("*")} == before
