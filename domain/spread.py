"""Median and spread of a list of figures: what a report says of many learners at once."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Least, lower quartile, median, upper quartile and greatest of `count` figures."""

    count: int
    least: int
    lower: int
    median: int
    upper: int
    greatest: int


def find_spread(figures: Sequence[int]) -> Spread | None:
    """The spread of whole figures, each quartile rounded down; None where there are none."""
    ordered = sorted(figures)
    if not ordered:
        return None
    quartiles = (_quantile(ordered, quarter) for quarter in range(5))
    return Spread(len(ordered), *quartiles)


def _quantile(ordered: Sequence[int], quarter: int) -> int:
    """The figure at a quarter of the way, between its two neighbors where it falls between."""
    place, rest = divmod((len(ordered) - 1) * quarter, 4)
    if rest == 0:
        return ordered[place]
    return (ordered[place] * (4 - rest) + ordered[place + 1] * rest) // 4
