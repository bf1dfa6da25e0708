"""The canonical form: one way to write a course, and it never changes what the course means."""

import random

import pytest

from config import PROJECT
from course_format.canonical import format_course
from course_format.canonical_pages import tidy
from course_format.faults import Report
from course_format.read import read_course
from course_format.yaml_file import parse_yaml
from course_format.yaml_writer import write_yaml
from tests.effort import examples
from tests.unit.course_format.folders import (
    GOOD_FILES,
    READING_PATH,
    VIDEO_PATH,
    CourseFolder,
)

COURSES = sorted(file.parent for file in PROJECT.glob("content/*/course.yaml"))


def format_in_place(folder: CourseFolder) -> dict[str, str]:
    changed, faults = format_course(folder.path)
    assert faults == []
    for path, text in changed.items():
        folder.write(path, text)
    return changed


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_the_courses_of_the_product_are_canonical(course) -> None:  # type: ignore[no-untyped-def]
    assert format_course(course) == ({}, [])


def test_the_canonical_form_is_a_fixed_point(folder: CourseFolder) -> None:
    before, _ = read_course(folder.path)
    assert format_in_place(folder)
    assert format_in_place(folder) == {}
    after, faults = read_course(folder.path)
    assert (after, faults) == (before, [])


def test_two_ways_to_write_a_course_become_one(folder: CourseFolder) -> None:
    format_in_place(folder)
    canonical = {path: folder.text(path) for path in GOOD_FILES if path.endswith((".md", ".yaml"))}
    head, rest = folder.text("course.yaml").split("summary:", 1)
    folder.write(
        "course.yaml", f"summary:{rest}{head}".replace("key]", "key ]\n\n").replace("\n", "\r\n")
    )
    folder.replace("tests/1.md", "- (x) Waits", "-  (x)  Waits".replace("-  ", "- "))
    folder.replace("tests/1.md", "## quiet {objective=2}", "##   quiet   {objective=2}")
    folder.replace("tests/1.md", "- (x) True\n", "- (X) True   \n\n\n")
    folder.replace("evaluation.md", "## comments {text optional}", "## comments {optional} {text}")
    folder.write(
        READING_PATH, "\ufeff" + folder.text(READING_PATH).replace("\n\n", "\n\n\n\n") + "\n\n"
    )
    folder.replace(
        VIDEO_PATH, "poster_alt: Two people at a table", 'poster_alt: "Two people at a table"'
    )
    format_in_place(folder)
    for path, text in canonical.items():
        assert folder.text(path) == text, path


def test_a_course_with_a_fault_is_left_alone(folder: CourseFolder) -> None:
    folder.replace("tests/1.md", "- (x) Waits", "- ( ) Waits")
    changed, (fault,) = format_course(folder.path)
    assert changed == {}
    assert "No option is right" in fault.message


def written(text: str, order: tuple[str, ...] = ()) -> str:
    root = parse_yaml(text, "x.yaml", Report())
    assert root is not None
    return write_yaml(text, root, order)


LONG = "word " * 30 + "end"
YAML = [
    ("quotes that mean nothing go", 'a: "plain text"\n', "a: plain text\n"),
    ("quotes that mean something stay", 'a: "48.00"\n', 'a: "48.00"\n'),
    ("so do those of a number of a license", "a: '0001'\n", 'a: "0001"\n'),
    ("a number stays one", "a:   30\n", "a: 30\n"),
    ("a day stays one", "a: 2026-09-01\n", "a: 2026-09-01\n"),
    ("a text that looks like a mapping is quoted", "a: 'b: c'\n", 'a: "b: c"\n'),
    ("a text that looks like a comment is quoted", "a: 'b # c'\n", 'a: "b # c"\n'),
    ("yes in quotes stays a text", 'a: "yes"\n', 'a: "yes"\n'),
    ("a short block is one line", "a: >-\n  b\n  c\n", "a: b c\n"),
    ("lines that mean something stay", "a: |\n  b\n  c\n", "a: |-\n  b\n  c\n"),
    ("keys have an order", "b: 1\na: 2\n", "a: 2\nb: 1\n"),
    ("lists are indented", "a:\n- b\n- c\n", "a:\n  - b\n  - c\n"),
    ("short lists of ids are in one line", "approvals:\n- b\n- c\n", "approvals: [b, c]\n"),
    ("so are numbers", "objectives:\n- 1\n- 3\n", "objectives: [1, 3]\n"),
    ("an empty list is shown", "approvals: []\n", "approvals: []\n"),
    ("units are in one line", "units:\n- number: 1\n  title: A, b\n",
     'units:\n  - {number: 1, title: "A, b"}\n'),
    ("members of other lists are not", "a:\n- {b: 1, c: 2}\n", "a:\n  - b: 1\n    c: 2\n"),
    ("a comment above stays above", "# one\nb: 1\n# two\n# three\na: 2\n",
     "# two\n# three\na: 2\n# one\nb: 1\n"),
    ("a comment beside stays beside", "a: 1   # one\nb: # two\n- c # three\n- d\n",
     "a: 1  # one\nb:  # two\n  - c  # three\n  - d\n"),
    ("a comment at the end stays there", "a: 1\n# end\n", "a: 1\n# end\n"),
    ("a comment beside a block stays", "a: >-  # why\n  b\n", "a: b  # why\n"),
    ("a comment in a list keeps it apart",
     "units:\n# first\n- {number: 1}\n- number: 2\n  # odd\n  title: b\n",
     "units:\n  # first\n  - {number: 1}\n  - number: 2\n    # odd\n    title: b\n"),
    ("a sign in a text is no comment", "a: b#c\nd: \"e # f\" # g\n", 'a: b#c\nd: "e # f"  # g\n'),
    ("a sign in a block is no comment",
     "a: |-\n  b\n  # c\n# d\ne: 1\n", "a: |-\n  b\n  # c\n# d\ne: 1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "canonical"), YAML, ids=[case[0] for case in YAML])
def test_facts_are_written_one_way(why: str, text: str, canonical: str) -> None:
    assert written(text, ("a", "b")) == canonical
    assert written(canonical, ("a", "b")) == canonical


def test_long_texts_are_folded(folder: CourseFolder) -> None:
    text = written(f'a: "{LONG}"\n')
    assert text.startswith("a: >-\n  word") and max(map(len, text.split("\n"))) <= 100
    root = parse_yaml(text, "x.yaml", Report())
    assert root is not None and root.entries["a"].text == LONG  # type: ignore[union-attr]


TIDY = [
    ("space at the ends goes", "a \nb\t\n", "a\nb"),
    ("empty lines are not repeated", "a\n\n\n\nb", "a\n\nb"),
    ("two spaces that break a line become a sign", "a  \nb", "a\\\nb"),
    ("at the end of a paragraph they meant nothing", "a  \n\nb", "a\n\nb"),
    ("code stays as it is", "```\na  \n\n\nb\n```", "```\na  \n\n\nb\n```"),
    ("so does indented code", "    a\n\n\n    b", "    a\n\n\n    b"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "tidied"), TIDY)
def test_pages_are_tidied(why: str, text: str, tidied: str) -> None:
    assert tidy(text) == tidied, why


@pytest.mark.parametrize("seed", range(examples(quick=6, full=300)))
def test_formatting_never_changes_the_meaning(seed: int, folder: CourseFolder) -> None:
    """Shuffled keys, odd space, comments, Windows line ends: whatever is read, is kept."""
    chance = random.Random(seed)
    for path in sorted(GOOD_FILES):
        if path.endswith((".md", ".yaml")):
            folder.write(path, roughen(folder.text(path), path, chance))
    before, _ = read_course(folder.path)
    if before is None:
        return
    format_in_place(folder)
    assert format_in_place(folder) == {}
    after, _ = read_course(folder.path)
    assert after is not None
    assert (after.units[0].post_test, after.completion, after.objectives) == (
        before.units[0].post_test, before.completion, before.objectives,
    )  # fmt: skip


def roughen(text: str, path: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for number in range(len(lines)):
        if chance.random() < 0.1:
            lines[number] += " " * chance.randrange(1, 4)
        if path == "course.yaml" and lines[number][:1].isalpha() and chance.random() < 0.3:
            lines[number] = f"# note {number}\n{lines[number]}"
        if not lines[number] and chance.random() < 0.3:
            lines[number] = "\n"
    return chance.choice(("\n", "\r\n")).join("\n".join(lines).split("\n"))
