"""Checks of the pools of questions: size, objectives, and keys that give themselves away."""

import re
from collections import Counter
from collections.abc import Iterator

from course_format.reading import Reading
from course_format.source import Course, Question, Unit

POOL_PER_DRAW = 1.5
"""How many times as large as a draw a pool should be (product.md, defaults)."""

LEAST_TO_JUDGE = 5
LONGER_THAN_WRONG = 1.6
LONGER_BY_LETTERS = 25

_TRUE_FALSE = frozenset({"true", "false"})
_ABOUT_OPTIONS = re.compile(r"\b(?:all|none|both|neither) of (?:the above|these)\b|\babove\b", re.I)
_NOT_LETTER = re.compile(r"[\W_]+")


def check_pools(course: Course, reading: Reading) -> None:
    """Report pools that are too small, and questions that need not be known to be answered."""
    for unit in course.units:
        _check_size(unit, reading)
        _check_references(unit, course, reading)
        _check_keys(unit, reading)
    _check_tested(course, reading)
    _check_taught(course, reading)
    _check_stems(course, reading)


def _check_size(unit: Unit, reading: Reading) -> None:
    draw, size = unit.post_test.draw, len(unit.post_test.questions)
    path, line = reading.place("draw", unit.number)
    if draw > size:
        message = f"{draw} questions are drawn from a pool of {size}."
        reading.report.error(path, line, message)
    elif draw and size < POOL_PER_DRAW * draw:
        message = (
            f"A pool of {size} is small for a draw of {draw}; {_enough(draw)} let a second attempt "
            "differ from the first."
        )
        reading.report.warn(path, line, message)


def _enough(draw: int) -> int:
    return -(-3 * draw // 2)


def _check_references(unit: Unit, course: Course, reading: Reading) -> None:
    for question in unit.post_test.questions:
        if course.objectives and question.objective > len(course.objectives):
            message = (
                f"There is no objective {question.objective}; "
                f"course.yaml has {len(course.objectives)}."
            )
            reading.report.error(*_place(unit, question, reading), message)


def _check_tested(course: Course, reading: Reading) -> None:
    asked = {question.objective for _, question in _questions(course)}
    for number in range(1, len(course.objectives) + 1):
        if asked and number not in asked:
            message = f"No question tests objective {number}."
            reading.report.warn(*reading.place("objective", number), message)


def _check_taught(course: Course, reading: Reading) -> None:
    """Items may say what they teach; results then lead from an objective to these items."""
    items = [item for unit in course.units for item in unit.items]
    known = len(course.objectives)
    for item in items:
        for number in item.objectives:
            if known and number > known:
                message = f"There is no objective {number}; course.yaml has {known}."
                reading.report.error(*reading.place("item", item.slug, "objectives"), message)
    taught = {number for item in items for number in item.objectives}
    for number in range(1, len(course.objectives) + 1):
        if taught and number not in taught:
            message = f"No item says that it teaches objective {number}."
            reading.report.warn(*reading.place("objective", number), message)


def _check_stems(course: Course, reading: Reading) -> None:
    seen: dict[str, str] = {}
    for unit, question in _questions(course):
        stem = _NOT_LETTER.sub(" ", question.stem).strip().casefold()
        path, line = _place(unit, question, reading)
        if stem and stem in seen:
            reading.report.warn(path, line, f"The same question is asked at {seen[stem]}.")
        seen.setdefault(stem, f"{path}:{line}")


def _check_keys(unit: Unit, reading: Reading) -> None:
    judged = [question for question in unit.post_test.questions if _has_key_to_judge(question)]
    for question in judged:
        _check_options(unit, question, reading)
    if len(judged) < LEAST_TO_JUDGE:
        return
    path, line = reading.place("draw", unit.number)
    longest = sum(_is_longest(question) for question in judged)
    if longest * 3 > len(judged) * 2:
        message = f"The right option is the longest in {longest} of {len(judged)} questions."
        reading.report.warn(path, line, message)
    place, times = Counter(_place_of_key(question) for question in judged).most_common(1)[0]
    if times * 3 > len(judged) * 2:
        message = f"The right option is number {place} in {times} of {len(judged)} questions."
        reading.report.warn(path, line, message)


def _has_key_to_judge(question: Question) -> bool:
    texts = {choice.text.casefold() for choice in question.choices}
    one_right = sum(choice.correct for choice in question.choices) == 1
    return question.kind == "single" and one_right and len(texts) > 1 and texts != _TRUE_FALSE


def _check_options(unit: Unit, question: Question, reading: Reading) -> None:
    place = _place(unit, question, reading)
    right, wrong = _lengths(question)
    if right > LONGER_THAN_WRONG * wrong and right - wrong >= LONGER_BY_LETTERS:
        message = "The right option is much longer than the others, which gives it away."
        reading.report.warn(*place, message)
    if any(_ABOUT_OPTIONS.search(choice.text) for choice in question.choices):
        message = "Options are shuffled; an option cannot speak of those “above”."
        reading.report.warn(*place, message)


def _lengths(question: Question) -> tuple[int, int]:
    right = max(len(choice.text) for choice in question.choices if choice.correct)
    wrong = max(len(choice.text) for choice in question.choices if not choice.correct)
    return right, wrong


def _is_longest(question: Question) -> bool:
    right, wrong = _lengths(question)
    return right > wrong


def _place_of_key(question: Question) -> int:
    return next(n for n, choice in enumerate(question.choices, 1) if choice.correct)


def _questions(course: Course) -> Iterator[tuple[Unit, Question]]:
    for unit in course.units:
        for question in unit.post_test.questions:
            yield unit, question


def _place(unit: Unit, question: Question, reading: Reading) -> tuple[str, int]:
    return reading.place("question", unit.number, question.id)
