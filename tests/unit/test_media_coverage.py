"""Coverage of a recording cannot grow faster than it can be played, on any number of pages."""

from datetime import timedelta

import pytest

from domain.media import HIGHEST_RATE, SLACK_S, covered_seconds, is_enough, spend, union


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("why", "allowance", "since_last", "since_opened", "grown", "left"),
    [
        ("played at the highest rate", 25, 10, 60, 20, 25),
        ("dragged to the end", 25, 5, 5, 300, None),
        ("a day away earns no more than the page's own minute", 25, 86_400, 60, 146, None),
        ("what is allowed to the last second", 25, 86_400, 60, 145, 0),
        ("a clock that went back fills nothing", 10, -50, 60, 10, 0),
        ("nothing new", 0, 0, 0, 0, 0),
    ],
)
def test_the_allowance(
    why: str, allowance: float, since_last: float, since_opened: float, grown: float, left: object
) -> None:
    assert spend(allowance, seconds(since_last), seconds(since_opened), grown) == left, why


def test_ten_windows_earn_no_more_than_one() -> None:
    allowance, covered = SLACK_S, 0.0
    for _ in range(100):
        for window in range(10):
            left = spend(allowance, seconds(10 if window == 0 else 0), seconds(1e6), 20)
            if left is not None:
                allowance, covered = left, covered + 20
    assert covered <= 100 * 10 * HIGHEST_RATE + SLACK_S


def test_watching_to_the_end_after_dragging_is_not_enough() -> None:
    played = union([[0, 10], [95, 100], [98, 100], [9.8, 12]])
    assert (covered_seconds(played), is_enough(played, 100)) == (17, False)
