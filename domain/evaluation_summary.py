"""What learners' evaluations come to: how many, means, distributions, what they wrote.

They are counted in batches of at least five: a month with fewer waits and is put together with
the months after it until there are five. Every summary is of whole batches, so whatever is taken
away from whatever, five or more are left, or nobody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.evaluation import SCALE, Field

FEWEST = 5


@dataclass(frozen=True)
class FieldSummary:
    """One field: how many gave an answer, how often each, the mean of a scale (None otherwise).

    `counts` is (words, how often) in the order of the form; `texts` are what was written, in
    the order of the alphabet, so that their order tells nothing.
    """

    field: Field
    given: int
    counts: tuple[tuple[str, int], ...]
    mean: float | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """Evaluations that are counted together: months in order ('2026-10'), and how many."""

    months: tuple[str, ...]
    count: int

    @property
    def first(self) -> str:
        return self.months[0]

    @property
    def last(self) -> str:
        """The month in which the batch counts: with it there were enough."""
        return self.months[-1]


def batches_of(counts: Mapping[str, int]) -> list[Batch]:
    """The batches of months with so many evaluations each; the last few may wait for more."""
    found: list[Batch] = []
    months: list[str] = []
    count = 0
    for month in sorted(month for month, number in counts.items() if number):
        months.append(month)
        count += counts[month]
        if count >= FEWEST:
            found.append(Batch(tuple(months), count))
            months, count = [], 0
    return found


Counts = dict[str, dict[str, int]]
"""By field, how often each value was given; of texts, under '', how many were written."""


def count_answers(fields: Sequence[Field], evaluations: Iterable[Mapping[str, str]]) -> Counts:
    """The values of every field, counted."""
    texts = {field.name for field in fields if field.kind == "text"}
    found: dict[str, Counter[str]] = {field.name: Counter() for field in fields}
    for answers in evaluations:
        for name in found.keys() & answers.keys():
            found[name]["" if name in texts else answers[name]] += 1
    return {name: dict(counts) for name, counts in found.items()}


def summarize(
    fields: Sequence[Field], counts: Counts, texts: Mapping[str, Sequence[str]]
) -> list[FieldSummary]:
    """A summary of every field of the form, with (some of) the texts that were written."""
    return [
        _summarize(field, counts.get(field.name, {}), texts.get(field.name, ())) for field in fields
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


def _summarize(field: Field, counted: Mapping[str, int], texts: Sequence[str]) -> FieldSummary:
    given = sum(counted.values())
    if field.kind == "text":
        return FieldSummary(field, given, (), None, tuple(sorted(texts, key=str.casefold)))
    if field.kind == "scale":
        counts = tuple((f"{value} {words}", counted.get(value, 0)) for value, words in SCALE)
        total = sum(int(value) * times for value, times in counted.items())
        return FieldSummary(field, given, counts, total / given if given else None, ())
    counts = tuple((words, counted.get(words, 0)) for _, words in field.options)
    return FieldSummary(field, given, counts, None, ())
