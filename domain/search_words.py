"""The words by whose beginning people, certificates and reports are found: folded, bare."""

import re
import unicodedata

from domain.identity import normal_email

LONGEST_WORD = 60
MOST_WORDS = 16
MOST_OF_TEXT = 400
BETWEEN_WORDS = re.compile(r"[\W_]+")


def words_of_person(name: str, email: str) -> set[str]:
    """The words of a name and of the address's first part, and the whole address."""
    words = [*fold(name), *fold(email.partition("@")[0])][:MOST_WORDS]
    return {*words, normal_email(email)[:LONGEST_WORD]} - {""}


def words_of_name(name: str) -> set[str]:
    """The words of a name as it is printed."""
    return set(fold(name)[:MOST_WORDS])


def words_of_text(text: str, email: str) -> set[str]:
    """The first MOST_OF_TEXT different words of a text, and an address, whole and in words."""
    words = [*fold(email.partition("@")[0]), normal_email(email)[:LONGEST_WORD], *fold(text)]
    return set(list(dict.fromkeys(words))[:MOST_OF_TEXT]) - {""}


def words_asked(typed: str) -> list[str]:
    """What somebody looks for: addresses whole, all else in words."""
    found: list[str] = []
    for part in typed.split():
        found += [normal_email(part)[:LONGEST_WORD]] if "@" in part else fold(part)
    return list(dict.fromkeys(found))[:MOST_WORDS]


def fold(text: str) -> list[str]:
    """The words of a text without case and accents: 'Nguyễn' is found as 'nguyen'."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return [word[:LONGEST_WORD] for word in BETWEEN_WORDS.split(bare.casefold()) if word]
