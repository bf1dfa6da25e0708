"""The facts of a course: `course.yaml`."""

from pathlib import Path

from course_format.faults import Report
from course_format.fields import Fields
from course_format.files import ID_RULE, MAX_YAML_BYTES, is_id, read_text
from course_format.reading import Reading
from course_format.source import (
    CompletionRules,
    Course,
    EnrollmentWay,
    Evaluation,
    Instructor,
    Level,
    PostTest,
    Unit,
    UnitOrder,
)
from course_format.test_rules import KEYS as TEST_KEYS
from course_format.test_rules import read_test_rules
from course_format.yaml_file import Mapping, parse_yaml

PATH = "course.yaml"
LEVELS: tuple[Level, ...] = ("Beginning", "Intermediate", "Advanced")
WAYS: tuple[EnrollmentWay, ...] = ("free", "order", "key")
ORDERS: tuple[UnitOrder, ...] = ("units", "any")
CURRENCIES = ("USD",)
KEYS = (
    "code", "title", "summary", "level", "audience", "format", "demonstration", "price",
    "currency", "enrollment", "instructors", "objectives", "units", "assessment_minutes",
    "completion", "access_days", "released", "reviewed", "expires", "approvals", "categories",
    "references", "conflicts", "commercial_support", "system_requirements", "content_notes",
    "not_accepted_in",
)  # fmt: skip
UNIT_KEYS = ("number", "title", "minutes")
INSTRUCTOR_KEYS = ("name", "credentials", "bio")
COMPLETION_KEYS = ("pass_mark", "attempts", "order", "minimum_time", *TEST_KEYS, "declared_time")
DECLARED = {"shown": False, "counted": True}
ADVISORY = "advisory"
MAX_UNITS = 50
MAX_OBJECTIVES = 40


def read_facts(reading: Reading) -> Course | None:
    """Read `course.yaml`, or return None where it cannot be read at all.

    The course has no text, its units no items and no questions yet; they stand in other files.
    """
    mapping = read_yaml(reading.folder, PATH, reading.report)
    if mapping is None:
        return None
    fields = Fields(mapping, PATH, reading.report, KEYS)
    for key in KEYS:
        reading.mark(PATH, fields.line(key), key)
    return Course(
        slug=reading.folder.name,
        about="",
        faq="",
        evaluation=Evaluation("", "", ()),
        code=_code(fields),
        title=fields.text("title", 200),
        summary=fields.text("summary", 1_000),
        level=_level(fields),
        audience=fields.text("audience"),
        format=fields.text("format", 500),
        demonstration=fields.flag("demonstration", default=False),
        price=fields.amount("price"),
        currency=fields.one_of("currency", CURRENCIES),
        enrollment=_enrollment(fields),
        instructors=_instructors(fields),
        objectives=_objectives(fields, reading),
        units=_units(fields, reading),
        assessment_minutes=fields.whole("assessment_minutes", 1, 1_000),
        completion=_completion(fields),
        access_days=fields.whole("access_days", 1, 3_660),
        released=fields.day("released"),
        reviewed=fields.day("reviewed"),
        expires=fields.day("expires"),
        approvals=_ids(fields, "approvals"),
        categories=_plain_texts(fields, "categories"),
        references=_plain_texts(fields, "references", at_least=1),
        conflicts=fields.text("conflicts"),
        commercial_support=fields.text("commercial_support"),
        system_requirements=fields.text("system_requirements"),
        content_notes=fields.text("content_notes"),
        not_accepted_in=fields.text("not_accepted_in"),
    )


def read_yaml(folder: Path, path: str, report: Report) -> Mapping | None:
    """Read a YAML file of facts, or return None after reporting why not."""
    text = read_text(folder, path, report, MAX_YAML_BYTES)
    return None if text is None else parse_yaml(text, path, report)


def _code(fields: Fields) -> str:
    code = fields.text("code", 40)
    if code and not code.replace("-", "").replace(".", "").isalnum():
        fields.wrong("code", "“code” has letters, digits, hyphens and dots only.")
    return code


def _level(fields: Fields) -> Level:
    word = fields.one_of("level", LEVELS)
    return next((level for level in LEVELS if level == word), "Beginning")


def _enrollment(fields: Fields) -> tuple[EnrollmentWay, ...]:
    words = [word for word, _ in fields.texts("enrollment", at_least=1)]
    for word in words:
        if word not in WAYS:
            fields.wrong("enrollment", f"“{word}” is not a way to enroll; use free, order or key.")
    if "free" in words and fields.amount("price"):
        fields.wrong("enrollment", 'Enrollment is free only where the price is "0.00".')
    if "order" in words and not fields.amount("price"):
        fields.wrong("enrollment", 'A course whose price is "0.00" cannot be ordered; use free.')
    return tuple(way for way in WAYS if way in words)


def _instructors(fields: Fields) -> tuple[Instructor, ...]:
    return tuple(
        Instructor(one.text("name", 200), one.text("credentials", 500), one.text("bio"))
        for one in fields.mappings("instructors", INSTRUCTOR_KEYS, at_least=1)
    )


def _objectives(fields: Fields, reading: Reading) -> tuple[str, ...]:
    found = fields.texts("objectives", at_least=1)
    if len(found) > MAX_OBJECTIVES:
        fields.wrong("objectives", f"There are more than {MAX_OBJECTIVES} objectives.")
    for number, (_, line) in enumerate(found, 1):
        reading.mark(PATH, line, "objective", number)
    return tuple(text for text, _ in found)


def _units(fields: Fields, reading: Reading) -> tuple[Unit, ...]:
    units: list[Unit] = []
    for place, one in enumerate(fields.mappings("units", UNIT_KEYS, at_least=1), 1):
        number = one.whole("number", 1, MAX_UNITS)
        if number and number != place:
            one.wrong("number", f"Units are numbered in order; this must be number {place}.")
        reading.mark(PATH, one.line("minutes"), "unit", place)
        title, minutes = one.text("title", 200), one.whole("minutes", 1, 10_000)
        units.append(empty_unit(place, title, minutes))
    return tuple(units[:MAX_UNITS])


def empty_unit(number: int, title: str = "", minutes: int = 0) -> Unit:
    """Return a unit without items and questions."""
    return Unit(number, title, minutes, (), PostTest("", 0, ()))


def _completion(fields: Fields) -> CompletionRules:
    part = fields.part("completion", COMPLETION_KEYS)
    if part is None:
        return CompletionRules(80, 3, "units", None)
    order = part.one_of("order", ORDERS)
    return CompletionRules(
        pass_mark=part.whole("pass_mark", 1, 100),
        attempts=part.whole("attempts", 1, 99),
        order=next((word for word in ORDERS if word == order), "units"),
        minimum_percent=_minimum_percent(part),
        post_tests=read_test_rules(part),
        counts_declared=_counts_declared(part),
    )


def _counts_declared(part: Fields) -> bool:
    """Whether time that learners declare counts; it is shown apart in any case."""
    if not part.has("declared_time"):
        return False
    return DECLARED.get(part.one_of("declared_time", tuple(DECLARED)) or "", False)


def _minimum_percent(part: Fields) -> int | None:
    words = part.text("minimum_time").split()
    if not words or words == [ADVISORY]:
        return None
    digits = words[1].removesuffix("%") if len(words) > 1 else ""
    is_rule = words[0] == "require" and words[2:] in ([], ["%"]) and " ".join(words).endswith("%")
    if is_rule and digits.isascii() and digits.isdecimal() and 1 <= int(digits[:4]) <= 100:
        return int(digits[:4])
    part.wrong("minimum_time", "“minimum_time” must be advisory, or such as “require 80 %”.")
    return None


def _ids(fields: Fields, key: str) -> tuple[str, ...]:
    found = fields.texts(key)
    for text, line in found:
        if not is_id(text):
            fields.report.error(PATH, line, f"“{text}” is not an id. An id has {ID_RULE}.")
    if len({text for text, _ in found}) < len(found):
        fields.wrong(key, f"“{key}” names the same id twice.")
    return tuple(text for text, _ in found)


def _plain_texts(fields: Fields, key: str, at_least: int = 0) -> tuple[str, ...]:
    return tuple(text for text, _ in fields.texts(key, at_least))
