"""Whole numbers from addresses and fields: plain figures within bounds, or nothing."""

import pytest

from domain.numerals import LARGEST, read_whole_number


@pytest.mark.parametrize(
    ("why", "text", "number"),
    [
        ("a plain number", "42", 42),
        ("nothing is a number too", "0", 0),
        ("zeros in front change nothing", "007", 7),
        ("the largest that a column holds", str(LARGEST), LARGEST),
        ("one more than that", str(LARGEST + 1), None),
        ("forty digits", "9" * 40, None),
        ("more digits than Python converts", "9" * 5000, None),
        ("a superscript is called a digit, but is no number", "²", None),
        ("figures of another script", "٣", None),
        ("full-width figures", "３", None),
        ("a sign", "-1", None),
        ("a sign that changes nothing", "+1", None),
        ("a fraction", "1.5", None),
        ("space around", " 1", None),
        ("a line after it", "1\n", None),
        ("Python's own way to part digits", "1_000", None),
        ("nothing at all", "", None),
    ],
)
def test_a_whole_number_is_read_or_not(why: str, text: str, number: int | None) -> None:
    assert read_whole_number(text) == number, why


def test_a_field_may_have_a_bound_of_its_own() -> None:
    assert read_whole_number("1000", largest=1000) == 1000
    assert read_whole_number("1001", largest=1000) is None
