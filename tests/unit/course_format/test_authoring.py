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


def numbers_of_the_schema(node: dict[str, Any], name: str = "") -> list[tuple[str, int, int]]:
    """Name, least and greatest of every whole number that the schema describes."""
    if node.get("type") == "integer":
        return [(name, node["minimum"], node["maximum"])]
    inner = node.get("properties", node.get("items", {}).get("properties", {}))
    return [found for key, child in inner.items() for found in numbers_of_the_schema(child, key)]


WRITTEN = {
    "number": "{number: 2, title: Answering", "minutes": "Hearing, minutes: 10",
    "assessment_minutes": "assessment_minutes: 10", "access_days": "access_days: 365",
    "pass_mark": "pass_mark: 80", "attempts": "attempts: 3",
}  # fmt: skip
"""Where each number stands in the good course; the others are optional and stand after `order`."""


@pytest.mark.parametrize(("name", "least", "most"), numbers_of_the_schema(SCHEMA))
def test_the_schema_has_the_bounds_of_the_reader(
    name: str, least: int, most: int, folder: CourseFolder
) -> None:
    before = folder.text("course.yaml")
    old = WRITTEN.get(name, "order: units")
    for number, is_within in ((least, True), (most, True), (least - 1, False), (most + 1, False)):
        new = re.sub(r"\b\d+", str(number), old, count=1)
        if name not in WRITTEN:
            new = f"{old}, {name}: {number}"
        folder.write("course.yaml", before.replace(old, new, 1))
        said = [f.message for f in folder.faults() if f"“{name}” must be between" in f.message]
        assert (said == []) == is_within, (number, said)


def test_the_schema_has_the_words_of_the_reader(folder: CourseFolder) -> None:
    for name, old in (
        ("level", "level: Intermediate"),
        ("currency", "currency: USD"),
        ("order", "order: units"),
    ):
        node = (
            SCHEMA["properties"].get(name) or SCHEMA["properties"]["completion"]["properties"][name]
        )
        before = folder.text("course.yaml")
        for word in node["enum"]:
            folder.write("course.yaml", before.replace(old, f"{name}: {word}"))
            assert not [f for f in folder.faults() if "must be one of" in f.message]
        folder.write("course.yaml", before.replace(old, f"{name}: other"))
        listed = next(f.message for f in folder.faults() if "must be one of" in f.message)
        assert all(word in listed for word in node["enum"])
        folder.write("course.yaml", before)


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_the_courses_of_the_product_have_no_fault(course: Any) -> None:
    assert [str(fault) for fault in check_course(course) if fault.severity != "note"] == []
