"""Which days a report keeps summed up, and how a period is put together from them."""

from datetime import date, timedelta

import pytest

from domain.report_spans import Span, list_kept, split

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("first", "last", "kept", "spans"),
    [
        ("2026-10-01", "2026-10-31", {"2026-10"}, ["2026-10"]),
        ("2026-10-01", "2026-10-31", set(), ["2026-10"]),
        ("2026-10-30", "2026-11-02", {"2026-10", "2026-11-01"},
         ["2026-10-30", "2026-11-01", "2026-11-02"]),
        ("2026-10-01", "2026-10-05", {"2026-10-03"},
         ["2026-10-01", "2026-10-03", "2026-10-04"]),
    ],
)  # fmt: skip
def test_a_period_is_split(first: str, last: str, kept: set[str], spans: list[str]) -> None:
    found = split(date.fromisoformat(first), date.fromisoformat(last), kept)
    assert [span.name for span in found] == spans
    days = [span.first + timedelta(n) for span in found for n in range(_length(span))]
    whole = Span(date.fromisoformat(first), date.fromisoformat(last))
    assert days == [whole.first + timedelta(n) for n in range(_length(whole))], "each day once"


def test_the_default_year_is_read_from_kept_spans_but_for_today() -> None:
    kept = {span.name for span in list_kept(date(2020, 3, 5), TODAY)}
    parts = split(TODAY - timedelta(days=364), TODAY, kept)
    assert [span.name for span in parts if span.name not in kept] == ["2026-11-25"]
    assert len(parts) < 45
    assert {"2020-03", "2026-10", "2025-11"} <= kept


def test_before_anything_happened_single_days_are_kept_only() -> None:
    assert all(not span.is_month for span in list_kept(TODAY, TODAY))


def _length(span: Span) -> int:
    return (span.last - span.first).days + 1
