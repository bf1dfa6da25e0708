"""The words by whose beginning a person is found: of the name, of the address before the @."""

import re
import unicodedata

from domain.identity import normal_email

LONGEST_WORD = 60
MOST_WORDS = 16
BETWEEN_WORDS = re.compile(r"[\W_]+")


def words_of_person(name: str, email: str) -> set[str]:
    """The words of a name and of the address's first part, and the whole address."""
    words = [*fold(name), *fold(email.partition("@")[0])][:MOST_WORDS]
    return {*words, normal_email(email)[:LONGEST_WORD]} - {""}


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
