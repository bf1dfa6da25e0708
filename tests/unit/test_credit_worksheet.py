"""The credit worksheet: the formulas of the field, and a warning where figures disagree."""

from dataclasses import replace

import pytest

from domain.credit_worksheet import (
    Inputs,
    calculate,
    list_warnings,
    mergener,
    read_inputs,
    read_pilot,
)

READING = Inputs(declared=60, media=0, words=6_000, questions=8, difficulty=3)


@pytest.mark.parametrize(
    ("words", "questions", "difficulty", "minutes", "why"),
    [
        (6_000, 8, 3, 53, "ce-rules.md §4"),
        (6_000, 40, 3, 133, "ce-rules.md §4: it is driven by the questions"),
        (0, 0, 1, 0, "never less than none: the constant is negative"),
    ],
)
def test_mergener(words: int, questions: int, difficulty: int, minutes: int, why: str) -> None:
    assert round(mergener(words, questions, difficulty)) == minutes, why


def test_the_constant_of_mergener_is_negative() -> None:
    """A widely copied print has +22.3, which adds 40 minutes to every course."""
    assert mergener(6_000, 8, 3) == pytest.approx(53.1, abs=0.1)


def test_media_words_and_questions_add_up() -> None:
    results = calculate(replace(READING, media=20.0))
    assert results.formula == pytest.approx(20 + 30 + 14.8)
    assert results.mergener == pytest.approx(20 + 53.1, abs=0.1)
    assert (results.pilot, results.measured) == (None, None)


def test_medians_of_pilot_and_measured_time() -> None:
    results = calculate(replace(READING, pilot=(50, 70, 55, 400, 58), measured=62.04))
    assert (results.pilot, results.measured) == (58, 62.0)


@pytest.mark.parametrize(
    ("change", "warned", "why"),
    [
        ({"words": 9_040}, 0, "60 declared, 60 by words and questions"),
        ({"declared": 40}, 1, "Mergener says a third more"),
        ({"measured": 71.9, "words": 9_040}, 0, "within 20 %"),
        ({"measured": 72.1, "words": 9_040}, 1, "beyond 20 %"),
        ({"pilot": (60.0, 61.0), "words": 9_040}, 1, "too few testers"),
        ({"questions": 40}, 3, "both formulas, and between them"),
    ],
)
def test_figures_that_disagree_by_more_than_a_fifth_are_said(
    change: dict[str, object], warned: int, why: str
) -> None:
    inputs = replace(READING, **change)  # type: ignore[arg-type]
    found = list_warnings(inputs, calculate(inputs))
    assert len(found) == warned, (why, found)


@pytest.mark.parametrize(
    ("text", "found"),
    [("55, 61;58", (55, 61, 58)), ("", ()), ("50\n60.5", (50, 60.5)), ("an hour", None),
     ("-5", None), ("nan", None), ("1e9", None)],
)  # fmt: skip
def test_minutes_of_testers_are_read(text: str, found: tuple[float, ...] | None) -> None:
    assert read_pilot(text) == found


def test_stored_inputs_are_read_back() -> None:
    stored = {"declared": 60, "media": 0, "words": 1, "questions": 2, "pilot": [5.0]}
    assert read_inputs(stored) == Inputs(60, 0, 1, 2, pilot=(5.0,))
