"""Hours from minutes: rounded down, below the minimum nothing, each body by its own hour."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.credit import HourRule, arithmetic, hours, in_words

QUARTER = Decimal("0.25")


@pytest.mark.parametrize(
    ("minutes", "rule", "granted", "why"),
    [
        (240, HourRule(), "4", "the reference course: 220 of units and 20 of assessment"),
        (240, HourRule(hour_minutes=50), "4.75", "4.8 hours of 50 minutes, rounded down"),
        (239, HourRule(), "3.75", "one minute short of four hours is not four"),
        (15, HourRule(), "0.25", "exactly one step"),
        (14, HourRule(), "0", "less than one step"),
        (59, HourRule(minimum=Decimal("1.0")), "0", "below the minimum nothing is granted"),
        (60, HourRule(minimum=Decimal("1.0")), "1", "the minimum itself is granted"),
        (110, HourRule(increment=Decimal("0.5")), "1.5", "half-hour steps"),
        (185, HourRule(increment=Decimal("1")), "3", "whole hours only"),
        (66, HourRule(increment=Decimal("0.1")), "1.1", "tenths, exactly, with no binary error"),
        (20, HourRule(hour_minutes=60, increment=Decimal("0.05")), "0.3", "a third rounds down"),
        (50, HourRule(hour_minutes=50, increment=Decimal("0.1")), "1", "one 50-minute hour"),
        (0, HourRule(), "0", "no minutes, no hours"),
    ],
)
def test_hours(minutes: int, rule: HourRule, granted: str, why: str) -> None:
    assert hours(minutes, rule) == Decimal(granted), why


@given(
    minutes=st.integers(0, 10_000),
    hour=st.sampled_from([50, 60]),
    step=st.sampled_from(["0.1", "0.25", "0.5", "1"]),
)
def test_hours_never_exceed_the_time_and_miss_less_than_a_step(
    minutes: int, hour: int, step: str
) -> None:
    granted = hours(minutes, HourRule(hour, Decimal(step)))
    exact = Decimal(minutes) / hour
    assert granted <= exact < granted + Decimal(step)
    assert granted % Decimal(step) == 0


@pytest.mark.parametrize(
    ("granted", "words"),
    [
        ("4", "4.0"),
        ("4.00", "4.0"),
        ("1.25", "1.25"),
        ("1.50", "1.5"),
        ("0", "0.0"),
        ("10", "10.0"),
    ],
)
def test_hours_in_words(granted: str, words: str) -> None:
    assert in_words(Decimal(granted)) == words


def test_the_arithmetic_is_said_in_words() -> None:
    assert arithmetic((50, 30), 20, HourRule(50)) == (
        "50 + 30 + 20 for the post-tests and evaluation = 100 minutes; "
        "at 50 minutes an hour, rounded down to 0.25: 2.0 hours"
    )


def test_too_short_a_course_is_said_to_grant_nothing() -> None:
    words = arithmetic((30,), 10, HourRule(minimum=Decimal("1.0")))
    assert words.endswith("below the minimum of 1.0 hours: no credit")
