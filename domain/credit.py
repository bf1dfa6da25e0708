"""Credit hours from minutes: each approval counts its own hour and rounds down (ce-rules.md §4)."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal


@dataclass(frozen=True)
class HourRule:
    """How a body counts: minutes of its contact hour, the step it rounds down to, its minimum."""

    hour_minutes: int = 60
    increment: Decimal = Decimal("0.25")
    minimum: Decimal = Decimal("0")


COMMON_RULE = HourRule()


def hours(minutes: int, rule: HourRule = COMMON_RULE) -> Decimal:
    """Credit hours for whole minutes, rounded down to the increment; 0 below the minimum.

    220 minutes of units and 20 of post-tests and evaluation are 4.00 hours of 60 minutes.
    """
    steps = (Decimal(minutes) / rule.hour_minutes / rule.increment).to_integral_value(ROUND_FLOOR)
    granted = steps * rule.increment
    return granted if granted >= rule.minimum else Decimal("0")


def in_words(granted: Decimal) -> str:
    """'4.0' or '1.25': at least one decimal, no trailing zero beyond it."""
    text = f"{granted.normalize():f}"
    return text if "." in text else f"{text}.0"


def arithmetic(unit_minutes: tuple[int, ...], assessment_minutes: int, rule: HourRule) -> str:
    """The sum behind the hours: '50 + 30 + 20 for tests and evaluation = 100 minutes; …'."""
    total = sum(unit_minutes) + assessment_minutes
    terms = " + ".join(str(minutes) for minutes in unit_minutes)
    return (
        f"{terms} + {assessment_minutes} for the post-tests and evaluation = {total} minutes; "
        f"at {rule.hour_minutes} minutes an hour, rounded down to {rule.increment}, "
        f"{in_words(hours(total, rule))} hours"
    )
