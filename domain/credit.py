"""Credit hours from minutes: each approval counts its own hour and rounds down (ce-rules.md §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

NO_CREDIT = Decimal("0")
A_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class HourRule:
    """How a body counts: minutes of its contact hour, the step it rounds down to, its minimum.

    `maximum` caps what one course grants, `daily_maximum` what one learner earns in 24 hours.
    """

    hour_minutes: int = 60
    increment: Decimal = Decimal("0.25")
    minimum: Decimal = NO_CREDIT
    maximum: Decimal | None = None
    daily_maximum: Decimal | None = None


COMMON_RULE = HourRule()


def hours(
    minutes: int, rule: HourRule = COMMON_RULE, earned_that_day: Decimal = NO_CREDIT
) -> Decimal:
    """Credit hours for whole minutes, rounded down to the increment; 0 below the minimum.

    220 minutes of units and 20 of post-tests and evaluation are 4.00 hours of 60 minutes.
    Counted in whole steps, so that no fraction of an hour is ever rounded up. The caps of the
    body come last; `earned_that_day` are the hours of the same 24 hours, under the same body.
    """
    granted = _whole_steps(Decimal(minutes) / rule.hour_minutes, rule.increment)
    caps = [rule.maximum] if rule.maximum is not None else []
    if rule.daily_maximum is not None:
        caps.append(max(rule.daily_maximum - earned_that_day, NO_CREDIT))
    granted = _whole_steps(min([granted, *caps]), rule.increment)
    return granted if granted >= rule.minimum else NO_CREDIT


def most_in_a_day(granted: Sequence[tuple[datetime, Decimal]], moment: datetime) -> Decimal:
    """The most hours granted within any 24 hours that hold the moment."""
    ends = [moment, *(at for at, _ in granted if moment <= at < moment + A_DAY)]
    return max(
        sum((hours for at, hours in granted if end - A_DAY < at <= end), NO_CREDIT) for end in ends
    )


def _whole_steps(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).to_integral_value(ROUND_FLOOR) * step


def in_words(granted: Decimal) -> str:
    """'4.0' or '1.25': at least one decimal, no trailing zero beyond it."""
    text = f"{granted.normalize():f}"
    return text if "." in text else f"{text}.0"


def arithmetic(unit_minutes: tuple[int, ...], assessment_minutes: int, rule: HourRule) -> str:
    """The sum behind the hours: '50 + 30 + 20 for the post-tests and evaluation = 100 minutes; …'.

    A course below the body's minimum is said to be so.
    """
    total = sum(unit_minutes) + assessment_minutes
    terms = " + ".join(str(minutes) for minutes in unit_minutes)
    granted = hours(total, rule)
    result = f"{in_words(granted)} hours"
    if granted == NO_CREDIT:
        result = f"below the minimum of {in_words(rule.minimum)} hours: no credit"
    return (
        f"{terms} + {assessment_minutes} for the post-tests and evaluation = {total} minutes; "
        f"at {rule.hour_minutes} minutes an hour, rounded down to {rule.increment.normalize():f}: "
        f"{result}"
    )
