"""Days as people type them."""

from datetime import date

import pytest

from domain.plain_days import read_day


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "9999-12-31", "1899-12-31"])
def test_what_is_no_day_or_of_a_year_nobody_means(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize("text", ["1900-01-01", "2026-11-26", "2199-12-31"])
def test_a_day(text: str) -> None:
    assert read_day(text) == date.fromisoformat(text)
