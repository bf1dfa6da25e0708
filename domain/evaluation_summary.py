"""What learners' evaluations come to: how many, means, distributions, what they wrote.

Shown from five on, and only where those left out are none or at least five, too: so nobody's
answers can be read, nor worked out by comparing two summaries.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.evaluation import SCALE, Field

FEWEST = 5


@dataclass(frozen=True)
class FieldSummary:
    """One field: the answers given, how often each, the mean of a scale (None otherwise).

    `counts` is (words, how often) in the order of the form; `texts` are what was written, in
    the order of the alphabet, so that their order tells nothing.
    """

    field: Field
    given: int
    counts: tuple[tuple[str, int], ...]
    mean: float | None
    texts: tuple[str, ...]


def may_be_shown(selected: int, of_all: int) -> bool:
    """Whether a part of all evaluations of a course may be summed up on its own."""
    rest = of_all - selected
    return selected >= FEWEST and (rest == 0 or rest >= FEWEST)


def summarize(
    fields: Sequence[Field], evaluations: Sequence[Mapping[str, str]]
) -> list[FieldSummary]:
    """A summary of every field of the form."""
    return [
        _summarize(field, [e[field.name] for e in evaluations if field.name in e])
        for field in fields
    ]


def months_of(period: str) -> tuple[str, str]:
    """First and last month of '2026' or '2026-Q3', as '2026-07' and '2026-09'.

    Raises ValueError for anything else.
    """
    year, _, quarter = period.partition("-Q")
    if len(year) != 4 or not year.isascii() or not year.isdigit():
        raise ValueError(period)
    if not quarter:
        if "-" in period:
            raise ValueError(period)
        return f"{year}-01", f"{year}-12"
    if quarter not in ("1", "2", "3", "4"):
        raise ValueError(period)
    return f"{year}-{int(quarter) * 3 - 2:02}", f"{year}-{int(quarter) * 3:02}"


def periods_of(months: Sequence[str]) -> list[str]:
    """The years and quarters that months ('2026-11') fall in, the latest first."""
    years = {month[:4] for month in months}
    quarters = {f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" for month in months}
    return sorted(years | quarters, reverse=True)


def _summarize(field: Field, given: Sequence[str]) -> FieldSummary:
    counted = Counter(given)
    if field.kind == "text":
        return FieldSummary(field, len(given), (), None, tuple(sorted(given, key=str.casefold)))
    if field.kind == "scale":
        counts = tuple((f"{value} {words}", counted[value]) for value, words in SCALE)
        mean = sum(int(value) for value in given) / len(given) if given else None
        return FieldSummary(field, len(given), counts, mean, ())
    counts = tuple((words, counted[words]) for _, words in field.options)
    return FieldSummary(field, len(given), counts, None, ())
