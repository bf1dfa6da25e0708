"""Verification codes: 99 random bits, no look-alikes, a check character, easy to type."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
"""31 characters; 0, 1, I, O and Z are left out. 31 is prime, as the check character needs."""
RANDOM_CHARACTERS = 20
CODE_CHARACTERS = RANDOM_CHARACTERS + 1
GROUP = 7
SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014\u2212._"


def make_code() -> str:
    """A new code: 20 random characters (99 bits) and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return body + check_character(body)


def normal_code(typed: str) -> str | None:
    """The code as stored, from any typing of it; None if it cannot be one.

    Case, spaces, hyphens and full-width forms do not matter.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(c for c in plain if not c.isspace() and c not in SEPARATORS)
    if len(code) != CODE_CHARACTERS or any(c not in ALPHABET for c in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def shown_code(code: str) -> str:
    """The code in three groups of seven: ABCDEFG-HJKLMNP-QRSTUVW."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def check_character(body: str) -> str:
    """A weighted sum modulo 31: any one wrong character and any swap of two is noticed.

    The weights 1 to 20 and their differences are never multiples of the prime 31.
    """
    total = sum(place * ALPHABET.index(c) for place, c in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]
