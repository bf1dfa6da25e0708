"""Median and quartiles of whole figures."""

import pytest

from domain.spread import Spread, find_spread


@pytest.mark.parametrize(
    ("why", "figures", "spread"),
    [
        ("one", [7], Spread(1, 7, 7, 7, 7, 7)),
        ("in any order", [30, 10, 20], Spread(3, 10, 15, 20, 25, 30)),
        ("between two, rounded down", [1, 2], Spread(2, 1, 1, 1, 1, 2)),
        ("an even number", [10, 20, 30, 40], Spread(4, 10, 17, 25, 32, 40)),
        ("all the same", [5] * 8, Spread(8, 5, 5, 5, 5, 5)),
    ],
)
def test_the_spread(why: str, figures: list[int], spread: Spread) -> None:
    assert find_spread(figures) == spread, why


def test_nobody_has_no_spread() -> None:
    assert find_spread([]) is None
