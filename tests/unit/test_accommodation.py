"""What accommodations come to."""

from datetime import timedelta

import pytest

from domain.accommodation import NO_EFFECT, Granted, combine

HOUR = timedelta(hours=1)


def test_nothing_granted_changes_nothing() -> None:
    assert combine([]) == NO_EFFECT
    assert NO_EFFECT.lengthen(HOUR) == HOUR
    assert NO_EFFECT.shorten(HOUR) == HOUR


@pytest.mark.parametrize(
    ("granted", "percent", "attempts", "asks", "why"),
    [
        ([Granted(150)], 150, 0, True, "one alone"),
        ([Granted(150, 1), Granted(200, 2)], 200, 2, True, "the best of each, never the sum"),
        ([Granted(100, 3), Granted(125)], 125, 3, True, "one gives time, the other attempts"),
        ([Granted(), Granted(asks_presence=False)], 100, 0, False, "one 'do not ask' is enough"),
    ],
)
def test_the_best_of_all_counts(
    granted: list[Granted], percent: int, attempts: int, asks: bool, why: str
) -> None:
    effect = combine(granted)
    assert (effect.time_percent, effect.extra_attempts, effect.asks_presence) == (
        percent,
        attempts,
        asks,
    ), why


def test_a_factor_lengthens_limits_and_shortens_minimums() -> None:
    effect = combine([Granted(200)])
    assert effect.lengthen(HOUR) == 2 * HOUR
    assert effect.shorten(HOUR) == HOUR / 2
