"""What is written for authors is what is read: the guide's examples, and the editors' schema."""

import json
import re
from typing import Any

import pytest

from config import PROJECT
from course_format import course_facts, items
from course_format.check import check_course
from course_format.course_facts import COMPLETION_KEYS, INSTRUCTOR_KEYS, KEYS, UNIT_KEYS
from course_format.post_test import read_post_test
from course_format.provider import APPROVAL_KEYS
from course_format.read import read_folder
from course_format.statement_patterns import WORDS as STATEMENT_WORDS
from tests.unit.course_format.folders import CourseFolder

GUIDE = (PROJECT / "docs" / "authoring.md").read_text(encoding="utf-8")
SCHEMA = json.loads((PROJECT / "course_format" / "course.schema.json").read_text(encoding="utf-8"))
EXAMPLES = re.findall(r"```(markdown|yaml)\n(.*?)```\n", GUIDE, re.DOTALL)
COURSES = sorted(file.parent for file in PROJECT.glob("content/*/course.yaml"))


def examples_with(word: str) -> list[str]:
    return [text for _, text in EXAMPLES if word in text]


def test_every_question_of_the_guide_is_one(folder: CourseFolder) -> None:
    questions = "\n".join(examples_with("{objective="))
    folder.write("tests/1.md", f"---\ntitle: Post-test\ndraw: 5\n---\n\n{questions}")
    reading, _ = read_folder(folder.path)
    post_test = read_post_test(1, reading)
    assert reading.report.faults() == []
    assert {question.kind for question in post_test.questions} == {
        "single", "multiple", "short", "number", "matching", "ordering",
    }  # fmt: skip


def test_the_evaluation_of_the_guide_is_one(folder: CourseFolder) -> None:
    folder.write("evaluation.md", examples_with("## bias {choice}")[0])
    assert folder.faults() == []


def test_the_facts_of_the_guide_are_some(folder: CourseFolder) -> None:
    folder.write("course.yaml", examples_with("code: CTA-101")[0])
    of_the_rest = re.compile("has no approval|add up to")
    said = [fault.message for fault in folder.faults() if fault.path == "course.yaml"]
    assert [message for message in said if "must be" in message or "is missing" in message] == []
    assert any(of_the_rest.search(message) for message in said)


@pytest.mark.parametrize(
    "word", sorted({*KEYS, *items.ALL_KEYS, *COMPLETION_KEYS, *APPROVAL_KEYS, *STATEMENT_WORDS})
)
def test_the_guide_names_every_fact(word: str) -> None:
    assert re.search(rf"\b{word}\b", GUIDE)


def test_the_schema_names_the_same_facts() -> None:
    properties: dict[str, Any] = SCHEMA["properties"]
    assert tuple(properties) == KEYS
    assert tuple(properties["completion"]["properties"]) == COMPLETION_KEYS
    assert tuple(properties["units"]["items"]["properties"]) == UNIT_KEYS
    assert tuple(properties["instructors"]["items"]["properties"]) == INSTRUCTOR_KEYS
    assert tuple(properties["level"]["enum"]) == course_facts.LEVELS
    assert set(KEYS) - set(SCHEMA["required"]) == {"demonstration", "approvals", "categories"}


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_the_courses_of_the_product_have_no_fault(course: Any) -> None:
    assert [str(fault) for fault in check_course(course) if fault.severity != "note"] == []
