"""What evaluations come to, and which parts of them may be shown on their own."""

import pytest

from domain.evaluation import SCALE, Field
from domain.evaluation_summary import may_be_shown, months_of, periods_of, summarize

SCALED = Field("content", "scale", "Content", SCALE, False)
CHOSEN = Field("bias", "choice", "Bias", (("1", "No"), ("2", "Yes")), False)
WRITTEN = Field("comments", "text", "Comments", (), True)


def test_a_scale_has_a_mean_and_a_distribution() -> None:
    answers = [{"content": value} for value in ("5", "5", "4", "1")] + [{}]
    found = summarize([SCALED], answers)[0]
    assert (found.given, found.mean) == (4, 3.75)
    assert [count for _, count in found.counts] == [1, 0, 0, 1, 2]


def test_choices_are_counted_in_the_order_of_the_form() -> None:
    found = summarize([CHOSEN], [{"bias": "Yes"}, {"bias": "No"}, {"bias": "No"}])[0]
    assert (found.counts, found.mean) == ((("No", 2), ("Yes", 1)), None)


def test_texts_are_in_the_order_of_the_alphabet_so_that_order_tells_nothing() -> None:
    found = summarize([WRITTEN], [{"comments": "zebra"}, {"comments": "Apple"}, {}])[0]
    assert (found.given, found.texts) == (2, ("Apple", "zebra"))


def test_nothing_given_has_no_mean() -> None:
    assert summarize([SCALED], [])[0].mean is None


@pytest.mark.parametrize(
    ("selected", "of_all", "shown", "why"),
    [
        (4, 4, False, "four could be known to each other"),
        (5, 5, True, "five of five"),
        (5, 6, False, "all but one would give the one away"),
        (5, 9, False, "four are left"),
        (5, 10, True, "five are left"),
        (0, 10, False, "nothing to show"),
    ],
)
def test_a_part_is_shown_only_where_no_one_stands_out(
    selected: int, of_all: int, shown: bool, why: str
) -> None:
    assert may_be_shown(selected, of_all) is shown, why


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
