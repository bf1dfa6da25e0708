"""Patterns of statements of approval: words in braces stand for data."""

from string import Formatter

from course_format.faults import did_you_mean

WORDS = (
    "provider", "hours", "unit_word", "number", "body", "course", "valid_from", "valid_until",
)  # fmt: skip


def find_fault(pattern: str) -> str:
    """What is wrong with a pattern, in words; '' if all its words have a meaning."""
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return "A brace in the statement has no partner."
    for _, word, layout, conversion in parts:
        if word not in WORDS or layout or conversion:
            return f"“{{{word}}}” means nothing in a statement.{did_you_mean(str(word), WORDS)}"
    return ""
