"""Pages of Markdown in canonical form: what they say is kept, how they are spaced is settled."""

import re
from collections.abc import Sequence as Many

from course_format.faults import Report
from course_format.front_matter import FENCE, parse_document
from course_format.markdown import render
from course_format.yaml_writer import write_yaml

_CODE_FENCE = re.compile(r" {0,3}(?P<mark>```+|~~~+)")


def format_page(text: str) -> str:
    """Return a page without facts, such as `about.md`, in canonical form."""
    return f"{tidy(text)}\n" if text.strip() else text


def format_facts(text: str, path: str, order: Many[str]) -> tuple[str, str] | None:
    """Return facts between lines of `---`, canonical, and the body below; None if unreadable."""
    document = parse_document(text, path, Report())
    if document is None:
        return None
    lines = text.split("\n")
    end = next(n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE)
    facts = write_yaml("\n".join(lines[1:end]) + "\n", document.facts, order, first_line=2)
    return f"{FENCE}\n{facts}{FENCE}\n", document.body


def format_document(text: str, path: str, order: Many[str]) -> str:
    """Return a page with facts in canonical form: facts, an empty line, the body."""
    parts = format_facts(text, path, order)
    if parts is None:
        return text
    facts, body = parts
    return f"{facts}\n{tidy(body)}\n" if body else facts


def tidy(markdown: str) -> str:
    """Return Markdown without space at the ends of lines and without repeated empty lines.

    Two spaces that break a line become a backslash. A text that would read differently then is
    returned as it is.
    """
    lines = markdown.strip("\n").split("\n")
    found: list[str] = []
    fence = ""
    for number, line in enumerate(lines):
        mark = _CODE_FENCE.match(line)
        if fence:
            found.append(line)
            is_end = line.strip().startswith(fence) and not line.strip().strip(fence[0])
            fence = "" if is_end else fence
            continue
        fence = mark["mark"] if mark else ""
        kept = line.rstrip()
        if line.endswith("  ") and kept and number + 1 < len(lines) and lines[number + 1].strip():
            kept += "\\"
        if kept or (found and found[-1]):
            found.append(kept)
    text = "\n".join(found).rstrip()
    return text if render(text) == render(markdown) else markdown.strip("\n")
