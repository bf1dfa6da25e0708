"""The caps of bodies: on one course, and on what a learner earns in 24 hours."""

from decimal import Decimal

import pytest

from domain.credit import HourRule, hours


@pytest.mark.parametrize(
    ("minutes", "rule", "earned", "granted", "why"),
    [
        (240, HourRule(), "0", "4.00", "no cap"),
        (240, HourRule(maximum=Decimal("3")), "0", "3.00", "a cap on the course"),
        (600, HourRule(daily_maximum=Decimal("8")), "0", "8.00", "more than a day's hours"),
        (240, HourRule(daily_maximum=Decimal("8")), "6", "2.00", "only what is left of the day"),
        (240, HourRule(daily_maximum=Decimal("8")), "8", "0", "nothing is left"),
        (240, HourRule(daily_maximum=Decimal("8")), "9.5", "0", "never less than nothing"),
        (240, HourRule(daily_maximum=Decimal("8")), "7.9", "0", "0.1 is no whole step of 0.25"),
        (
            240,
            HourRule(minimum=Decimal("1"), daily_maximum=Decimal("8")),
            "7.5",
            "0",
            "what is left is below the least credit",
        ),
        (600, HourRule(600, Decimal("0.1")), "0", "1.0", "a CEU is ten hours"),
        (659, HourRule(600, Decimal("0.1")), "0", "1.0", "and is rounded down to a tenth"),
    ],
)
def test_caps_come_last(minutes: int, rule: HourRule, earned: str, granted: str, why: str) -> None:
    assert hours(minutes, rule, Decimal(earned)) == Decimal(granted), why
