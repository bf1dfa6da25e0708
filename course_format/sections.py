"""Sections of a post-test or an evaluation: `## id {attribute}` and the lines below it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course_format.faults import Report, did_you_mean
from course_format.files import ID_RULE, MAX_ID_LENGTH, is_id
from course_format.front_matter import Document, trim

MAX_LINE = 4_000
"""A longer line cannot be meant, and would take long to take apart."""

_ATTRIBUTES = re.compile(r"(?:\{[^{}]*\}\s*)*")
_CODE_FENCE = re.compile(r" {0,3}(?P<mark>```+|~~~+)")
_ATTRIBUTE = re.compile(r"[^\s{}]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file. `verbatim` where it is inside a code block and means nothing else."""

    number: int
    text: str
    verbatim: bool = False

    @property
    def is_blank(self) -> bool:
        """Say whether there is nothing on the line."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `attributes` maps a word to its value, or to an empty text without one."""

    id: str
    attributes: dict[str, str]
    line: int
    lines: tuple[Line, ...]


def split_sections(
    document: Document, known: tuple[str, ...], report: Report
) -> tuple[tuple[Line, ...], list[Section]]:
    """Return the lines before the first section, and the sections with unique ids."""
    preface: list[Line] = []
    found: list[tuple[Line, list[Line]]] = []
    for line in _lines(document):
        if len(line.text) > MAX_LINE:
            report.error(document.path, line.number, f"The line has more than {MAX_LINE} letters.")
            line = Line(line.number, line.text[:MAX_LINE], line.verbatim)
        if not line.verbatim and line.text.startswith("##") and not line.text.startswith("###"):
            found.append((line, []))
        else:
            (found[-1][1] if found else preface).append(line)
    sections = [_section(head, body, known, document.path, report) for head, body in found]
    _refuse_repeated_ids(sections, document.path, report)
    return tuple(preface), sections


def join(lines: tuple[Line, ...]) -> tuple[str, int]:
    """Return lines as one text without outer blank lines, and the line it begins on."""
    first = lines[0].number if lines else 0
    return trim([line.text for line in lines], first)


def _lines(document: Document) -> Iterator[Line]:
    fence = ""
    for number, text in enumerate(document.body.split("\n"), document.body_line):
        mark = _CODE_FENCE.match(text)
        if fence:
            yield Line(number, text, verbatim=True)
            if text.strip().startswith(fence) and not text.strip().strip(fence[0]):
                fence = ""
        else:
            yield Line(number, text.rstrip(), verbatim=mark is not None)
            fence = mark["mark"] if mark else ""


def _section(
    head: Line, body: list[Line], known: tuple[str, ...], path: str, report: Report
) -> Section:
    name, brace, rest = head.text[2:].strip().partition("{")
    if not _ATTRIBUTES.fullmatch(brace + rest):
        report.error(path, head.number, "Write the heading as “## id {attribute}”.")
        return Section("", {}, head.number, tuple(body))
    name = name.strip()
    if not is_id(name):
        report.error(
            path, head.number, f"“{name[:MAX_ID_LENGTH]}” is not an id. An id has {ID_RULE}."
        )
    attributes = _attributes(brace + rest, head.number, known, path, report)
    return Section(name, attributes, head.number, tuple(body))


def _attributes(
    text: str, line: int, known: tuple[str, ...], path: str, report: Report
) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in _ATTRIBUTE.findall(text):
        key, _, value = word.partition("=")
        if key not in known:
            hint = did_you_mean(key, known)
            report.error(path, line, f"“{key}” means nothing here.{hint}")
        elif key in found:
            report.error(path, line, f"“{key}” is here twice.")
        else:
            found[key] = value
    return found


def _refuse_repeated_ids(sections: list[Section], path: str, report: Report) -> None:
    seen: dict[str, int] = {}
    for section in sections:
        if section.id in seen and section.id:
            message = f"The id “{section.id}” is already used on line {seen[section.id]}."
            report.error(path, section.line, message)
        seen.setdefault(section.id, section.line)
