"""Median and spread of a list of figures: what a report says of many learners at once."""

from collections.abc import Mapping, Sequence
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


def spread_of_counts(counts: Mapping[int, int]) -> Spread | None:
    """The same for figures that are counted: how often each came. None where there are none."""
    ordered = sorted((figure, times) for figure, times in counts.items() if times)
    total = sum(times for _, times in ordered)
    if not total:
        return None
    quartiles = [_counted_quantile(ordered, total, quarter) for quarter in range(5)]
    return Spread(total, *quartiles)


def _counted_quantile(ordered: Sequence[tuple[int, int]], total: int, quarter: int) -> int:
    place, rest = divmod((total - 1) * quarter, 4)
    here = _figure_at(ordered, place)
    if rest == 0:
        return here
    return (here * (4 - rest) + _figure_at(ordered, place + 1) * rest) // 4


def _figure_at(ordered: Sequence[tuple[int, int]], place: int) -> int:
    """The figure at a place of the list in which each stands as often as it came."""
    passed = 0
    for figure, times in ordered:
        passed += times
        if place < passed:
            return figure
    raise IndexError(place)


def _quantile(ordered: Sequence[int], quarter: int) -> int:
    """The figure at a quarter of the way, between its two neighbors where it falls between."""
    place, rest = divmod((len(ordered) - 1) * quarter, 4)
    if rest == 0:
        return ordered[place]
    return (ordered[place] * (4 - rest) + ordered[place + 1] * rest) // 4
