"""Addresses in their one form; names without what nobody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import names
from domain.identity import normal_email, tidy_name


@pytest.mark.parametrize(
    ("why", "typed"),
    [
        ("case", "ALICE@Example.ORG"),
        ("space around", "  alice@example.org\n"),
        ("full-width letters", "ａｌｉｃｅ@example.org"),
        ("a full-width at sign", "alice＠example.org"),
        ("a full-width full stop", "alice@example．org"),
        ("letters of mathematics", "𝐚𝐥𝐢𝐜𝐞@example.org"),
        ("letters in circles", "ⓐⓛⓘⓒⓔ@example.org"),
    ],
)
def test_twins_of_an_address_are_the_same_address(why: str, typed: str) -> None:
    assert normal_email(typed) == "alice@example.org", why


@pytest.mark.parametrize(
    ("why", "typed"),
    [
        ("a Cyrillic letter is another mailbox", "аlice@example.org"),
        ("a dotless i is another letter", "alıce@example.org"),
        ("a capital I with a dot is no plain i", "alİce@example.org"),
        ("a mark is no decoration", "álice@example.org"),
    ],
)
def test_other_addresses_stay_others(why: str, typed: str) -> None:
    assert normal_email(typed) != "alice@example.org", why


@given(st.text(max_size=40))
def test_the_normal_form_is_its_own_normal_form(typed: str) -> None:
    assert normal_email(normal_email(typed)) == normal_email(typed)


@pytest.mark.parametrize(
    ("why", "typed", "kept"),
    [
        ("runs of space", " Alice   M.\tLearner ", "Alice M. Learner"),
        ("a line break cannot end a header", "Alice\r\nBcc: x", "Alice Bcc: x"),
        ("a control character", "Al\x07ice", "Al ice"),
        ("zero-width space and joiners in Latin", "Al\u200bi\u200dc\u200ce", "Alice"),
        ("soft hyphens, marks of order and byte order", "A\u00adl\ufeffi\u200ece", "Alice"),
        ("a Persian name needs its non-joiner", "می\u200cنا", "می\u200cنا"),
        ("a Hindi name needs its joiner", "क्\u200dष", "क्\u200dष"),
        ("but not two of them", "می\u200c\u200cنا", "می\u200cنا"),
        ("nor one at the beginning", "\u200cمینا", "مینا"),
        ("nothing but what nobody sees", "\u200b\u2060\u200d", ""),
        ("accents are composed", "Rene\u0301", "René"),
    ],
)
def test_a_name_keeps_what_is_seen(why: str, typed: str, kept: str) -> None:
    assert tidy_name(typed) == kept, why


@pytest.mark.parametrize(
    ("why", "name"),
    [
        ("an override reverses what follows", "Alice \u202erenraeL"),
        ("an isolate hides the direction", "\u2067Alice\u2069"),
        ("a private character has no shape", "Ali\ue000ce"),
        ("no character at all", "Alice\uffff"),
    ],
)
def test_names_that_do_not_read_as_they_are_have_a_fault(why: str, name: str) -> None:
    assert names.find_fault(tidy_name(name)) is not None, why


@pytest.mark.parametrize(
    "name", ["Alice Learner", "O’Neill-Łukasz", "می\u200cنا", "王小明", "María José", "שרה"]
)
def test_real_names_have_none(name: str) -> None:
    assert names.find_fault(tidy_name(name)) is None
    assert names.has_letter(name)


@pytest.mark.parametrize("name", ["\u3164\u3164", "\u2800", "---", "123", "🙂"])
def test_a_name_without_a_letter_is_none(name: str) -> None:
    assert not names.has_letter(tidy_name(name))
