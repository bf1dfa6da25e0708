"""Enrollment keys: random, and readable over the telephone."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
"""31 characters without look-alikes: 0, 1, I, O and Z are left out."""
CHARACTERS = 12
GROUP = 4


def make_code() -> str:
    """A new code of 12 characters: 59 random bits, far beyond guessing at 20 tries an hour."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS))


def shown_code(code: str) -> str:
    """The code in groups of four: ABCD-EFGH-JKLM."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))
