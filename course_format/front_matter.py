"""Markdown files that begin with facts between two lines of `---`."""

from dataclasses import dataclass
from pathlib import Path

from course_format.faults import Report
from course_format.files import MAX_PAGE_BYTES, read_text
from course_format.yaml_file import Mapping, parse_yaml

FENCE = "---"


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file: its facts, its body, and the line on which the body begins."""

    path: str
    facts: Mapping
    body: str
    body_line: int


def read_document(
    folder: Path, path: str, report: Report, limit: int = MAX_PAGE_BYTES
) -> Document | None:
    """Return a Markdown file with front matter, or None after reporting why not."""
    text = read_text(folder, path, report, limit)
    return None if text is None else parse_document(text, path, report)


def parse_document(text: str, path: str, report: Report) -> Document | None:
    """Split `text` into facts and body, which loses its outer blank lines."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        report.error(path, 1, "The file must begin with facts between two lines of “---”.")
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        report.error(path, 1, "The facts that begin here have no closing line “---”.")
        return None
    facts = parse_yaml("\n".join(lines[1:end]) + "\n", path, report, first_line=2)
    if facts is None:
        return None
    return Document(path, facts, *trim(lines[end + 1 :], end + 2))


def trim(lines: list[str], first_line: int) -> tuple[str, int]:
    """Return the lines as one text without outer blank lines, and the line it begins on."""
    start, stop = 0, len(lines)
    while start < stop and not lines[start].strip():
        start += 1
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    return "\n".join(lines[start:stop]), first_line + (start if start < stop else 0)
