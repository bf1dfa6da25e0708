"""Reading a course folder into a `Course`, or into the list of what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from course_format import course_facts
from course_format.course_facts import empty_unit
from course_format.evaluation import read_evaluation
from course_format.faults import Report
from course_format.files import ID_RULE, is_id, read_text, survey
from course_format.items import PlacedItem, read_item
from course_format.post_test import read_post_test
from course_format.reading import Reading
from course_format.source import Course, Fault, Unit

_UNIT_FOLDER = re.compile(r"(?P<number>[1-9][0-9]?)-(?P<slug>.+)")
_TEST_FILE = re.compile(r"tests/(?P<number>[1-9][0-9]?)\.md")


def read_course(folder: Path) -> tuple[Course | None, list[Fault]]:
    """Read a course, and every fault that keeps it from being read as one.

    The course is None as soon as there is an error. Bad input never raises. Whether what the course
    says is right (links, captions, minutes, keys) is for `check.check_course`.
    """
    reading, course = read_folder(folder)
    report = reading.report
    return (None if report.has_errors else course), report.faults()


def read_folder(folder: Path) -> tuple[Reading, Course | None]:
    """Read all that can be read; the course may have empty values where there were faults."""
    report = Report()
    reading = Reading(folder, survey(folder, report) if folder.is_dir() else frozenset(), report)
    if not folder.is_dir():
        report.error(".", 0, f"There is no folder “{folder.name}”.")
        return reading, None
    if not is_id(folder.name):
        report.error(".", 0, f"The folder “{folder.name}” must be named with {ID_RULE}.")
    return reading, _read_course(reading)


def _read_course(reading: Reading) -> Course | None:
    facts = course_facts.read_facts(reading)
    about = _read_about(reading)
    faq = _read_faq(reading)
    units = _read_units(facts.units if facts else None, reading)
    evaluation = read_evaluation(reading)
    return facts and replace(facts, about=about, faq=faq, units=units, evaluation=evaluation)


def _read_about(reading: Reading) -> str:
    text = read_text(reading.folder, "about.md", reading.report) or ""
    if "about.md" in reading.files and not text.strip():
        reading.report.error("about.md", 1, "The description of the course is empty.")
    return reading.add_page("about.md", 1, text)


def _read_faq(reading: Reading) -> str:
    """The questions that learners ask about this course; there need not be any."""
    if "faq.md" not in reading.files:
        return ""
    text = read_text(reading.folder, "faq.md", reading.report) or ""
    if not text.strip():
        reading.report.error("faq.md", 1, "The file asks and answers nothing. Write or remove it.")
    return reading.add_page("faq.md", 1, text, deepest_first=3)


def _read_units(declared: tuple[Unit, ...] | None, reading: Reading) -> tuple[Unit, ...]:
    folders = _unit_folders(reading)
    tests = _test_numbers(reading)
    if declared is None:
        declared = tuple(empty_unit(number) for number in sorted({*folders, *tests}))
    known = {unit.number for unit in declared}
    for number in sorted(set(folders) - known):
        message = f"There is no unit {number} in course.yaml."
        reading.report.error(f"units/{folders[number]}", 0, message)
        _read_items(folders[number], reading)
    for number in sorted(tests - known):
        reading.report.error(f"tests/{number}.md", 0, f"There is no unit {number} in course.yaml.")
    units = tuple(_read_unit(unit, folders.get(unit.number), reading) for unit in declared)
    _refuse_repeated_slugs(units, reading)
    return units


def _read_unit(unit: Unit, folder: str | None, reading: Reading) -> Unit:
    if folder is None:
        path, line = reading.place("unit", unit.number)
        message = f"Unit {unit.number} has no items: there is no folder “units/{unit.number}-…”."
        reading.report.error(path, line, message)
    placed = _read_items(folder, reading) if folder else []
    items = tuple(entry.item for entry in placed)
    return replace(unit, items=items, post_test=read_post_test(unit.number, reading))


def _unit_folders(reading: Reading) -> dict[int, str]:
    folders: dict[int, str] = {}
    for name in sorted({path.split("/")[1] for path in reading.files if path.startswith("units/")}):
        match = _UNIT_FOLDER.fullmatch(name)
        if not match or not is_id(match["slug"]):
            message = f"Name the folder of a unit “1-slug”: its number, then {ID_RULE}."
            reading.report.error(f"units/{name}", 0, message)
        if not match:
            continue
        number = int(match["number"])
        if number in folders:
            message = f"Unit {number} already has the folder “units/{folders[number]}”."
            reading.report.error(f"units/{name}", 0, message)
        folders.setdefault(number, name)
    return folders


def _test_numbers(reading: Reading) -> set[int]:
    numbers = set()
    for path in sorted(file for file in reading.files if file.startswith("tests/")):
        match = _TEST_FILE.fullmatch(path)
        if match:
            numbers.add(int(match["number"]))
        else:
            reading.report.error(path, 0, "Name a post-test by the number of its unit: “1.md”.")
    return numbers


def _read_items(folder: str, reading: Reading) -> list[PlacedItem]:
    paths = sorted(path for path in reading.files if path.startswith(f"units/{folder}/"))
    items: list[PlacedItem] = []
    for path in paths:
        item = read_item(path, reading)
        if item is None:
            continue
        if any(other.place == item.place for other in items):
            message = f"Another item of this unit has the number {item.place}, too."
            reading.report.error(path, 0, message)
        items.append(item)
    return sorted(items, key=lambda item: item.place)


def _refuse_repeated_slugs(units: Iterable[Unit], reading: Reading) -> None:
    seen: dict[str, int] = {}
    for unit in units:
        for item in unit.items:
            if item.slug in seen:
                message = f"Unit {seen[item.slug]} already has an item “{item.slug}”."
                path, _ = reading.place("item", item.slug)
                reading.report.error(path, 0, message)
            seen.setdefault(item.slug, unit.number)
