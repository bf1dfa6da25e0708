"""Whole numbers as they arrive in addresses and fields: plain figures, within bounds."""

import re

LARGEST = 2**31 - 1
"""What every whole number column holds, on either database."""
_FIGURES = re.compile(r"[0-9]{1,18}")


def read_whole_number(text: str, largest: int = LARGEST) -> int | None:
    """The number that `text` writes in ASCII figures, from 0 to `largest`; None for all else.

    `str.isdigit` alone would let through '²', which is no number, and numbers of any length,
    which no database holds.
    """
    if not _FIGURES.fullmatch(text):
        return None
    number = int(text)
    return number if number <= largest else None
