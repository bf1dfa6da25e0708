"""Figures of item analysis in words, as bars, rows and cells."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from blueprints.post_tests.wording import as_html
from domain.item_analysis import Analysis
from domain.wording import duration
from services.item_analysis import (
    AnswerCount,
    EditionAnalysis,
    ObjectiveAnalysis,
    QuestionAnalysis,
)

Bar = tuple[object, float, str, str]
KINDS = {
    "single": "Single choice",
    "multiple": "Multiple choice",
    "short": "Short text",
    "number": "Number",
    "matching": "Matching",
    "ordering": "Ordering",
}
CSV_HEADS = {
    "questions": (
        "unit", "question", "kind", "objective", "answers", "facility_percent", "discrimination",
        "median_seconds", "void", "flags",
    ),
    "objectives": (
        "objective", "text", "questions", "answers", "facility_percent", "discrimination",
        "median_seconds",
    ),
    "answers": ("unit", "question", "answer", "right", "times", "of"),
}  # fmt: skip
NONE = "–"


def facility_bar(one: QuestionAnalysis) -> Bar:
    """How many are right, for a question."""
    share = (one.analysis.facility or 0) * 100
    kind = "flagged" if one.analysis.flags else ""
    flags = "".join(f", {flag.name.lower()}" for flag in one.analysis.flags)
    return (one.question.key, share, f"{share:.0f} % right{flags}", kind)


def objective_bar(one: ObjectiveAnalysis) -> Bar:
    share = (one.analysis.facility or 0) * 100
    words = f"{share:.0f} % right" if one.analysis.answers else "no answer yet"
    return (f"{one.number}. {one.text}", share, words, "")


def question_row(one: QuestionAnalysis, href: str) -> list[object]:
    link = Markup('<a href="{}">{}</a>').format(href, one.question.key)
    names = [flag.name for flag in one.analysis.flags] + (["Void"] if one.void else [])
    return [link, str(one.question.objective), *_cells(one.analysis), ", ".join(names) or NONE]


def objective_row(one: ObjectiveAnalysis) -> list[object]:
    return [f"{one.number}. {one.text}", str(one.questions), *_cells(one.analysis)]


def figures(found: Analysis) -> list[tuple[str, str]]:
    """The figures of a question with what they mean."""
    answers, facility, tells, time = _cells(found)
    return [
        ("Answers", f"{answers}: the first that each learner gave"),
        ("Facility", f"{facility} of the credit earned, on average"),
        ("Discrimination", f"{tells}{_meaning(found.discrimination)}"),
        ("Median time", time),
    ]


def answer_bars(one: QuestionAnalysis) -> list[Bar]:
    """How often each answer was given; those that are right are filled and say so."""
    most = one.analysis.answers
    bars = [
        (
            _words(count),
            count.times,
            f"{_share(count.times, most)}{', right' if count.right else ''}",
            "right" if count.right else "",
        )
        for count in one.answers
    ]
    return [*bars, ("No complete answer", one.unanswered, _share(one.unanswered, most), "")]


def answer_rows(one: QuestionAnalysis) -> list[list[object]]:
    most = one.analysis.answers
    counts = [
        [_words(c), "Right" if c.right else "Wrong", str(c.times), _share(c.times, most)]
        for c in one.answers
    ]
    return [
        *counts,
        ["No complete answer", NONE, str(one.unanswered), _share(one.unanswered, most)],
    ]


def csv_rows(part: str, found: EditionAnalysis) -> Iterator[list[Any]]:
    """The rows of one of the CSV files."""
    if part == "questions":
        yield from (_csv_question(one) for one in found.questions)
    elif part == "objectives":
        for one in found.objectives:
            yield [one.number, one.text, one.questions, *_numbers(one.analysis)]
    else:
        for question in found.questions:
            for count in question.answers:
                yield _csv_answer(question, count)


def _csv_question(one: QuestionAnalysis) -> list[Any]:
    return [
        one.unit_number,
        one.question.key,
        one.question.kind,
        one.question.objective,
        *_numbers(one.analysis),
        "yes" if one.void else "no",
        "; ".join(flag.name for flag in one.analysis.flags),
    ]


def _csv_answer(one: QuestionAnalysis, count: AnswerCount) -> list[Any]:
    return [
        one.unit_number,
        one.question.key,
        Markup(" / ").join(_words(count).split("\n")).striptags(),
        "yes" if count.right else "no",
        count.times,
        one.analysis.answers,
    ]


def _numbers(found: Analysis) -> list[Any]:
    return [
        found.answers,
        "" if found.facility is None else f"{found.facility * 100:.1f}",
        "" if found.discrimination is None else f"{found.discrimination:.3f}",
        "" if found.seconds is None else f"{found.seconds:.0f}",
    ]


def _cells(found: Analysis) -> list[str]:
    return [
        str(found.answers),
        NONE if found.facility is None else f"{found.facility * 100:.0f} %",
        NONE if found.discrimination is None else f"{found.discrimination:+.2f}".replace("-", "−"),
        NONE if found.seconds is None else duration(int(found.seconds)),
    ]


def _meaning(tells: float | None) -> str:
    if tells is None:
        return ": too few answers, or all alike"
    if tells < 0:
        return ": who does well otherwise misses it more often"
    if tells < 0.1:
        return ": it hardly tells who does well otherwise"
    return ": who does well otherwise is right more often" + (", clearly" if tells >= 0.3 else "")


def _words(count: AnswerCount) -> Markup:
    lines = [as_html(line) if count.words.is_html else line for line in count.words.lines]
    return Markup("<br>").join(lines)


def _share(times: int, most: int) -> str:
    return f"{times} of {most}" + (f" ({times * 100 / most:.0f} %)" if most else "")
