"""Patterns of statements of approval: words in braces stand for data."""

import re
from string import Formatter

from course_format.faults import did_you_mean

WORDS = (
    "provider", "hours", "unit_word", "number", "body", "course", "valid_from", "valid_until",
)  # fmt: skip
TYPED_HOURS = re.compile(
    r"\d[\d.,]* *(?:CE|CEUs?|continuing|contact|clock|credit)\b(?: +(?:hours?|units?|credits?)\b)?",
    re.IGNORECASE,
)


def find_fault(pattern: str) -> str:
    """What is wrong with a pattern, in words; '' if all its words have a meaning."""
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return "A brace in the statement has no partner."
    for _, word, layout, conversion in parts:
        if word not in WORDS or layout or conversion:
            return f"“{{{word}}}” means nothing in a statement.{did_you_mean(str(word), WORDS)}"
    typed = TYPED_HOURS.search(pattern)
    if typed:
        return f"Write {{hours}} instead of “{typed[0]}”: the number is each course’s own."
    return ""
