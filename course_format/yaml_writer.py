"""Writing the facts of a course as canonical YAML: one order, one style, every comment kept.

Only what `yaml_file` reads is written. Quotes are kept where they mean something (money, numbers
of licenses) and added where the text needs them.
"""

import json
import re
from collections.abc import Sequence as Many
from itertools import chain

from course_format.faults import Report
from course_format.yaml_comments import Comments, entry_lines, read_comments
from course_format.yaml_file import Mapping, Node, Scalar, Sequence, parse_yaml

WIDTH = 100
IN_ONE_LINE = ("enrollment", "approvals", "categories", "units", "completion")
"""Keys whose members are written in one line, `[free, key]` or `{number: 1, …}`, if they fit.
Numbers are, under any key."""

_INDENT = "  "
_SURELY_PLAIN = re.compile(r"[A-Za-z(][A-Za-z0-9 .;()/’“”–-]*[A-Za-z0-9.)’”]|[A-Za-z]")
_OTHER = re.compile(r"[0-9.,_+-]+|true|false|null|~|yes|no|on|off", re.IGNORECASE)
_ONE_SPACE = re.compile(r"(?<! ) (?! )")


def write_yaml(text: str, root: Mapping, order: Many[str], first_line: int = 1) -> str:
    """Return `text`, of which `root` was read, in canonical form with its keys in `order`."""
    comments = read_comments(text, root, first_line)
    lines = [*_Writer(comments).mapping(root, "", order, ""), *comments.at_end]
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, comments: Comments) -> None:
        self.comments = comments

    def mapping(self, node: Mapping, indent: str, order: Many[str], under: str) -> list[str]:
        keys = [key for key in order if key in node.entries]
        keys += [key for key in node.entries if key not in keys]
        found: list[str] = []
        for key in keys:
            head = f"{indent}{key}:"
            body = self._value(node.entries[key], head, indent, under if under else key)
            found += self._with_comments(body, indent, node.key_lines[key])
        return found

    def _with_comments(self, body: list[str], indent: str, line: int) -> list[str]:
        above = [indent + comment for comment in self.comments.above.pop(line, [])]
        if beside := self.comments.beside.pop(line, ""):
            body[0] += f"  {beside}"
        return above + body

    def _value(self, node: Node, head: str, indent: str, under: str) -> list[str]:
        """The lines of a node after `head`, which is its key or the dash of its list."""
        if isinstance(node, Scalar):
            return _scalar(node, head, indent + _INDENT)
        if line := self._one_line(node, under):
            whole = f"{head} {line}"
            if len(whole) <= WIDTH or line in ("[]", "{}"):
                return [whole]
        if isinstance(node, Mapping):
            return [head, *self.mapping(node, indent + _INDENT, (), under)]
        return [head, *self._members(node, indent + _INDENT, under)]

    def _members(self, node: Sequence, indent: str, under: str) -> list[str]:
        found: list[str] = []
        for entry in node.entries:
            above = [indent + comment for comment in self.comments.above.pop(entry.line, [])]
            body = self._member(entry, indent, under)
            found += above + self._with_comments(body, indent, entry.line)
        return found

    def _member(self, entry: Node, indent: str, under: str) -> list[str]:
        dash = f"{indent}-"
        if not isinstance(entry, Mapping) or not entry.entries:
            return self._value(entry, dash, indent, under)
        if (line := self._one_line(entry, under)) and len(f"{dash} {line}") <= WIDTH:
            return [f"{dash} {line}"]
        beside = self.comments.beside.pop(entry.line, "")
        lines = self.mapping(entry, indent + _INDENT, (), under)
        first = next(n for n, text in enumerate(lines) if not text.lstrip().startswith("#"))
        lines[first] = f"{dash} {lines[first].lstrip()}" + (f"  {beside}" if beside else "")
        return [text.replace(_INDENT, "", 1) for text in lines[:first]] + lines[first:]

    def _one_line(self, node: Mapping | Sequence, under: str) -> str:
        """The node in one line, or an empty text where it is written in several."""
        if not node.entries:
            return "{}" if isinstance(node, Mapping) else "[]"
        nodes = node.entries.values() if isinstance(node, Mapping) else node.entries
        scalars = [one for one in nodes if isinstance(one, Scalar) and "\n" not in one.text.strip()]
        inside = list(chain(entry_lines(node)))
        are_numbers = isinstance(node, Sequence) and all(_OTHER.fullmatch(s.text) for s in scalars)
        if not (under in IN_ONE_LINE or are_numbers) or len(scalars) < len(node.entries):
            return ""
        if any(line != node.line and self.comments.touch([line]) for line in inside):
            return ""
        texts = [_in_line(one, in_flow=True) for one in scalars]
        if isinstance(node, Sequence):
            return f"[{', '.join(texts)}]"
        pairs = zip(node.entries, texts, strict=True)
        return "{" + ", ".join(f"{key}: {text}" for key, text in pairs) + "}"


def _scalar(node: Scalar, head: str, indent: str) -> list[str]:
    text = node.text.strip()
    if node.is_empty:
        return [head if node.plain else f'{head} ""']
    if "\n" in text:
        return _literal(text, head, indent)
    line = f"{head} {_in_line(node)}"
    if len(line) <= WIDTH or not _ONE_SPACE.search(text):
        return [line]
    return [f"{head} >-", *_fold(text, indent)]


def _literal(text: str, head: str, indent: str) -> list[str]:
    lines = [line.rstrip() for line in text.split("\n")]
    return [f"{head} |-", *(f"{indent}{line}".rstrip() for line in lines)]


def _fold(text: str, indent: str) -> list[str]:
    """Lines that a folded block joins again; more than one space is never broken."""
    lines = [""]
    for word in _ONE_SPACE.split(text):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and len(indent) + len(joined) > WIDTH:
            lines.append(word)
        else:
            lines[-1] = joined
    return [indent + line for line in lines]


def _in_line(node: Scalar, in_flow: bool = False) -> str:
    text = node.text.strip()
    needs_quotes = not node.plain and _OTHER.fullmatch(text) is not None
    if not needs_quotes and _is_plain(text, in_flow):
        return text
    return json.dumps(text, ensure_ascii=False)


def _is_plain(text: str, in_flow: bool) -> bool:
    """Say whether a text without quotes is read as itself."""
    if _SURELY_PLAIN.fullmatch(text):
        return True
    report = Report()
    found = parse_yaml(f"key: [{text}]\n" if in_flow else f"key: {text}\n", "", report)
    node = found.entries.get("key") if found and not report.found else None
    if in_flow and isinstance(node, Sequence):
        node = node.entries[0] if len(node.entries) == 1 else None
    return isinstance(node, Scalar) and node.plain and node.text == text and "\n" not in text
