"""Faults of course.yaml: each fact missing, mistyped, mistaken."""

import pytest

from course_format.course_facts import KEYS
from tests.unit.course_format.folders import COURSE_YAML, CourseFolder
from tests.unit.course_format.spoiling import Spoiled

COURSE = "course.yaml"
OPTIONAL = {"demonstration", "approvals", "categories"}

SPOILED = [
    Spoiled("a misspelled key is understood", COURSE, "audience:", "audiance:", "audiance",
            "Did you mean “audience”?"),
    Spoiled("a key of nothing known is refused", COURSE, "code:", "zzz: 1\ncode:", "zzz",
            "“zzz” is not a fact of this file."),
    Spoiled("a key is written once", COURSE, "level:", "title: Again\nlevel:", "title: Again",
            "“title” is here twice; it is already on line 2."),
    Spoiled("a key inside a unit is known, too", COURSE, "minutes: 10", "minuts: 10", "minuts",
            "Did you mean “minutes”?"),
    Spoiled("money without quotes would lose its cents", COURSE, '"12.00"', "12.00", "price",
            "“price” must be an amount in quotes"),
    Spoiled("money has two decimals", COURSE, '"12.00"', '"12"', "price", "two decimals"),
    Spoiled("a comma is no decimal point", COURSE, '"12.00"', '"12,00"', "price", "two decimals"),
    Spoiled("a level is one of three", COURSE, "Intermediate", "Intermediat", "level",
            "Did you mean “Intermediate”?"),
    Spoiled("a currency is one we can charge", COURSE, "USD", "EUR", "currency", "one of USD"),
    Spoiled("a number in quotes is a text", COURSE, "access_days: 365", 'access_days: "365"',
            "access_days", "must be a whole number"),
    Spoiled("a number in words is a text", COURSE, "access_days: 365", "access_days: a year",
            "access_days", "must be a whole number"),
    Spoiled("access lasts at least a day", COURSE, "access_days: 365", "access_days: 0",
            "access_days", "must be between 1 and"),
    Spoiled("nobody can pass above 100 %", COURSE, "pass_mark: 80", "pass_mark: 101", "pass_mark",
            "must be between 1 and 100"),
    Spoiled("a day is written with the year first", COURSE, "expires: 2029-08-31",
            "expires: 08/31/2029", "expires", "must be a day such as"),
    Spoiled("a day is in the calendar", COURSE, "released: 2026-09-01", "released: 2026-09-31",
            "released", "must be a day such as"),
    Spoiled("a course cannot expire before it is released", COURSE, "expires: 2029-08-31",
            "expires: 2026-08-31", "expires", "must be later than"),
    Spoiled("content older than three years needs a review", COURSE, "expires: 2029-08-31",
            "expires: 2029-09-02", "expires", "More than 3 years", "warning"),
    Spoiled("the end of time is no exception", COURSE,
            "reviewed: 2026-09-01\nexpires: 2029-08-31",
            "reviewed: 9999-09-01\nexpires: 9999-12-31", "approvals",
            "not as long as the course", "warning"),
    Spoiled("objectives can be surveyed", COURSE, "objectives:\n",
            "objectives:\n" + "  - Name it\n" * 40, "objectives", "more than 40 objectives"),
    Spoiled("a list is not one text", COURSE, "enrollment: [key]", "enrollment: key", "enrollment",
            "“enrollment” must be a list."),
    Spoiled("there is some way to enroll", COURSE, "enrollment: [key]", "enrollment: []",
            "enrollment", "needs at least 1"),
    Spoiled("a way to enroll is a known one", COURSE, "[key]", "[keys]", "enrollment",
            "“keys” is not a way to enroll"),
    Spoiled("what costs money is not free", COURSE, "[key]", "[free]", "enrollment",
            "only where the price is"),
    Spoiled("one text is not a list", COURSE, "title: Listening to Families", "title: [a, b]",
            "title", "must be one value"),
    Spoiled("an objective is a text", COURSE, "- Apply one of them in a session", "- [a]",
            "- [a]", "Each entry of “objectives” must be a text."),
    Spoiled("an objective is not empty", COURSE, "- Apply one of them in a session", "-",
            "  -\n", "Each entry of “objectives” must be a text."),
    Spoiled("an instructor has three facts", COURSE, "  - name: Bob Instructor, PhD\n",
            "  - Alice\n  - name: Bob Instructor, PhD\n", "- Alice",
            "must have the keys name, credentials, bio"),
    Spoiled("an instructor without credentials is no instructor", COURSE,
            "    credentials: PhD, licensed psychologist\n", "", "- name",
            "“credentials” is missing"),
    Spoiled("the rules of completion are a group", COURSE,
            "completion: {pass_mark: 80, attempts: 3, order: units, minimum_time: advisory}",
            "completion: usual", "completion", "must have the keys pass_mark"),
    Spoiled("an order is known", COURSE, "order: units", "order: unit", "order: unit",
            "Did you mean “units”?"),
    Spoiled("a minimum time is advisory or required", COURSE, "minimum_time: advisory",
            "minimum_time: strict", "minimum_time", "must be advisory, or such as"),
    Spoiled("declared time is shown or counted", COURSE, "minimum_time: advisory",
            "minimum_time: advisory, declared_time: maybe", "declared_time", "must be one of"),
    Spoiled("a required share has a number", COURSE, "minimum_time: advisory",
            'minimum_time: "require some %"', "minimum_time", "must be advisory, or such as"),
    Spoiled("a required share is at most all of it", COURSE, "minimum_time: advisory",
            'minimum_time: "require 101 %"', "minimum_time", "must be advisory, or such as"),
    Spoiled("units are numbered in order", COURSE, "number: 2", "number: 3", "number: 3",
            "this must be number 2"),
    Spoiled("an approval is an id", COURSE, "[test-psych]", "[Test Psych]", "approvals",
            "“Test Psych” is not an id"),
    Spoiled("an approval is named once", COURSE, "[test-psych]", "[test-psych, test-psych]",
            "approvals", "names the same id twice"),
    Spoiled("an approval is the provider's", COURSE, "[test-psych]", "[test-psyche]", "approvals",
            "Did you mean “test-psych”?"),
    Spoiled("a title fits its page", COURSE, "Listening to Families", "Listening " * 30, "title",
            "longer than 200 characters"),
    Spoiled("a code has no spaces", COURSE, "TST-101", "TST 101", "code", "letters, digits"),
    Spoiled("“View” cannot be observed", COURSE, "Identify the signs", "View the signs",
            "View the signs", "Objective 1 cannot be measured: “view”", "warning"),
    Spoiled("a lead does not hide the verb", COURSE, "Identify the signs",
            "Participants will be able to understand the signs", "Participants will",
            "“understand” cannot be observed", "warning"),
    Spoiled("every objective is tested", COURSE, "  - Apply one of them in a session\n",
            "  - Apply one of them in a session\n  - Compare two sessions\n", "Compare",
            "No question tests objective 4.", "warning"),
    Spoiled("three objectives are the least", COURSE, "  - Apply one of them in a session\n", "",
            "objectives", "2 objectives are few", "warning"),
    Spoiled("a question's objective exists", COURSE, "  - Apply one of them in a session\n", "",
            "## how-many", "There is no objective 3; course.yaml has 2.", where="tests/1.md"),
    Spoiled("a unit has items", COURSE, "  - {number: 2, title: Answering, minutes: 10}\n",
            "  - {number: 2, title: Answering, minutes: 10}\n"
            "  - {number: 3, title: Leaving, minutes: 10}\n",
            "number: 3", "Unit 3 has no items"),
    Spoiled("a unit's folder is announced", COURSE,
            "  - {number: 2, title: Answering, minutes: 10}\n", "", "",
            "There is no unit 2 in course.yaml.", where="tests/2.md"),
    Spoiled("items add up to their unit", COURSE, "title: Hearing, minutes: 10",
            "title: Hearing, minutes: 11", "title: Hearing",
            "The items of unit 1 add up to 10 minutes, not to 11."),
    Spoiled("optional items earn nothing", COURSE, "title: Answering, minutes: 10",
            "title: Answering, minutes: 14", "title: Answering",
            "(optional ones do not count) add up to 10 minutes"),
    Spoiled("declared minutes are borne out", COURSE, "assessment_minutes: 10",
            "assessment_minutes: 40", "units:", "more than 20 % apart", "warning"),
    Spoiled("too few minutes grant nothing", COURSE, "assessment_minutes: 10",
            "assessment_minutes: 9", "units:", "29 minutes grant nothing", "warning"),
    Spoiled("minutes that earn nothing are told", COURSE, "assessment_minutes: 10",
            "assessment_minutes: 14", "units:", "4 minutes are rounded away", "note"),
]  # fmt: skip


@pytest.mark.parametrize("case", SPOILED, ids=str)
def test_a_spoiled_fact_is_found(case: Spoiled, folder: CourseFolder) -> None:
    case.prove(folder)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in OPTIONAL])
def test_every_fact_of_the_course_page_must_be_there(key: str, folder: CourseFolder) -> None:
    lines = COURSE_YAML.split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
    stop = start + 1
    while lines[stop].startswith(" "):
        stop += 1
    folder.write("course.yaml", "\n".join(lines[:start] + lines[stop:]))
    assert f"“{key}” is missing." in [fault.message for fault in folder.faults()]


def test_what_is_empty_is_missing(folder: CourseFolder) -> None:
    for empty in ('""', "~", "null", ""):
        folder.write(
            "course.yaml", COURSE_YAML.replace("conflicts: None declared.", f"conflicts: {empty}")
        )
        assert [fault.message for fault in folder.faults()] == ["“conflicts” is missing."]


def test_one_fault_does_not_hide_another(folder: CourseFolder) -> None:
    folder.replace("course.yaml", "code: TST-101\n", "")
    folder.replace("tests/1.md", "- (x) Waits", "- ( ) Waits")
    folder.replace("evaluation.md", "{scale}", "{scales}")
    assert {fault.path for fault in folder.faults()} == {
        "course.yaml",
        "tests/1.md",
        "evaluation.md",
    }


def test_few_questions_for_the_hours(folder: CourseFolder) -> None:
    folder.replace("course.yaml", "assessment_minutes: 10", "assessment_minutes: 130")
    said = [fault.message for fault in folder.faults() if fault.severity == "warning"]
    assert any("A learner answers 6 questions for 2 hours" in message for message in said)


def test_minutes_of_a_demonstration_are_noted(folder: CourseFolder) -> None:
    folder.replace("course.yaml", "price:", "demonstration: true\nprice:")
    folder.replace("course.yaml", "assessment_minutes: 10", "assessment_minutes: 40")
    folder.replace("units/1-hearing/01-hearing.md", "duration: 300", "duration: 300\nexcerpt: true")
    folder.write(
        "units/1-hearing/02-the-quiet-room.md",
        "---\ntitle: Short\nkind: reading\nminutes: 5\n---\n\nOne two three. [a](media/handout.pdf)"
        " ![b](media/chairs.png)\n",
    )
    assert {fault.severity for fault in folder.faults()} == {"note"}
    assert any("an excerpt of 300 s" in fault.message for fault in folder.faults())
