"""Grading as tables: every type, weights, empty and malformed answers, each with its why."""

import time
from decimal import Decimal
from typing import Any

import pytest

from domain import grading
from domain.grading import (
    Option,
    choice_body,
    grade,
    is_answered,
    matching_body,
    number_body,
    ordering_body,
    parse_number,
    short_body,
)

SINGLE = choice_body([Option("a", False), Option("b", True), Option("c", False)])
TRUE_FALSE = choice_body([Option("True", True), Option("False", False)])
MULTIPLE = choice_body([Option("2", True), Option("3", False), Option("4", True)])
WEIGHTED = choice_body(
    [
        Option("half", True, 50),
        Option("other half", True, 50),
        Option("costs half", False, -50),
        Option("costs nothing", False),
    ]
)
MATCHING = matching_body([("one", "1"), ("two", "2"), (None, "3")])
SHARED_RIGHT = matching_body([("even", "Yes"), ("odd", "No"), ("round", "yes")])
ORDERING = ordering_body(["first", "second", "third"])


@pytest.mark.parametrize(
    ("why", "kind", "body", "response", "earned"),
    [
        ("the right option", "single", SINGLE, {"chosen": [1]}, 100),
        ("a wrong option", "single", SINGLE, {"chosen": [0]}, 0),
        ("nothing chosen", "single", SINGLE, {"chosen": []}, 0),
        ("no answer saved", "single", SINGLE, None, 0),
        ("an empty response", "single", SINGLE, {}, 0),
        ("two options of one cannot be right", "single", SINGLE, {"chosen": [0, 1]}, 0),
        ("an option that does not exist", "single", SINGLE, {"chosen": [9]}, 0),
        ("not from the end either", "single", SINGLE, {"chosen": [-2]}, 0),
        ("text instead of an index", "single", SINGLE, {"chosen": ["1"]}, 0),
        ("no list at all", "single", SINGLE, {"chosen": "1"}, 0),
        ("another kind's response", "single", SINGLE, {"text": "b"}, 0),
        ("true is right", "single", TRUE_FALSE, {"chosen": [0]}, 100),
        ("false is wrong", "single", TRUE_FALSE, {"chosen": [1]}, 0),
        ("all right options and no other", "multiple", MULTIPLE, {"chosen": [0, 2]}, 100),
        ("in any order", "multiple", MULTIPLE, {"chosen": [2, 0]}, 100),
        ("one right option is not all", "multiple", MULTIPLE, {"chosen": [0]}, 0),
        ("all options is too many", "multiple", MULTIPLE, {"chosen": [0, 1, 2]}, 0),
        ("nothing chosen of several", "multiple", MULTIPLE, {"chosen": []}, 0),
        ("both halves", "multiple", WEIGHTED, {"chosen": [0, 1]}, 100),
        ("one half", "multiple", WEIGHTED, {"chosen": [1]}, 50),
        ("a half given and taken", "multiple", WEIGHTED, {"chosen": [0, 2]}, 0),
        ("never below nothing", "multiple", WEIGHTED, {"chosen": [2]}, 0),
        ("everything: both halves less one", "multiple", WEIGHTED, {"chosen": [0, 1, 2, 3]}, 50),
        ("an option without weight", "multiple", WEIGHTED, {"chosen": [0, 3]}, 50),
        ("an option twice counts once", "multiple", WEIGHTED, {"chosen": [0, 0]}, 50),
        ("every pair right", "matching", MATCHING, {"pairs": [0, 1]}, 100),
        ("pairs swapped", "matching", MATCHING, {"pairs": [1, 0]}, 0),
        ("the distractor", "matching", MATCHING, {"pairs": [0, 2]}, 0),
        ("one pair missing", "matching", MATCHING, {"pairs": [0, None]}, 0),
        ("too few parts", "matching", MATCHING, {"pairs": [0]}, 0),
        ("parts that are no list", "matching", MATCHING, {"pairs": {"0": 0}}, 0),
        ("lefts may share a right", "matching", SHARED_RIGHT, {"pairs": [0, 1, 0]}, 100),
        ("the right order", "ordering", ORDERING, {"places": [1, 2, 3]}, 100),
        ("two steps swapped", "ordering", ORDERING, {"places": [2, 1, 3]}, 0),
        ("one place missing", "ordering", ORDERING, {"places": [1, None, 3]}, 0),
        ("places as text", "ordering", ORDERING, {"places": ["1", "2", "3"]}, 0),
        ("no places", "ordering", ORDERING, {}, 0),
    ],
)
def test_what_a_choice_or_order_earns(
    why: str, kind: str, body: Any, response: Any, earned: int
) -> None:
    assert grade(kind, body, response) == earned, why


@pytest.mark.parametrize(
    ("why", "accepted", "case", "typed", "is_right"),
    [
        ("the very words", ["alliance"], False, "alliance", True),
        ("case makes no difference", ["alliance"], False, "ALLIANCE", True),
        ("unless it is asked for", ["DSM"], True, "dsm", False),
        ("and then the right case is right", ["DSM"], True, "DSM", True),
        ("spaces around and between", ["joining phase"], False, "  joining \t phase ", True),
        ("other words", ["alliance"], False, "alliances", False),
        ("any of the accepted", ["goal", "goals"], False, "goals", True),
        ("nothing typed", ["goal"], False, "   ", False),
        ("nothing typed is not any text", ["*"], False, "", False),
        ("a star at the end", ["allianc*"], False, "alliances", True),
        ("a star may be empty", ["alliance*"], False, "alliance", True),
        ("a star at the start", ["*alliance"], False, "the alliance", True),
        ("a star in the middle", ["meta*message"], False, "meta-message", True),
        ("the ends must not overlap", ["aba*aba"], False, "aba", False),
        ("parts between stars in turn", ["*goals*tasks*"], False, "goals, bonds, tasks", True),
        ("and not out of turn", ["*goals*tasks*"], False, "tasks and goals", False),
        ("an escaped star is a star", [r"a\*b"], False, "a*b", True),
        ("and no wildcard", [r"a\*b"], False, "axb", False),
        ("a point is a point", ["a.b"], False, "axb", False),
        ("a curly apostrophe is an apostrophe", ["don't"], False, "don’t", True),
        ("a long dash is a dash", ["self-worth"], False, "self–worth", True),
        ("wide letters of other keyboards", ["yes"], False, "ｙｅｓ", True),
        ("German sharp s", ["Straße"], False, "STRASSE", True),
    ],
)
def test_short_text(why: str, accepted: list[str], case: bool, typed: str, is_right: bool) -> None:
    earned = grade("short", short_body(accepted, case=case), {"text": typed})
    assert (earned == grading.FULL) is is_right, why


def test_many_stars_take_no_time() -> None:
    body = short_body(["*a" * 30 + "b"], case=False)
    begun = time.process_time()
    assert grade("short", body, {"text": "a" * 500}) == 0
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    ("why", "typed", "is_right"),
    [
        ("the number", "3.5", True),
        ("the lower bound", "3.4", True),
        ("the upper bound", "3.6", True),
        ("just outside, which floats would let in", "3.60000000000000001", False),
        ("far outside", "35", False),
        ("a plus sign", "+3.5", True),
        ("zeros and spaces", " 03.50 ", True),
        ("nothing", "", False),
        ("words", "about 3.5", False),
        ("infinity", "Infinity", False),
        ("not a number", "NaN", False),
        ("no response of text", None, False),
    ],
)
def test_number(why: str, typed: str | None, is_right: bool) -> None:
    body = number_body(Decimal("3.5"), Decimal("0.1"))
    assert (grade("number", body, {"text": typed}) == grading.FULL) is is_right, why


@pytest.mark.parametrize(
    ("why", "typed", "number"),
    [
        ("thousands parted by commas", "1,250.5", "1250.5"),
        ("several of them", "1,250,000", "1250000"),
        ("a comma is no decimal point here", "3,5", None),
        ("a true minus sign", "−4", "-4"),
        ("no digit before the point", ".5", "0.5"),
        ("no digit after it", "5.", "5"),
        ("a point alone", ".", None),
        ("a sign alone", "-", None),
        ("exponents are for programs", "1e3", None),
        ("figures of other scripts", "٣", None),
        ("a flood of figures", "9" * 31, None),
    ],
)
def test_numbers_as_people_type_them(why: str, typed: str, number: str | None) -> None:
    assert parse_number(typed) == (Decimal(number) if number else None), why


@pytest.mark.parametrize(
    ("why", "kind", "response", "answered"),
    [
        ("nothing saved", "single", None, False),
        ("saved without a choice", "single", {"chosen": []}, False),
        ("a choice", "multiple", {"chosen": [0]}, True),
        ("only spaces", "short", {"text": "  "}, False),
        ("a text", "short", {"text": "x"}, True),
        ("zero is an answer", "number", {"text": "0"}, True),
        ("half of the pairs", "matching", {"pairs": [1, None]}, False),
        ("all pairs", "matching", {"pairs": [1, 0]}, True),
        ("no step placed", "ordering", {"places": [None, None]}, False),
        ("all steps placed", "ordering", {"places": [2, 1]}, True),
        ("malformed", "ordering", {"places": []}, False),
    ],
)
def test_is_answered(why: str, kind: str, response: Any, answered: bool) -> None:
    assert is_answered(kind, response) is answered, why


@pytest.mark.parametrize(
    ("why", "earned", "pass_mark", "passed"),
    [
        ("4 of 6 is 66 %", [100, 100, 100, 100, 0, 0], 80, False),
        ("5 of 6 is 83 %", [100, 100, 100, 100, 100, 0], 80, True),
        ("4 of 5 is exactly 80 %", [100, 100, 100, 100, 0], 80, True),
        ("exactly 70 % of 10, where floats stumble", [100] * 7 + [0] * 3, 70, True),
        ("a part completes the mark", [100, 100, 100, 100, 80, 0], 80, True),
        ("a hundredth is missing", [100, 100, 100, 100, 79, 0], 80, False),
        ("all of them", [100, 100], 100, True),
        ("nearly all of them", [100, 99], 100, False),
        ("no questions pass nobody", [], 80, False),
        ("nothing right", [0, 0, 0], 80, False),
    ],
)
def test_pass_in_integers(why: str, earned: list[int], pass_mark: int, passed: bool) -> None:
    found = grading.score(earned, pass_mark)
    assert found == grading.Score(sum(earned), 100 * len(earned), passed), why


@pytest.mark.parametrize("total", range(1, 40))
@pytest.mark.parametrize("pass_mark", [50, 70, 75, 80, 100])
def test_the_questions_needed_are_the_fewest_that_pass(total: int, pass_mark: int) -> None:
    needed = grading.questions_needed(total, pass_mark)
    assert grading.score([100] * needed + [0] * (total - needed), pass_mark).passed
    assert not grading.score([100] * (needed - 1) + [0] * (total - needed + 1), pass_mark).passed


@pytest.mark.parametrize(
    ("hundredths", "words"), [(0, "0"), (400, "4"), (450, "4.5"), (433, "4.33"), (1000, "10")]
)
def test_points_in_words(hundredths: int, words: str) -> None:
    assert grading.points(hundredths) == words
