"""The attestation: what the learner states, and whether the name typed below it is theirs."""

import unicodedata

from domain.identity import tidy_name

STATEMENT = "I completed this course and its post-tests myself."
SAME_MARK = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


def is_same_name(typed: str, name_on_license: str) -> bool:
    """Whether the typed name is the name on the license.

    Case, spaces and the form of apostrophes and hyphens do not matter; letters and accents do.
    """
    return _plain(typed) == _plain(name_on_license)


def signed_statement(typed: str) -> str:
    """The statement with the name typed below it, as it is kept."""
    return f"{STATEMENT} Signed: {tidy_name(typed)}"


def _plain(name: str) -> str:
    marks = tidy_name(name).translate(SAME_MARK).translate(HYPHENS)
    return "".join(unicodedata.normalize("NFKC", marks).casefold().split())
