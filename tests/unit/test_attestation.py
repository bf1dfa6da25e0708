"""The typed name of an attestation: compared as people write, not as machines store."""

import pytest

from domain.attestation import STATEMENT, is_same_name, signed_statement


@pytest.mark.parametrize(
    ("typed", "name", "same", "why"),
    [
        ("Alice Learner", "Alice Learner", True, "as printed"),
        ("alice  LEARNER ", "Alice Learner", True, "case and spaces do not matter"),
        ("AliceLearner", "Alice Learner", True, "nor does a missing space"),
        ("O'Brien", "O\u2019Brien", True, "keyboards have one apostrophe"),
        ("Smith\u2010Jones", "Smith-Jones", True, "and several hyphens"),
        ("Jose\u0301", "José", True, "an accent typed as its own character"),
        ("Straße", "STRASSE", True, "case folding, not lower case"),
        ("Jose", "José", False, "an accent left out is another name"),
        ("Alice", "Alice Learner", False, "a part of the name"),
        ("Alice Learners", "Alice Learner", False, "more than the name"),
        ("", "Alice Learner", False, "nothing"),
        ("Dave Stranger", "Alice Learner", False, "somebody else"),
    ],
)
def test_same_name(typed: str, name: str, same: bool, why: str) -> None:
    assert is_same_name(typed, name) is same, why


def test_the_statement_is_kept_with_the_name_as_typed() -> None:
    assert signed_statement(" alice   learner ") == f"{STATEMENT} Signed: alice learner"
