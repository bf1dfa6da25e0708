"""The lines of a question: its stem, its answers as written, and its rationale.

A question is read line by line, so that each fault has its exact line. What the answers mean for
each type of question is decided in `questions`.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from course_format.faults import Report
from course_format.sections import Line, Section

AnswerKind = Literal["single", "multiple", "accepted", "pair", "order"]

_SINGLE = re.compile(r"- \((?P<mark>[ xX])\)(?: +(?P<text>.*))?$")
_MULTIPLE = re.compile(
    r"- \[(?P<mark>[ xX])\](?: +\{(?P<weight>[+-]?[0-9]{1,3})%\})?(?: +(?P<text>.*))?$"
)
_ACCEPTED = re.compile(r"=(?!=)[ \t]*(?P<text>.*)$")
_ARROW = re.compile(r"(?<!\\)->")
_ORDER = re.compile(r"order:[ \t]*$")
_ENTRY = re.compile(r"(?P<number>[0-9]{1,3})\.(?: +(?P<text>.*))?$")
_NEAR_MISS = re.compile(r"[-*+]?\s*(?:\(\s*[xX]?\s*\)|\[\s*[xX]?\s*\])(?!\()")
_QUOTE = re.compile(r">[ ]?(?P<text>.*)$")


@dataclass(slots=True)
class Answer:
    """One answer as written, with its lines. `weight` is in percent, `number` an order's own."""

    kind: AnswerKind
    line: int
    text: str
    correct: bool = False
    weight: int | None = None
    left: str | None = None
    number: int = 0
    feedback: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """A question in its parts, each line with its number."""

    stem: list[Line] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rationale: list[Line] = field(default_factory=list)
    has_order: bool = False


def read_parts(section: Section, path: str, report: Report) -> Parts:
    """Sort the lines of a question into its parts, reporting the lines that fit nowhere."""
    reader = _PartsReader(path, report)
    for line in section.lines:
        reader.take(line)
    return reader.parts


class _PartsReader:
    def __init__(self, path: str, report: Report) -> None:
        self.path = path
        self.report = report
        self.parts = Parts()

    def take(self, line: Line) -> None:
        begun = bool(self.parts.answers) or self.parts.has_order
        if not line.verbatim and self._take_order(line):
            return
        answer = None if line.verbatim else self._answer(line)
        if answer is not None:
            self._take_answer(answer)
        elif not begun:
            self._take_stem(line)
        elif not line.is_blank or self.parts.rationale:
            self._take_after(line)

    def _take_order(self, line: Line) -> bool:
        if not _ORDER.match(line.text):
            return False
        self.parts.has_order = True
        return True

    def _answer(self, line: Line) -> Answer | None:
        if match := _SINGLE.match(line.text):
            text = (match["text"] or "").strip()
            return Answer("single", line.number, text, correct=match["mark"] != " ")
        if match := _MULTIPLE.match(line.text):
            weight = int(match["weight"]) if match["weight"] else None
            text = (match["text"] or "").strip()
            correct = match["mark"] != " "
            return Answer("multiple", line.number, text, correct=correct, weight=weight)
        if match := _ACCEPTED.match(line.text):
            return Answer("accepted", line.number, match["text"].strip())
        if line.text.startswith("- ") and (arrow := _ARROW.search(line.text, 2)):
            left, right = _side(line.text[2 : arrow.start()]), _side(line.text[arrow.end() :])
            return Answer("pair", line.number, right, left=left or None)
        match = _ENTRY.match(line.text) if self.parts.has_order else None
        if match:
            text = (match["text"] or "").strip()
            return Answer("order", line.number, text, number=int(match["number"]))
        return None

    def _take_answer(self, answer: Answer) -> None:
        if self.parts.rationale:
            self._error(answer.line, "The rationale must stand after the last answer.")
        self.parts.answers.append(answer)

    def _take_stem(self, line: Line) -> None:
        if not line.verbatim and _NEAR_MISS.match(line.text):
            self._error(line.number, _HOW_TO_WRITE_OPTIONS)
        self.parts.stem.append(line)

    def _take_after(self, line: Line) -> None:
        if quote := _QUOTE.match(line.text):
            self.parts.rationale.append(Line(line.number, quote["text"]))
        elif line.is_blank:
            self.parts.rationale.append(line)
        elif line.text.startswith(" ") and self.parts.answers and not self.parts.rationale:
            self._take_indented(self.parts.answers[-1], line)
        elif _NEAR_MISS.match(line.text):
            self._error(line.number, _HOW_TO_WRITE_OPTIONS)
        else:
            self._error(line.number, "This line belongs to no answer. Indent it, or move it up.")

    def _take_indented(self, answer: Answer, line: Line) -> None:
        if quote := _QUOTE.match(line.text.strip()):
            answer.feedback.append(Line(line.number, quote["text"]))
        elif answer.feedback:
            self._error(line.number, "Begin each line of the feedback with “>”.")
        else:
            answer.text = f"{answer.text}\n{line.text.removeprefix('  ')}".strip()

    def _error(self, line: int, message: str) -> None:
        self.report.error(self.path, line, message)


def _side(text: str) -> str:
    return text.replace("\\->", "->").strip()


_HOW_TO_WRITE_OPTIONS = (
    "Write options as “- (x) right” and “- ( ) wrong” (one right option), "
    "or “- [x] right” and “- [ ] wrong” (several)."
)
