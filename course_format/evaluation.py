"""The evaluation: `evaluation.md`."""

import re

from course_format.fields import Fields
from course_format.front_matter import read_document
from course_format.reading import Reading
from course_format.sections import Line, Section, join, split_sections
from course_format.source import (
    OBJECTIVES_QUESTION,
    Evaluation,
    EvaluationKind,
    EvaluationQuestion,
)

PATH = "evaluation.md"
KINDS: tuple[EvaluationKind, ...] = ("scale", "choice", "text")
_OPTION = re.compile(r"- +(?P<text>\S.*)$")


def read_evaluation(reading: Reading) -> Evaluation:
    """Read the evaluation; an empty one where the file cannot be read."""
    document = read_document(reading.folder, PATH, reading.report)
    if document is None:
        return Evaluation("", "", ())
    fields = Fields(document.facts, PATH, reading.report, ("title",))
    preface, sections = split_sections(document, (*KINDS, "optional"), reading.report)
    if not sections:
        reading.report.error(PATH, 0, "The evaluation asks nothing.")
    intro, line = join(preface)
    reading.add_fragment(PATH, line, intro)
    questions = tuple(_question(section, reading) for section in sections)
    return Evaluation(fields.text("title", 200), intro, questions)


def _question(section: Section, reading: Reading) -> EvaluationQuestion:
    kind = _kind(section, reading)
    first = len(section.lines)
    if kind == "choice":
        options = (n for n, line in enumerate(section.lines) if _OPTION.match(line.text))
        first = next(options, first)
    prompt, line = join(section.lines[:first])
    if not prompt:
        reading.report.error(PATH, section.line, "The question itself is missing.")
    reading.add_fragment(PATH, line, prompt)
    options_found = _options(section, section.lines[first:], reading) if kind == "choice" else ()
    return EvaluationQuestion(
        section.id, kind, prompt, options_found, "optional" in section.attributes
    )


def _kind(section: Section, reading: Reading) -> EvaluationKind:
    named = [kind for kind in KINDS if kind in section.attributes]
    if len(named) != 1:
        message = "Say what kind of question this is: {scale}, {choice} or {text}."
        reading.report.error(PATH, section.line, message)
        return "text"
    if section.id == OBJECTIVES_QUESTION and named[0] != "scale":
        message = "The question “objectives” is asked for each objective and must be a {scale}."
        reading.report.error(PATH, section.line, message)
    return named[0]


def _options(section: Section, lines: tuple[Line, ...], reading: Reading) -> tuple[str, ...]:
    options: list[str] = []
    for line in lines:
        match = _OPTION.match(line.text)
        if match and match["text"] in options:
            reading.report.error(PATH, line.number, "This option is here twice.")
        elif match:
            options.append(match["text"])
        elif not line.is_blank:
            reading.report.error(PATH, line.number, "Write each option as “- option”.")
    if len(options) < 2:
        reading.report.error(PATH, section.line, "There must be at least two options.")
    return tuple(options)
