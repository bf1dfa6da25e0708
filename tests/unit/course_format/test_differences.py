"""What differs between two versions of a course: in words, and whether a correction may do it."""

import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from course_format import differences as module
from course_format import differences_of_tests as tests_module
from course_format import source
from course_format.differences import Change, Version, compare_courses
from course_format.hashing import file_hash, list_course_files
from course_format.read import read_course
from course_format.wording import compare_texts
from tests.unit.course_format.folders import (
    READING_PATH,
    TEST_1,
    UNIT_2,
    VIDEO_PATH,
    CourseFolder,
    recording,
)

AUDIO_PATH = f"{UNIT_2}/01-answering.md"
LINK_PATH = f"{UNIT_2}/04-a-page.md"
UNIT_2_LINE = "  - {number: 2, title: Answering, minutes: 10}\n"


def version_of(folder: CourseFolder) -> Version:
    course, faults = read_course(folder.path)
    assert course is not None, faults
    paths = list_course_files(folder.path)
    return Version(course, {path: file_hash(folder.path / path) for path in paths})


Edit = Callable[[CourseFolder], None]


def replacing(path: str, old: str, new: str) -> Edit:
    return lambda folder: folder.replace(path, old, new)


def differences(folder: CourseFolder, *edits: Edit) -> list[Change]:
    before = version_of(folder)
    for edit in edits:
        edit(folder)
    return compare_courses(before, version_of(folder))


CORRECTIONS = [
    ("a typing error in a reading", replacing(READING_PATH, "listening listening", "Listening"),
     "Unit 1, “The Quiet Room”: in the text, "),
    ("a link in a reading", replacing(READING_PATH, "org/page", "org/pages"), "org/pages"),
    ("the title of an item", replacing(READING_PATH, "The Quiet Room", "The Quiet Rooms"),
     "its title is now “The Quiet Rooms”"),
    ("the title of a unit", replacing("course.yaml", "title: Hearing", "title: Hearings"),
     "Unit 1: the title “Hearing” is now “Hearings”."),
    ("the source of a reading", replacing(READING_PATH, "A Book of", "The Book of"),
     "its source is now “The Book of Readings”"),
    ("what an item is said to teach",
     replacing(LINK_PATH, "kind: link", "kind: link\nobjectives: [1]"),
     "the objectives that it is said to teach: 1 now."),
    ("where a link leads", replacing(LINK_PATH, "/listening", "/hearing"),
     "the link leads to https://example.org/hearing now."),
    ("captions", replacing("media/hearing.vtt", "Welcome", "welcome"),
     "the captions are corrected"),
    ("chapters", replacing("media/hearing.chapters.vtt", "Beginning", "Start"), "the chapters are"),
    ("a transcript", replacing("media/hearing.md", "Thank you", "Thanks"), "the transcript is"),
    ("a picture of a text", lambda f: f.write("media/chairs.png", b"\x89PNG other"),
     "media/chairs.png is replaced."),
    ("a poster", lambda f: f.write("media/hearing.webp", b"RIFF other"), "the poster is corrected"),
    ("what a poster shows", replacing(VIDEO_PATH, "Two people", "Three people"),
     "the text alternative of the poster is corrected"),
    ("a handout", lambda f: f.write("media/handout.pdf", b"%PDF-1.7 other"),
     "“A sheet for the session”: the handout is replaced."),
    ("a better take of the same recording",
     lambda f: f.write("media/answering.m4a", recording(300.9, (b"mp4a",))),
     "the recording is replaced: 300 s before, 300 s now."),
    ("a recording with its silence cut",
     lambda f: (f.write("media/answering.m4a", recording(290, (b"mp4a",))),
                f.replace(AUDIO_PATH, "duration: 300", "duration: 290")),
     "300 s before, 290 s now."),
    ("the description", replacing("about.md", "most of the work", "half the work"),
     "The description: 2 of 13 words differ: “most of” is now “half”."),
    ("the summary", replacing("course.yaml", "How to listen", "How one listens"), "The summary"),
    ("a reference", replacing("course.yaml", "A book about", "The book about"), "references"),
    ("an answer to a question often asked", lambda f: f.write("faq.md", "### Why?\n\nSo.\n"),
     "The frequently asked questions"),
    ("who the instructor is", replacing("course.yaml", "twenty years", "thirty years"),
     "About the instructors"),
    ("the title of a test", replacing("tests/1.md", "Post-test for", "Test for"),
     "Unit 1, post-test: its title is now “Test for unit 1”."),
    ("the wording of the evaluation", replacing("evaluation.md", "How well can", "How well could"),
     "the question “objectives” is worded differently"),
    ("the introduction of the evaluation", replacing("evaluation.md", "ratings", "rating"),
     "its title or introduction"),
    ("nothing but space", replacing("course.yaml", "code: TST-101\n", "code:   TST-101\n"),
     "course.yaml is written differently and means the same."),
]  # fmt: skip

NEW_EDITIONS = [
    ("the minutes of an item and its unit",
     lambda f: (f.replace(READING_PATH, "minutes: 5", "minutes: 6"),
                f.replace("course.yaml", "Hearing, minutes: 10", "Hearing, minutes: 11")),
     "5 minutes are now 6."),
    ("the minutes of a unit", replacing("course.yaml", "Hearing, minutes: 10",
     "Hearing, minutes: 9"),
     "Unit 1: the number of minutes was “10” and is now “9”."),
    ("the minutes of the tests", replacing("course.yaml", "nt_minutes: 10", "nt_minutes: 11"),
     "The minutes of post-tests and evaluation was “10”"),
    ("an objective", replacing("course.yaml", "Identify the signs", "Name the signs"),
     "Objective 1 was “Identify the signs of listening” and is now “Name the signs of listening”."),
    ("one more objective",
     replacing("course.yaml", "  - Apply one", "  - Compare two\n  - Apply one"),
     "Objective 4 is added"),
    ("what a question asks", replacing("tests/1.md", "do first?", "do last?"),
     "of the question “what-listening-is”, what it asks changed."),
    ("the key", replacing("tests/1.md", "- (x) True\n- ( ) False", "- ( ) True\n- (x) False"),
     "of the question “quiet”, its options changed."),
    ("a rationale", replacing("tests/1.md", "> It is.", "> It is so."), "its rationale changed."),
    ("a typing error in a question", replacing("tests/1.md", "names it?", "names It?"),
     "“word”, what it asks changed."),
    ("the tolerance", replacing("tests/1.md", "3 +- 0", "3 +- 1"), "its tolerance changed."),
    ("which objective is tested", replacing("tests/1.md", "word {objective=2}",
     "word {objective=3}"),
     "the objective it tests changed."),
    ("a question goes", lambda f: f.write("tests/1.md", TEST_1[: TEST_1.index("## pairs")]),
     "the question “pairs” is gone."),
    ("a question comes", lambda f: f.write("tests/1.md", TEST_1 + TEST_1[TEST_1.index("## pairs"):]
                                           .replace("## pairs", "## more")),
     "the question “more” is added."),
    ("how many are drawn", replacing("tests/1.md", "draw: 4", "draw: 3"),
     "4 questions were drawn, 3 are now."),
    ("the pass mark", replacing("course.yaml", "pass_mark: 80", "pass_mark: 75"),
     "The pass mark was “80” and is now “75”."),
    ("the attempts", replacing("course.yaml", "attempts: 3", "attempts: 2"), "number of attempts"),
    ("the order", replacing("course.yaml", "order: units", "order: any"), "order of units"),
    ("the time limit", replacing("course.yaml", "minimum_time: advisory", "minimum_time: advisory,"
     " time_limit: 60, time_limit_reason: The board of tests demands it"),
     "The time limit of a post-test in minutes is added: “60”."),
    ("the minimum time", replacing("course.yaml", ": advisory", ': "require 50 %"'),
     "The minimum time in percent is added: “50”."),
    ("the price", replacing("course.yaml", '"12.00"', '"10.00"'),
     "The price was “12.00” and is now “10.00”."),
    ("the approvals", replacing("course.yaml", "[test-psych]", "[]"), "list of approvals is gone"),
    ("the title of the course", replacing("course.yaml", "title: Listening to", "title: Hearing"),
     "The title was"),
    ("who teaches", replacing("course.yaml", "Bob Instructor, PhD", "Carol Other, PhD"),
     "The list of instructors was"),
    ("how long access lasts", replacing("course.yaml", "365", "180"), "days of access was “365”"),
    ("a disclosure", replacing("course.yaml", "None declared.", "Much."), "conflicts of interest"),
    ("an item that turns optional", replacing(READING_PATH, "minutes: 5",
     "minutes: 5\nrequired: false"),
     "it is optional now."),
    ("an item goes", lambda f: f.remove(LINK_PATH), "Unit 2, “A page elsewhere” is gone."),
    ("an item comes", lambda f: f.write(f"{UNIT_2}/05-more.md", f.text(LINK_PATH)),
     "Unit 2, “A page elsewhere” is added."),
    ("an item of another kind",
     lambda f: f.write(LINK_PATH, "---\ntitle: A page elsewhere\nkind: handout\nminutes: 2\n"
                                  "required: false\nfile: media/handout.pdf\n---\n"),
     "the link is now a handout."),
    ("a recording that is called an excerpt",
     lambda f: (f.replace(AUDIO_PATH, "duration:", "excerpt: true\nduration:"),
                f.replace("course.yaml", "price:", "demonstration: true\nprice:")),
     "the recording is an excerpt."),
    ("questions in another order",
     lambda f: f.write("tests/1.md", TEST_1[: TEST_1.index("## word")]
                       + TEST_1[TEST_1.index("## how-many"):]
                       + TEST_1[TEST_1.index("## word"): TEST_1.index("## how-many")]),
     "the questions stand in another order."),
    ("a unit goes", lambda f: (f.replace("course.yaml", UNIT_2_LINE, ""), f.remove("tests/2.md"),
                               [file.unlink() for file in (f.path / UNIT_2).iterdir()]),
     "Unit 2, “Answering”, is gone."),
    ("an objective goes", replacing("course.yaml", "  - Describe three ways of listening\n", ""),
     "Objective 3 is gone"),
    ("an item moves up", lambda f: (f.path / LINK_PATH).rename(f.path / UNIT_2 / "00-a-page.md"),
     "the items stand in another order."),
    ("a new text under the old name",
     replacing(READING_PATH, "listening " * 90, "speaking " * 90), "words differ: “listening"),
    ("a shorter recording",
     lambda f: (f.write("media/answering.m4a", recording(270, (b"mp4a",))),
                f.replace(AUDIO_PATH, "duration: 300", "duration: 270")),
     "300 s before, 270 s now."),
    ("sound instead of a picture",
     lambda f: (f.write("media/hearing.m4a", recording(300, (b"mp4a",))),
                f.replace(VIDEO_PATH, "hearing.mp4", "hearing.m4a")), "the recording is replaced"),
    ("an option of the evaluation", replacing("evaluation.md", "- too long", "- far too long"),
     "its questions or their options changed."),
]  # fmt: skip


@pytest.mark.parametrize(("why", "edit", "says"), CORRECTIONS, ids=[c[0] for c in CORRECTIONS])
def test_a_correction_is_one(why: str, edit: Edit, says: str, folder: CourseFolder) -> None:
    found = differences(folder, edit)
    assert any(says in change.words for change in found), found
    assert all(change.is_correction for change in found), found


@pytest.mark.parametrize(("why", "edit", "says"), NEW_EDITIONS, ids=[c[0] for c in NEW_EDITIONS])
def test_what_earns_credit_needs_an_edition(
    why: str, edit: Edit, says: str, folder: CourseFolder
) -> None:
    found = differences(folder, edit)
    assert any(says in change.words and not change.is_correction for change in found), found


def test_a_picture_of_a_question_is_part_of_it(folder: CourseFolder) -> None:
    folder.replace(
        "tests/1.md", "Listening is quiet work.", "Is it?\n\n![Chairs](media/chairs.png)"
    )
    found = differences(folder, lambda f: f.write("media/chairs.png", b"\x89PNG other"))
    assert [change.words for change in found if not change.is_correction] == [
        "Unit 1, post-test: of the question “quiet”, its pictures changed."
    ]


def test_a_unit_comes(folder: CourseFolder, tmp_path: Path) -> None:
    other = CourseFolder(tmp_path / "before")
    other.replace("course.yaml", UNIT_2_LINE, "")
    other.remove("tests/2.md")
    for file in (other.path / UNIT_2).iterdir():
        file.unlink()
    found = compare_courses(version_of(other), version_of(folder))
    assert found[-1] == Change("Unit 2, “Answering”, is added.", is_correction=False)


def test_a_picture_of_the_course_page_is_corrected(folder: CourseFolder) -> None:
    folder.replace("about.md", "Listening", "![Chairs](media/chairs.png) Listening")
    found = differences(folder, lambda f: f.write("media/chairs.png", b"\x89PNG other"))
    assert found[0] == Change("On the course page, media/chairs.png is replaced.", True)


def test_nothing_differs(folder: CourseFolder, tmp_path: Path) -> None:
    assert differences(folder) == []


def test_the_list_of_facts_is_whole(folder: CourseFolder) -> None:
    """A fact that is added to the format must be compared, too: every one is named somewhere."""
    known = {*module.CORRECTED_FREELY, *module._COMPARED_APART, *module._NAMES}
    assert {field.name for field in fields(source.Course)} == known
    rules = {f.name for kind in (source.CompletionRules, source.TestRules) for f in fields(kind)}
    assert rules == {*module._RULES, "post_tests"}
    assert {field.name for field in fields(source.Question)} == {"id", *tests_module._PARTS}


COMPARED = {
    source.Item: "slug title kind minutes required origin body media file url objectives",
    source.Media: "path duration captions transcript transcript_text chapters poster poster_alt"
    " excerpt",
    source.Unit: "number title minutes items post_test",
    source.PostTest: "title draw questions",
    source.Evaluation: "title intro questions",
    source.EvaluationQuestion: "id kind prompt options optional",
    source.Instructor: "name credentials bio",
}


@pytest.mark.parametrize("kind", COMPARED)
def test_whatever_is_added_to_the_format_is_compared(kind: type) -> None:
    """Whoever adds a field decides here, and in the comparison, what its change means."""
    assert [field.name for field in fields(kind)] == COMPARED[kind].split()


def words(number: int, of: str = "word") -> str:
    """Different words, ten in each paragraph."""
    return "".join(f"{of}{n}{' ' if n % 10 else chr(10) * 2}" for n in range(number))


APART = [
    ("nothing", "a b c", "a  b\nc", 0, True),
    ("a few words of a short text", "a b c", "x y z", 3, True),
    ("twenty words", words(100), words(20, "other") + words(100)[len(words(20)):], 20, True),
    ("twenty-one of a hundred", words(100), words(21,
     "x") + words(100)[len(words(21)):], 21, False),
    ("one in twenty of a long text", words(1000), words(50, "x") + words(1000)[len(words(50)):],
     50, True),
    ("more than that", words(1000), words(51, "x") + words(1000)[len(words(51)):], 51, False),
    ("a text twice as long", words(100), words(200), 100, False),
    ("the same words in another order", words(100), "\n".join(reversed(words(100).split("\n"))),
     178, False),
    ("one word of a text without paragraphs", "w " * 9_000, "w " * 4_000 + "v " + "w " * 4_999, 1,
     True),
]  # fmt: skip


@pytest.mark.parametrize(("why", "before", "after", "differing", "is_correction"), APART)
def test_words_are_counted(
    why: str, before: str, after: str, differing: int, is_correction: bool
) -> None:
    apart = compare_texts(before, after)
    assert (apart.differing, apart.is_correction) == (differing, is_correction), why


def test_long_texts_are_compared_in_time() -> None:
    before = "\n".join(f"word{n % 50}" for n in range(20_000))
    after = "\n".join(f"word{n % 49}" for n in range(20_000))
    start = time.process_time()
    assert not compare_texts(before, after).is_correction
    assert time.process_time() - start < 2
