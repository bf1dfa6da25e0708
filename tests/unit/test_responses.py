"""From a form to the response that is kept, and back: by kind, and what is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import responses
from domain.answer_words import Words, feedback_on, right
from domain.answer_words import given as in_words
from domain.grading import (
    FULL,
    Option,
    choice_body,
    grade,
    matching_body,
    number_body,
    ordering_body,
    short_body,
)
from domain.refusals import Invalid
from domain.responses import Typed, ask, read_fields, to_response, to_typed

CHOICE = choice_body(
    [Option("<em>a</em>", False, feedback="<p>Not a</p>"), Option("b", True), Option("c", False)]
)
SHORT = short_body(["yes"], case=False)
NUMBER = number_body(responses.parse_number("7") or 0, responses.parse_number("0") or 0)  # type: ignore[arg-type]
MATCHING = matching_body([("one", "1"), ("two", "2"), (None, "3")])
ORDERING = ordering_body(["first", "second", "third"])
ORDER = [2, 0, 1]


def sent(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [("csrf_token", "t"), ("instance", "i.0"), ("seq", "1"), *pairs]


@pytest.mark.parametrize(
    ("why", "kind", "body", "fields", "kept"),
    [
        ("places shown become indexes kept", "single", CHOICE, [("answer", "1")], {"chosen": [2]}),
        ("no choice is an answer to keep", "single", CHOICE, [], {"chosen": []}),
        (
            "several, in the body's order",
            "multiple",
            CHOICE,
            [("answer", "1"), ("answer", "2")],
            {"chosen": [0, 2]},
        ),
        ("text without the spaces around", "short", SHORT, [("answer", " yes ")], {"text": "yes"}),
        ("no NUL reaches the database", "short", SHORT, [("answer", "y\0es")], {"text": "yes"}),
        ("numbers as typed", "number", NUMBER, [("answer", "7.0")], {"text": "7.0"}),
        ("an emptied number", "number", NUMBER, [("answer", "")], {"text": ""}),
        (
            "rights by the place shown",
            "matching",
            MATCHING,
            [("answer-1", "2"), ("answer-2", "1")],
            {"pairs": [0, 2]},
        ),
        (
            "a left not yet chosen",
            "matching",
            MATCHING,
            [("answer-1", ""), ("answer-2", "3")],
            {"pairs": [None, 1]},
        ),
        (
            "steps by the place shown",
            "ordering",
            ORDERING,
            [("answer-1", "3"), ("answer-2", "1"), ("answer-3", "2")],
            {"places": [1, 2, 3]},
        ),
        ("a step without number", "ordering", ORDERING, [("answer-2", "1")],
         {"places": [1, None, None]}),
    ],
)  # fmt: skip
def test_what_is_kept(why: str, kind: str, body: Any, fields: Any, kept: Any) -> None:
    typed = read_fields(kind, sent(*fields))
    assert to_response(kind, body, ORDER, typed) == kept, why


@pytest.mark.parametrize(
    ("why", "kind", "body", "fields", "control"),
    [
        ("two of one", "single", CHOICE, [("answer", "1"), ("answer", "2")], "answer-1"),
        ("an option not shown", "single", CHOICE, [("answer", "4")], "answer-1"),
        ("place zero", "single", CHOICE, [("answer", "0")], "answer-1"),
        ("a word for a place", "multiple", CHOICE, [("answer", "b")], "answer-1"),
        ("a superscript is no place", "multiple", CHOICE, [("answer", "²")], "answer-1"),
        ("a novel", "short", SHORT, [("answer", "x" * 501)], "answer-text"),
        ("words for a number", "number", NUMBER, [("answer", "seven")], "answer-number"),
        ("a right not shown", "matching", MATCHING, [("answer-2", "4")], "answer-2"),
        ("a left not shown", "matching", MATCHING, [("answer-3", "1")], "answer-1"),
        ("a number twice", "ordering", ORDERING, [("answer-1", "1"), ("answer-3", "1")],
         "answer-3"),
        ("a number too high", "ordering", ORDERING, [("answer-2", "4")], "answer-2"),
        ("no number", "ordering", ORDERING, [("answer-2", "first")], "answer-2"),
        ("a step not shown", "ordering", ORDERING, [("answer-4", "1")], "answer-1"),
    ],
)  # fmt: skip
def test_what_is_refused(why: str, kind: str, body: Any, fields: Any, control: str) -> None:
    typed = read_fields(kind, sent(*fields))
    with pytest.raises(Invalid) as refusal:
        to_response(kind, body, ORDER, typed)
    assert refusal.value.field == control, why


@given(st.permutations(range(3)), st.sets(st.integers(0, 2)))
@settings(max_examples=40)
def test_choices_come_back_as_they_were_typed(order: list[int], places: set[int]) -> None:
    typed = Typed(chosen=tuple(str(place + 1) for place in places))
    kept = to_response("multiple", CHOICE, order, typed)
    assert set(to_typed("multiple", order, kept).chosen) == set(typed.chosen)


@given(st.permutations(range(3)), st.permutations(range(1, 4)))
@settings(max_examples=40)
def test_steps_come_back_as_they_were_typed(order: list[int], places: list[int]) -> None:
    typed = Typed(parts={str(key): str(place) for key, place in enumerate(places, start=1)})
    kept = to_response("ordering", ORDERING, order, typed)
    assert to_typed("ordering", order, kept).parts == typed.parts


@given(st.permutations(range(3)))
@settings(max_examples=20)
def test_whoever_chooses_the_right_texts_earns_the_point(order: list[int]) -> None:
    shown = ask("single", CHOICE, order)
    key = next(key for key, text in shown.options if text == "b")
    assert grade("single", CHOICE, to_response("single", CHOICE, order, Typed((key,)))) == FULL
    shown = ask("matching", MATCHING, order)
    keys = {text: key for key, text in shown.rights}
    parts = {left: keys[{"one": "1", "two": "2"}[text]] for left, text in shown.lefts}
    kept = to_response("matching", MATCHING, order, Typed(parts=parts))
    assert grade("matching", MATCHING, kept) == FULL


def test_what_a_page_shows_holds_no_key() -> None:
    for kind, body in [("single", CHOICE), ("matching", MATCHING), ("ordering", ORDERING)]:
        shown = repr(ask(kind, body, ORDER))
        assert "right'" not in shown
        assert "Not a" not in shown
    assert ask("short", SHORT, []) == responses.Asked("short")
    assert ask("number", NUMBER, []) == responses.Asked("number")


@pytest.mark.parametrize(
    ("kind", "body", "response", "words"),
    [
        ("single", CHOICE, {"chosen": [0]}, Words(("<em>a</em>",), is_html=True)),
        ("single", CHOICE, {"chosen": []}, Words(("No answer",))),
        ("short", SHORT, {"text": "<b>"}, Words(("<b>",))),
        ("number", NUMBER, None, Words(("No answer",))),
        ("matching", MATCHING, {"pairs": [2, None]}, Words(("one → 3", "two → nothing"))),
        ("matching", MATCHING, {"pairs": [None, None]}, Words(("No answer",))),
        ("ordering", ORDERING, {"places": [2, None, 1]}, Words(("1. third", "2. first"))),
    ],
)
def test_answers_in_words(kind: str, body: Any, response: Any, words: Words) -> None:
    assert in_words(kind, body, response) == words


@pytest.mark.parametrize(
    ("kind", "body", "lines"),
    [
        ("single", CHOICE, ("b",)),
        ("short", SHORT, ("yes",)),
        ("number", NUMBER, ("7",)),
        ("number", {"number": "3.5", "tolerance": "0.1"}, ("3.5, give or take 0.1",)),
        ("matching", MATCHING, ("one → 1", "two → 2")),
        ("ordering", ORDERING, ("1. first", "2. second", "3. third")),
    ],
)
def test_right_answers_in_words(kind: str, body: Any, lines: tuple[str, ...]) -> None:
    assert right(kind, body).lines == lines


def test_feedback_is_on_the_options_chosen() -> None:
    assert feedback_on("single", CHOICE, {"chosen": [0]}) == ("<p>Not a</p>",)
    assert feedback_on("single", CHOICE, {"chosen": [1]}) == ()
    assert feedback_on("short", SHORT, {"text": "yes"}) == ()
