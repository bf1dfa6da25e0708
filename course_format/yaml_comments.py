"""The comments of a YAML text, each with the entry it belongs to, so that none is lost.

A comment on a line of its own belongs to the entry below it, one at the end of a line to the
entry on that line. An entry is a key or a member of a list, known by its line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.tokens import ScalarToken

from course_format.yaml_file import Mapping, Node, Sequence


@dataclass(slots=True)
class Comments:
    """Comments by the line of their entry, and those below the last entry."""

    above: dict[int, list[str]] = field(default_factory=dict)
    beside: dict[int, str] = field(default_factory=dict)
    at_end: list[str] = field(default_factory=list)

    def touch(self, lines: Iterable[int]) -> bool:
        """Say whether any of these entries has a comment."""
        return any(line in self.above or line in self.beside for line in lines)


def read_comments(text: str, root: Mapping, first_line: int = 1) -> Comments:
    """Return the comments of a text, of which `root` was read; lines count from `first_line`."""
    entries = sorted(set(entry_lines(root)))
    found = Comments()
    for line, comment, is_alone in list_comments(text, first_line):
        if is_alone:
            below = next((entry for entry in entries if entry > line), None)
            (found.at_end if below is None else found.above.setdefault(below, [])).append(comment)
        else:
            on = max((entry for entry in entries if entry <= line), default=entries[0])
            found.beside[on] = f"{found.beside[on]} {comment}" if on in found.beside else comment
    return found


def entry_lines(node: Node) -> Iterator[int]:
    """The lines of all keys and members inside a node."""
    if isinstance(node, Mapping):
        for key, value in node.entries.items():
            yield node.key_lines[key]
            yield from entry_lines(value)
    elif isinstance(node, Sequence):
        for entry in node.entries:
            yield entry.line
            yield from entry_lines(entry)


def list_comments(text: str, first_line: int = 1) -> Iterator[tuple[int, str, bool]]:
    """Yield line, text from `#` on, and whether it stands alone, of every comment."""
    covered = _covered(text)
    for number, line in enumerate(text.split("\n")):
        if covered.get(number, 0) is None:
            continue
        start = covered.get(number, 0) or 0
        rest = line[start:]
        if rest.lstrip().startswith("#") and (not start or rest[0] in " \t"):
            yield number + first_line, rest.strip(), not line[:start].strip()


def _covered(text: str) -> dict[int, int | None]:
    """For each line the column up to which it holds data; None where all of it is."""
    covered: dict[int, int | None] = {}
    for token in YAML(typ="safe", pure=True).scan(text):
        start, end = token.start_mark, token.end_mark
        if isinstance(token, ScalarToken) and token.style in ("|", ">"):
            covered[start.line] = start.column + len(_indicator(text, start.index))
            last = end.line if end.column else end.line - 1
            covered.update(dict.fromkeys(range(start.line + 1, last + 1)))
            continue
        covered.update(dict.fromkeys(range(start.line, end.line)))
        if end.column and covered.get(end.line, 0) is not None:
            covered[end.line] = max(covered.get(end.line) or 0, end.column)
    return covered


def _indicator(text: str, start: int) -> str:
    """The sign that begins a block of text, such as `>-`."""
    line = text[start:].split("\n", 1)[0]
    return line.split(" ", 1)[0].split("\t", 1)[0]
