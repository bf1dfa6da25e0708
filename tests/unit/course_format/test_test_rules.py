"""What a course says of its post-tests, and what its items say they teach."""

import pytest

from course_format.read import read_course
from course_format.source import TestRules
from tests.unit.course_format.folders import CourseFolder

PLAIN = "minimum_time: advisory"
REASON = '"The board of testing allows one hour for each."'


def with_rules(folder: CourseFolder, rules: str) -> list[str]:
    """The faults of course.yaml where `completion` says this, too."""
    folder.replace("course.yaml", PLAIN, f"{PLAIN}, {rules}")
    return [fault.message for fault in folder.faults() if fault.path == "course.yaml"]


def test_what_is_not_said_is_as_by_default(folder: CourseFolder) -> None:
    course, _ = read_course(folder.path)
    assert course is not None
    assert course.completion.post_tests == TestRules(None, "", 0, "objectives", "rationales")


def test_everything_may_be_said(folder: CourseFolder) -> None:
    said = (
        f"time_limit: 60, time_limit_reason: {REASON}, retry_after_hours: 24, "
        "feedback_not_passed: score, feedback_passed: answers"
    )
    assert with_rules(folder, said) == []
    course, _ = read_course(folder.path)
    assert course is not None
    rules = course.completion.post_tests
    assert (rules.time_limit_minutes, rules.retry_after_hours) == (60, 24)
    assert (rules.feedback_not_passed, rules.feedback_passed) == ("score", "answers")
    assert rules.time_limit_reason.startswith("The board of testing")


@pytest.mark.parametrize(
    ("why", "rules", "words"),
    [
        ("no reason", "time_limit: 60", "needs “time_limit_reason”"),
        ("hardly a reason", "time_limit: 60, time_limit_reason: Rules.", "needs “time_limit_rea"),
        ("no limit", f"time_limit_reason: {REASON}", "but no “time_limit”"),
        ("no time", f"time_limit: 0, time_limit_reason: {REASON}", "between 1 and 600"),
        ("no number", f"time_limit: soon, time_limit_reason: {REASON}", "must be a whole number"),
        ("too long", "retry_after_hours: 9999", "between 1 and 720"),
        ("unknown feedback", "feedback_passed: everything", "must be one of rationales"),
        ("a key after failing", "feedback_not_passed: answers", "must be one of objectives, score"),
    ],
)
def test_rules_that_make_no_sense(folder: CourseFolder, why: str, rules: str, words: str) -> None:
    assert any(words in message for message in with_rules(folder, rules)), why


def test_items_name_what_they_teach(folder: CourseFolder) -> None:
    path = _item_paths(folder)[0]
    folder.replace(path, "kind:", "objectives: [2, 1, 2]\nkind:")
    course, _ = read_course(folder.path)
    assert course is not None
    assert course.units[0].items[0].objectives == (1, 2)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("[one]", "must be numbers of objectives"),
        ("[0]", "must be numbers of objectives"),
        ("1", "must be a list"),
        ("[77]", "There is no objective 77"),
    ],
)
def test_items_teach_objectives_that_are(folder: CourseFolder, said: str, words: str) -> None:
    path = _item_paths(folder)[0]
    folder.replace(path, "kind:", f"objectives: {said}\nkind:")
    faults = [fault for fault in folder.faults() if fault.path == path]
    assert any(words in fault.message and fault.line == 3 for fault in faults)


def test_an_objective_that_nothing_teaches_is_told_where_items_say_so(folder: CourseFolder) -> None:
    assert not any("teaches objective" in fault.message for fault in folder.faults())
    folder.replace(_item_paths(folder)[0], "kind:", "objectives: [1]\nkind:")
    said = [fault for fault in folder.faults() if "teaches objective" in fault.message]
    assert said and {fault.severity for fault in said} == {"warning"}


def _item_paths(folder: CourseFolder) -> list[str]:
    return sorted(
        path.relative_to(folder.path).as_posix() for path in folder.path.glob("units/*/*.md")
    )
