"""Codes that cannot be guessed and are hard to mistype."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.verification_code import (
    ALPHABET,
    CODE_CHARACTERS,
    RANDOM_CHARACTERS,
    check_character,
    make_code,
    normal_code,
    shown_code,
)

bodies = st.text(ALPHABET, min_size=RANDOM_CHARACTERS, max_size=RANDOM_CHARACTERS)


def test_a_code_has_at_least_80_random_bits() -> None:
    assert RANDOM_CHARACTERS * math.log2(len(ALPHABET)) >= 80


def test_no_two_characters_look_alike() -> None:
    for alike in ("0O", "1IL", "2Z"):
        assert sum(character in ALPHABET for character in alike) <= 1, alike
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_codes_differ_and_are_their_own_normal_form() -> None:
    codes = {make_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(normal_code(code) == code for code in codes)


@given(bodies)
def test_however_it_is_typed(body: str) -> None:
    code = body + check_character(body)
    shown = shown_code(code)
    for typed in (
        shown,
        shown.lower(),
        f"  {shown} ",
        shown.replace("-", " "),
        shown.replace("-", "\u2011"),
        shown.replace("-", " \u2013 "),
        "".join(chr(ord(c) + 0xFEE0) for c in code),
    ):
        assert normal_code(typed) == code, typed


@given(bodies, st.integers(0, CODE_CHARACTERS - 1), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(body: str, place: int, wrong: str) -> None:
    code = body + check_character(body)
    if code[place] != wrong:
        assert normal_code(code[:place] + wrong + code[place + 1 :]) is None


@given(bodies, st.integers(0, RANDOM_CHARACTERS - 1), st.integers(0, RANDOM_CHARACTERS - 1))
def test_any_swap_of_two_characters_is_noticed(body: str, first: int, second: int) -> None:
    letters = list(body)
    letters[first], letters[second] = letters[second], letters[first]
    if "".join(letters) != body:
        assert normal_code("".join(letters) + check_character(body)) is None


@pytest.mark.parametrize("typed", ["", " ", "ABC", "A" * 22, "0" * 21, "é" * 21, "A" * 10_000])
def test_what_cannot_be_a_code(typed: str) -> None:
    assert normal_code(typed) is None


def test_a_code_is_shown_in_groups() -> None:
    assert shown_code("ABCDEFGHJKLMNPQRSTUVW") == "ABCDEFG-HJKLMNP-QRSTUVW"
