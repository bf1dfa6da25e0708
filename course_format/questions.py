"""What the answers of a question mean: its type, its key, and what is wrong with them."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from course_format.answers import Answer, AnswerKind, Parts, read_parts
from course_format.faults import Report
from course_format.reading import Reading
from course_format.sections import Section, join
from course_format.source import Choice, Pair, Question, QuestionKind

ATTRIBUTES = ("objective", "case")

ESSAY = (
    "This question has no answers. An essay cannot be graded by the center; give options, "
    "accepted answers, pairs or an order, or ask it in the evaluation."
)

_NUMBER = re.compile(
    r"(?P<number>[+-]?[0-9]{1,12}(?:\.[0-9]{1,9})?)\s*(?:\+-|±)\s*"
    r"(?P<tolerance>[0-9]{1,12}(?:\.[0-9]{1,9})?)"
)
_BARE_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def read_question(section: Section, path: str, reading: Reading) -> Question:
    """Read one question; what is wrong is reported, and what cannot be known stays empty."""
    parts = read_parts(section, path, reading.report)
    empty = Question(
        id=section.id, objective=_objective(section, path, reading.report), kind="single",
        stem=_stem(section, parts, path, reading), choices=(), accepted=(), case_sensitive=False,
        number=None, tolerance=None, pairs=(), order=(),
        rationale=_rationale(section, parts, path, reading),
    )  # fmt: skip
    if not parts.answers:
        reading.report.error(path, section.line, ESSAY)
        return empty
    question = _KINDS[parts.answers[0].kind](
        empty, _of_one_kind(parts, path, reading), path, reading
    )
    return _with_case(question, section, path, reading.report)


def _objective(section: Section, path: str, report: Report) -> int:
    value = section.attributes.get("objective", "")
    if re.fullmatch(r"[1-9][0-9]?", value):
        return int(value)
    report.error(path, section.line, "Name the objective that is tested: {objective=1}.")
    return 0


def _stem(section: Section, parts: Parts, path: str, reading: Reading) -> str:
    text, line = join(tuple(parts.stem))
    if not text:
        reading.report.error(path, section.line, "The question itself is missing.")
    return reading.add_fragment(path, line, text)


def _rationale(section: Section, parts: Parts, path: str, reading: Reading) -> str:
    text, line = join(tuple(parts.rationale))
    if not text and parts.answers:
        message = "The rationale is missing: a quote (“> …”) after the last answer."
        reading.report.error(path, section.line, message)
    return reading.add_fragment(path, line, text)


def _with_case(question: Question, section: Section, path: str, report: Report) -> Question:
    if "case" not in section.attributes:
        return question
    if question.kind != "short":
        report.error(path, section.line, "{case} is only for questions with accepted answers.")
    return replace(question, case_sensitive=question.kind == "short")


def _of_one_kind(parts: Parts, path: str, reading: Reading) -> list[Answer]:
    kind = parts.answers[0].kind
    strange = next((answer for answer in parts.answers if answer.kind != kind), None)
    if strange:
        message = "A question has answers of one type only; this line is of another type."
        reading.report.error(path, strange.line, message)
    if parts.has_order and kind != "order":
        message = "Below “order:” there must be a numbered list and nothing else."
        reading.report.error(path, parts.answers[0].line, message)
    answers = [answer for answer in parts.answers if answer.kind == kind]
    _refuse_empty(answers, path, reading.report)
    if kind not in ("single", "multiple"):
        _refuse_feedback(answers, path, reading.report)
    return answers


def _refuse_empty(answers: list[Answer], path: str, report: Report) -> None:
    for answer in answers:
        if not answer.text:
            report.error(path, answer.line, "There is no text on this line.")


def _refuse_feedback(answers: list[Answer], path: str, report: Report) -> None:
    for answer in answers:
        if answer.feedback:
            report.error(path, answer.feedback[0].number, "Only options have feedback.")


def _refuse_repeated(answers: list[Answer], path: str, report: Report) -> None:
    seen: dict[str, int] = {}
    for answer in answers:
        text = " ".join(answer.text.split()).casefold()
        if text and text in seen:
            message = f"The same text stands on line {seen[text]}."
            report.error(path, answer.line, message)
        seen.setdefault(text, answer.line)


def _single(question: Question, answers: list[Answer], path: str, reading: Reading) -> Question:
    right = sum(answer.correct for answer in answers)
    line = answers[0].line
    if right == 0:
        reading.report.error(path, line, "No option is right. Mark one with (x).")
    elif right > 1:
        message = f"{right} options are right. Mark one with (x), or use [x] for several."
        reading.report.error(path, line, message)
    return _with_choices(question, "single", answers, path, reading)


def _multiple(question: Question, answers: list[Answer], path: str, reading: Reading) -> Question:
    if not any(answer.correct for answer in answers):
        reading.report.error(path, answers[0].line, "No option is right. Mark those with [x].")
    elif any(answer.weight is not None for answer in answers):
        _check_weights(answers, path, reading.report)
    elif all(answer.correct for answer in answers):
        reading.report.warn(path, answers[0].line, "Every option is right.")
    return _with_choices(question, "multiple", answers, path, reading)


def _check_weights(answers: list[Answer], path: str, report: Report) -> None:
    for answer in answers:
        weight = answer.weight or 0
        if answer.correct and not 0 < weight <= 100:
            report.error(path, answer.line, "A right option needs a weight from {1%} to {100%}.")
        elif not answer.correct and not -100 <= weight <= 0:
            report.error(path, answer.line, "A wrong option has a weight from {-100%} to {0%}.")
    total = sum(answer.weight or 0 for answer in answers if answer.correct)
    if total != 100:
        message = f"The weights of the right options add up to {total} %, not to 100 %."
        report.error(path, answers[0].line, message)


def _with_choices(
    question: Question, kind: QuestionKind, answers: list[Answer], path: str, reading: Reading
) -> Question:
    if len(answers) < 2:
        reading.report.error(path, answers[0].line, "There must be at least two options.")
    _refuse_repeated(answers, path, reading.report)
    choices = tuple(_choice(answer, path, reading) for answer in answers)
    return replace(question, kind=kind, choices=choices)


def _choice(answer: Answer, path: str, reading: Reading) -> Choice:
    feedback, line = join(tuple(answer.feedback))
    text = reading.add_fragment(path, answer.line, answer.text)
    feedback = reading.add_fragment(path, line, feedback)
    return Choice(text, answer.correct, answer.weight, feedback or None)


def _accepted(question: Question, answers: list[Answer], path: str, reading: Reading) -> Question:
    if any("+-" in answer.text or "±" in answer.text for answer in answers):
        return _number(question, answers, path, reading.report)
    for answer in answers:
        if answer.text and not answer.text.strip("* "):
            reading.report.error(path, answer.line, "This accepts every answer.")
        if _BARE_NUMBER.fullmatch(answer.text):
            message = f"This is compared as text. For a number write “= {answer.text} +- 0”."
            reading.report.warn(path, answer.line, message)
    _refuse_repeated(answers, path, reading.report)
    return replace(question, kind="short", accepted=tuple(answer.text for answer in answers))


def _number(question: Question, answers: list[Answer], path: str, report: Report) -> Question:
    match = _NUMBER.fullmatch(answers[0].text)
    if match is None:
        report.error(path, answers[0].line, "Write a number with tolerance as “= 3.5 +- 0.1”.")
        return replace(question, kind="number")
    if len(answers) > 1:
        report.error(path, answers[1].line, "A number with tolerance is the only answer.")
    number, tolerance = Decimal(match["number"]), Decimal(match["tolerance"])
    return replace(question, kind="number", number=number, tolerance=tolerance)


def _matching(question: Question, answers: list[Answer], path: str, reading: Reading) -> Question:
    named = [answer for answer in answers if answer.left]
    if len(named) < 2:
        message = "There must be at least two pairs with a left side."
        reading.report.error(path, answers[0].line, message)
    times = Counter((answer.left or "").casefold() for answer in named)
    rights = {answer.text.casefold() for answer in named}
    for answer in answers:
        if answer.left and times[answer.left.casefold()] > 1:
            message = f"“{answer.left}” is on the left more than once."
            reading.report.error(path, answer.line, message)
        elif answer.left is None and answer.text.casefold() in rights:
            message = "This distractor is also the right side of a pair."
            reading.report.error(path, answer.line, message)
    pairs = tuple(Pair(answer.left, answer.text) for answer in answers)
    return replace(question, kind="matching", pairs=pairs)


def _ordering(question: Question, answers: list[Answer], path: str, reading: Reading) -> Question:
    if len(answers) < 2:
        message = "There must be at least two steps to put in order."
        reading.report.error(path, answers[0].line, message)
    for place, answer in enumerate(answers, 1):
        if answer.number != place:
            reading.report.error(path, answer.line, f"This must be number {place} of the list.")
    _refuse_repeated(answers, path, reading.report)
    return replace(question, kind="ordering", order=tuple(answer.text for answer in answers))


_Meaning = Callable[[Question, list[Answer], str, Reading], Question]

_KINDS: dict[AnswerKind, _Meaning] = {
    "single": _single,
    "multiple": _multiple,
    "accepted": _accepted,
    "pair": _matching,
    "order": _ordering,
}
