"""YAML 1.2 as a small tree that knows its lines.

Only what the format needs is read: texts, lists and mappings. Values keep the text that was
written; what they mean is decided by the field they stand in, so `no` or `1.10` is never guessed.
Anchors, aliases, tags and a second document are refused, which also disarms "YAML bombs".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from course_format.faults import Report

MAX_NESTING = 12

_END = re.compile(r"end of stream|stream end")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written; `plain` where it has no quotes and is no block."""

    text: str
    line: int
    plain: bool

    @property
    def is_empty(self) -> bool:
        """Say whether there is no value at all."""
        return not self.text.strip() or (self.plain and self.text in ("~", "null"))


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    entries: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values and lines."""

    entries: dict[str, "Node"]
    key_lines: dict[str, int]
    line: int


Node = Scalar | Sequence | Mapping


class _RefusedError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def parse_yaml(text: str, path: str, report: Report, first_line: int = 1) -> Mapping | None:
    """Return the mapping that `text` holds, or None after reporting why it cannot be read.

    `first_line` is the line of the file on which `text` begins. A duplicate key is reported and
    its first value kept.
    """
    builder = _Builder(path, report, first_line)
    try:
        node = builder.read_document(YAML(typ="safe", pure=True).parse(text))
    except _RefusedError as refusal:
        report.error(path, refusal.line, refusal.message)
        return None
    except MarkedYAMLError as problem:
        report.error(path, first_line + _line_of(problem), _explain(str(problem.problem)))
        return None
    except (YAMLError, ValueError, LookupError, AssertionError, NotImplementedError):
        report.error(path, first_line, "This is not YAML.")
        return None
    if not isinstance(node, Mapping):
        report.error(path, first_line, "Expected keys with values, such as “title: …”.")
        return None
    return node


def _line_of(problem: MarkedYAMLError) -> int:
    mark = problem.problem_mark
    if problem.context_mark and (mark is None or _END.search(str(problem.problem))):
        mark = problem.context_mark
    return int(mark.line) if mark else 0


def _explain(problem: str) -> str:
    if _END.search(problem):
        return "The quote or bracket that begins here is not closed."
    if "mapping values are not allowed" in problem:
        return "A text with a colon and a space in it must be in quotes."
    if "\\t" in problem:
        return "Indent with spaces, not with tabs."
    return f"This is not YAML: {problem}."


class _Builder:
    """Builds the tree from the parser's events, which come without anything being expanded."""

    def __init__(self, path: str, report: Report, first_line: int) -> None:
        self.path = path
        self.report = report
        self.first_line = first_line

    def read_document(self, events: Any) -> Node | None:
        stream = self._screened(events)
        node = None
        for event in stream:
            if isinstance(event, DocumentStartEvent) and node is not None:
                raise _RefusedError(
                    self._line(event), "Only one document is read; remove this “---”."
                )
            if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
                node = self._node(event, stream)
        return node

    def _screened(self, events: Any) -> Iterator[Event]:
        depth = 0
        for event in events:
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
                raise _RefusedError(
                    self._line(event), "Anchors (&) and aliases (*) are not used here."
                )
            if getattr(event, "tag", None):
                raise _RefusedError(self._line(event), "Tags (!) are not used here.")
            depth += isinstance(event, SequenceStartEvent | MappingStartEvent)
            depth -= isinstance(event, SequenceEndEvent | MappingEndEvent)
            if depth > MAX_NESTING:
                raise _RefusedError(self._line(event), "This is nested too deeply.")
            yield event

    def _line(self, event: Event) -> int:
        return int(event.start_mark.line) + self.first_line

    def _node(self, event: Event, stream: Iterator[Event]) -> Node:
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, stream)
        if isinstance(event, SequenceStartEvent):
            entries = []
            while not isinstance(entry := next(stream), SequenceEndEvent):
                entries.append(self._node(entry, stream))
            return Sequence(tuple(entries), self._line(event))
        assert isinstance(event, ScalarEvent)
        return Scalar(str(event.value), self._line(event), event.style in (None, ""))

    def _mapping(self, event: Event, stream: Iterator[Event]) -> Mapping:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(key := next(stream), MappingEndEvent):
            line = self._line(key)
            if not isinstance(key, ScalarEvent):
                raise _RefusedError(line, "A key must be a word.")
            value = self._node(next(stream), stream)
            name = str(key.value)
            if name in entries:
                message = f"“{name}” is here twice; it is already on line {lines[name]}."
                self.report.error(self.path, line, message)
                continue
            entries[name] = value
            lines[name] = line
        return Mapping(entries, lines, self._line(event))
