"""Verification codes: 99 random bits, no look-alikes, a check character, easy to type."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
"""31 characters; 0, 1, I, O and Z are left out. 31 is prime, as the check character needs."""
RANDOM_CHARACTERS = 20
GROUP = 4


def make_code() -> str:
    """A new code: 20 random characters (99 bits) and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return body + check_character(body)


def normal_code(typed: str) -> str | None:
    """The code as stored, from any typing of it; None if it cannot be one.

    Case, spaces and hyphens do not matter.
    """
    code = "".join(c for c in typed.upper() if c not in " -\u2010\u2011\u2013\t\r\n")
    if len(code) != RANDOM_CHARACTERS + 1 or any(c not in ALPHABET for c in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def shown_code(code: str) -> str:
    """The code in groups of four: ABCD-EFGH-…"""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def check_character(body: str) -> str:
    """A weighted sum modulo 31: any one wrong character and any swap of two is noticed."""
    total = sum(place * ALPHABET.index(c) for place, c in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]
