"""How names are written: direction, letter forms, width."""

import pytest

from domain.writing import direction, language, width


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Alice", "ltr"),
        ("محمد الخطيب", "rtl"),
        ("שרה בן־דוד", "rtl"),
        ("محمد Smith", "rtl"),
        ("Smith محمد", "ltr"),
        ("(1) Alice", "ltr"),
        ("123", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_is_that_of_the_first_letter(name: str, expected: str) -> None:
    assert direction(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王小明", "zh"),
        ("斎藤さくら", "ja"),
        ("サトウ", "ja"),
        ("김민준", "ko"),
        ("金 민준", "ko"),
        ("Alice", ""),
        ("Ольга", ""),
    ],
)
def test_language_chooses_east_asian_letter_forms(name: str, expected: str) -> None:
    assert language(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Alice", 5), ("王小明", 6), ("Jose\u0301", 4), ("김민준", 6), ("", 0)]
)
def test_width_counts_wide_letters_twice_and_marks_not(text: str, expected: int) -> None:
    assert width(text) == expected
