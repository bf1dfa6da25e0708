"""Enrollment keys: readable, and not to be guessed."""

from domain.enrollment_key import ALPHABET, make_code, shown_code


def test_a_code_has_twelve_characters_without_look_alikes() -> None:
    codes = [make_code() for _ in range(200)]
    assert {len(code) for code in codes} == {12}
    assert not set("".join(codes)) & set("01IOZ")
    assert set("".join(codes)) <= set(ALPHABET)
    assert len(set(codes)) == 200


def test_a_code_is_shown_in_fours() -> None:
    assert shown_code("ABCDEFGHJKLM") == "ABCD-EFGH-JKLM"
