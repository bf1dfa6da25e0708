"""What evaluations come to, and which parts of them may be shown on their own."""

import itertools
import random
from collections import Counter

import pytest

from domain.evaluation import SCALE, Field
from domain.evaluation_summary import (
    FieldSummary,
    batches_of,
    count_answers,
    months_of,
    periods_of,
    summarize,
)
from tests.effort import examples

SCALED = Field("content", "scale", "Content", SCALE, False)
CHOSEN = Field("bias", "choice", "Bias", (("1", "No"), ("2", "Yes")), False)
WRITTEN = Field("comments", "text", "Comments", (), True)


def summary(field: Field, answers: list[dict[str, str]]) -> FieldSummary:
    texts = {field.name: [one[field.name] for one in answers if field.name in one]}
    return summarize([field], count_answers([field], answers), texts)[0]


def test_a_scale_has_a_mean_and_a_distribution() -> None:
    answers = [{"content": value} for value in ("5", "5", "4", "1")] + [{}]
    found = summary(SCALED, answers)
    assert (found.given, found.mean) == (4, 3.75)
    assert [count for _, count in found.counts] == [1, 0, 0, 1, 2]


def test_choices_are_counted_in_the_order_of_the_form() -> None:
    found = summary(CHOSEN, [{"bias": "Yes"}, {"bias": "No"}, {"bias": "No"}])
    assert (found.counts, found.mean) == ((("No", 2), ("Yes", 1)), None)


def test_texts_are_in_the_order_of_the_alphabet_so_that_order_tells_nothing() -> None:
    found = summary(WRITTEN, [{"comments": "zebra"}, {"comments": "Apple"}, {}])
    assert (found.given, found.texts) == (2, ("Apple", "zebra"))


def test_nothing_given_has_no_mean() -> None:
    assert summary(SCALED, []).mean is None


@pytest.mark.parametrize(
    ("counts", "batches", "why"),
    [
        ({"2026-10": 4}, [], "four could be known to each other"),
        ({"2026-10": 5}, [(("2026-10",), 5)], "five of five"),
        ({"2026-03": 6, "2026-10": 1}, [(("2026-03",), 6)], "the one waits"),
        (
            {"2026-03": 6, "2026-10": 1, "2026-11": 4},
            [(("2026-03",), 6), (("2026-10", "2026-11"), 5)],
            "with four more, the one counts",
        ),
        ({"2025-12": 3, "2026-01": 9}, [(("2025-12", "2026-01"), 12)], "in the month that makes 5"),
        ({"2026-01": 0, "2026-02": 5}, [(("2026-02",), 5)], "months without any are none"),
    ],
)
def test_evaluations_are_counted_in_batches(
    counts: dict[str, int], batches: list[tuple[tuple[str, ...], int]], why: str
) -> None:
    assert [(batch.months, batch.count) for batch in batches_of(counts)] == batches, why


@pytest.mark.parametrize("seed", range(examples(quick=12, full=200)))
def test_no_group_smaller_than_five_follows_from_everything_shown(seed: int) -> None:
    """Every sum and difference of what the pages show, by brute force, month by month."""
    chance = random.Random(seed)
    months = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
    counts = {month: chance.choice((0, 0, 1, 2, 3, 4, 5, 7)) for month in chance.sample(months, 9)}
    shown = _everything_shown(counts)
    for signs in itertools.product((-1, 0, 1), repeat=len(shown)):
        times = Counter(
            {month: sum(s for s, group in zip(signs, shown, strict=True) if month in group)
             for month in counts}
        )  # fmt: skip
        if set(times.values()) <= {0, 1}:
            left = sum(counts[month] for month, is_in in times.items() if is_in)
            assert left == 0 or left >= 5, (counts, shown, signs)


def _everything_shown(counts: dict[str, int]) -> list[frozenset[str]]:
    """The months behind each summary that differs from the others: all time, years, quarters."""
    batches = batches_of(counts)
    groups = set()
    for period in ("", *periods_of([batch.last for batch in batches])):
        first, last = months_of(period) if period else ("", "9999-12")
        chosen = [batch for batch in batches if first <= batch.last <= last]
        groups.add(frozenset(month for batch in chosen for month in batch.months))
    return sorted(groups, key=len)[:8]


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026", ("2026-01", "2026-12")),
        ("2026-Q1", ("2026-01", "2026-03")),
        ("2026-Q4", ("2026-10", "2026-12")),
    ],
)
def test_periods(period: str, months: tuple[str, str]) -> None:
    assert months_of(period) == months


@pytest.mark.parametrize("period", ["", "2026-Q5", "2026-11", "26", "20x6", "2026-Q", "٢٠٢٦"])
def test_no_period(period: str) -> None:
    with pytest.raises(ValueError):
        months_of(period)


def test_the_periods_of_months_come_latest_first() -> None:
    assert periods_of(["2025-12", "2026-01", "2026-02"]) == ["2026-Q1", "2026", "2025-Q4", "2025"]
