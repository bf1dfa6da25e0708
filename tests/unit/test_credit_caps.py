"""The caps of bodies: on one course, and on what a learner earns in 24 hours."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.credit import HourRule, hours, most_in_a_day


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


@pytest.mark.parametrize(
    ("others", "most", "why"),
    [
        ([], 0, "nothing else"),
        ([(0, 3)], 3, "completed at the same moment"),
        ([(-23, 3)], 3, "the day before"),
        ([(-24, 3)], 0, "24 hours before are over"),
        ([(23, 3)], 3, "completed later, certified earlier"),
        ([(24, 3)], 0, "24 hours later is another day"),
        ([(-20, 3), (20, 4)], 4, "40 hours apart: no 24 hours hold both"),
        ([(-10, 3), (10, 4)], 7, "20 hours apart: one day holds both"),
        ([(-20, 3), (-1, 1), (2, 4)], 8, "22 hours hold all three"),
    ],
)
def test_the_fullest_day_counts(others: list[tuple[int, int]], most: int, why: str) -> None:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    granted = [(moment + timedelta(hours=at), Decimal(hours)) for at, hours in others]
    assert most_in_a_day(granted, moment) == most, why
