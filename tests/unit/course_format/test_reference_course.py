"""The reference course shows every feature that it promises: counted here, not trusted."""

import contextlib
import re
import zlib
from pathlib import Path

import pytest
import webvtt

from config import PROJECT
from course_format.markdown import word_count
from course_format.mp4 import read_recording
from course_format.read import read_course
from course_format.source import Course, Item

FOLDER = PROJECT / "content" / "cultivating-a-therapeutic-alliance"
MEGABYTES_2 = 2_000_000
UNITS = [50, 30, 40, 50, 50]


def read(folder: Path = FOLDER) -> Course:
    course, faults = read_course(folder)
    assert course is not None, faults
    return course


COURSE = read()
ITEMS = [item for unit in COURSE.units for item in unit.items]
RECORDINGS = [item for item in ITEMS if item.media]
READINGS = [item for item in ITEMS if item.kind == "reading"]


def test_units_and_minutes_are_those_of_the_outline() -> None:
    assert [unit.minutes for unit in COURSE.units] == UNITS
    assert COURSE.total_minutes == 240
    assert COURSE.demonstration


def test_there_are_45_questions_in_five_pools() -> None:
    pools = [unit.post_test.questions for unit in COURSE.units]
    assert [len(pool) for pool in pools] == [9] * 5
    assert [unit.post_test.draw for unit in COURSE.units] == [6] * 5
    questions = [question for pool in pools for question in pool]
    assert all(question.rationale and question.objective for question in questions)
    assert {question.objective for question in questions} == set(range(1, 7))


def test_all_seven_types_are_asked() -> None:
    questions = [question for unit in COURSE.units for question in unit.post_test.questions]
    true_false = [q for q in questions if [c.text for c in q.choices] == ["True", "False"]]
    weighted = [q for q in questions if any(choice.weight for choice in q.choices)]
    assert {q.kind for q in questions} == {
        "single", "multiple", "short", "number", "matching", "ordering",
    }  # fmt: skip
    assert true_false and weighted
    assert any(q.kind == "matching" and any(p.left is None for p in q.pairs) for q in questions)
    assert any(choice.feedback for q in questions for choice in q.choices)


@pytest.mark.parametrize("item", READINGS, ids=lambda item: item.slug)
def test_a_reading_is_long_enough_and_says_what_it_is(item: Item) -> None:
    assert 1_000 <= word_count(item.body) <= 1_500
    assert item.body.startswith("> **Demonstration text.**")
    assert "not the instructor's own text" in item.body.split("\n")[0]


@pytest.mark.parametrize("item", RECORDINGS, ids=lambda item: item.slug)
def test_a_recording_is_small_and_an_excerpt(item: Item) -> None:
    assert item.media is not None and item.media.excerpt
    file = FOLDER / item.media.path
    assert file.stat().st_size < MEGABYTES_2
    assert 60 <= read_recording(file).seconds <= 180
    assert item.media.chapters and item.media.captions


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def spoken(transcript: str) -> str:
    """The words of a transcript that are heard: no headings, nothing of what is seen."""
    lines = [
        line for line in transcript.split("\n")[1:] if not line.startswith(("#", "*On screen"))
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("item", RECORDINGS, ids=lambda item: item.slug)
def test_captions_and_transcript_say_the_same(item: Item) -> None:
    assert item.media is not None
    cues = webvtt.read(FOLDER / item.media.captions)
    assert words_of(" ".join(cue.text for cue in cues)) == words_of(
        spoken(item.media.transcript_text)
    )
    assert all(len(line) <= 42 for cue in cues for line in cue.text.split("\n"))
    assert all(len(cue.text.split("\n")) <= 2 for cue in cues)


@pytest.mark.parametrize("item", RECORDINGS, ids=lambda item: item.slug)
def test_chapters_are_the_headings_of_the_transcript(item: Item) -> None:
    assert item.media is not None and item.media.chapters is not None
    chapters = [cue.text for cue in webvtt.read(FOLDER / item.media.chapters)]
    headings = re.findall(r"^### (?:\d\. )?(.+)$", item.media.transcript_text, re.MULTILINE)
    assert [re.sub(r"^\d\. ", "", chapter) for chapter in chapters] == headings


def test_the_handout_is_an_accessible_pdf() -> None:
    """Tagged, with a title that is shown and a language: PDF/UA."""
    (handout,) = [item.file for item in ITEMS if item.file]
    data = (FOLDER / handout).read_bytes()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        with contextlib.suppress(zlib.error):
            data += zlib.decompress(packed)
    for sign in (
        b"/StructTreeRoot",
        b"/Marked true",
        b"/Lang (en-US)",
        b"/DisplayDocTitle true",
        b"pdfuaid:part",
        b"/S /H1",
        b"/S /TH",
        b"/Title (Strategies for Defusing",
    ):
        assert sign in data, sign


def test_every_objective_is_taught_and_its_items_are_named() -> None:
    assert {number for item in ITEMS for number in item.objectives} == set(range(1, 7))
    assert all(item.objectives for item in ITEMS)


@pytest.mark.parametrize(
    "name", ["cultivating-a-therapeutic-alliance", "finding-your-way-around-this-learning-center"]
)
def test_each_course_answers_what_is_often_asked(name: str) -> None:
    assert read(PROJECT / "content" / name).faq.count("### ") >= 3
