"""The canonical form of a course folder: the one way to write what it means.

Formatting never changes the meaning. Each file is read again in its new form; one that would then
mean something else, or would have lost a comment, is left as it is.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from course_format import course_facts, items
from course_format.canonical_pages import format_document, format_page
from course_format.canonical_tests import format_evaluation, format_post_test
from course_format.faults import Report
from course_format.files import MAX_TEXT_BYTES, read_text
from course_format.hashing import list_course_files
from course_format.markdown import render
from course_format.read import read_course
from course_format.source import Course, Fault
from course_format.yaml_comments import list_comments
from course_format.yaml_file import parse_yaml
from course_format.yaml_writer import write_yaml

_MARKDOWN = frozenset({
    "about", "faq", "body", "transcript_text", "intro", "prompt", "stem", "rationale", "text",
    "feedback",
})  # fmt: skip
"""Fields whose meaning is the HTML they become."""


def format_course(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    """Return the files that are not in canonical form, as they should be, by path.

    The folder is not changed. A course that cannot be read is not formatted: its faults are
    returned instead.
    """
    course, faults = read_course(folder)
    if course is None:
        return {}, [fault for fault in faults if fault.severity == "error"]
    texts = {path: text for path in list_course_files(folder) if (text := _read(folder, path))}
    changed = {
        path: new
        for path, text in texts.items()
        if (new := _format(path, text, course)) != (folder / path).read_bytes().decode("utf-8")
        and _comments(path, new) == _comments(path, text)
    }
    if _reads_the_same(course, folder, texts | changed):
        return changed, []
    kept = {p: n for p, n in changed.items() if _reads_the_same(course, folder, {**texts, p: n})}
    return kept, []


def _read(folder: Path, path: str) -> str | None:
    is_text = path.endswith((".md", ".yaml"))
    return read_text(folder, path, Report(), MAX_TEXT_BYTES) if is_text else None


def _format(path: str, text: str, course: Course) -> str:
    if path == course_facts.PATH:
        facts = parse_yaml(text, path, Report())
        return write_yaml(text, facts, course_facts.KEYS) if facts else text
    if path == "evaluation.md":
        return format_evaluation(text, course.evaluation)
    if path.startswith("tests/"):
        tests = {f"tests/{unit.number}.md": unit.post_test for unit in course.units}
        return format_post_test(text, path, tests[path])
    if path.startswith("units/"):
        return format_document(text, path, items.ALL_KEYS)
    return format_page(text)


def _comments(path: str, text: str) -> list[str]:
    """The comments of a file's facts, in no order."""
    if path.endswith(".yaml"):
        facts = text
    elif path.startswith(("units/", "tests/")) or path == "evaluation.md":
        facts = text.split("\n---", 1)[0].removeprefix("---") + "\n"
    else:
        return []
    return sorted(comment for _, comment, _ in list_comments(facts))


def _reads_the_same(course: Course, folder: Path, texts: Mapping[str, str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="course-") as parent:
        copy = Path(parent) / folder.name
        for path in list_course_files(folder):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes(texts.get(path, "").encode("utf-8"))
        again, _ = read_course(copy)
    return again is not None and list(_meaning(again)) == list(_meaning(course))


def _meaning(value: object, name: str = "") -> Iterator[object]:
    """What a value says, leaf by leaf; Markdown as the HTML it becomes."""
    if is_dataclass(value):
        for field in fields(value):
            yield from _meaning(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        yield len(value)
        for member in value:
            yield from _meaning(member, name)
    elif isinstance(value, str) and name in _MARKDOWN:
        yield render(value)
    else:
        yield value
