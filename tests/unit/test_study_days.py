"""Days and stretches of study: cut at midnight for pages, flagged when very long."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.study_days import find_unusual, local_day, split_at_midnight

NEW_YORK = "America/New_York"


def at(day: int, hour: float, month: int = 11) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("why", "start", "end", "zone", "lengths"),
    [
        ("within a day", at(24, 15), at(24, 16), NEW_YORK, [3600]),
        ("over midnight in New York, 5:00 in UTC", at(24, 4), at(24, 6), NEW_YORK, [3600, 3600]),
        ("midnight in UTC is none there", at(23, 23), at(24, 1), NEW_YORK, [7200]),
        ("ending at midnight", at(24, 4), at(24, 5), NEW_YORK, [3600]),
        (
            "clocks go back: 25 hours",
            at(1, 3),
            at(2, 6),
            NEW_YORK,
            [3600, 90000, 3600],
        ),
        ("clocks go on: 23 hours", at(8, 4, 3), at(9, 5, 3), NEW_YORK, [3600, 82800, 3600]),
        ("month end", at(30, 23), at(30, 25), "UTC", [3600, 3600]),
    ],
)
def test_intervals_are_cut_at_local_midnight(
    why: str, start: datetime, end: datetime, zone: str, lengths: list[int]
) -> None:
    parts = split_at_midnight((start, end), zone)
    assert [int((b - a).total_seconds()) for a, b in parts] == lengths, why
    assert (parts[0][0], parts[-1][1]) == (start, end)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.integers(1, 400_000),
    st.sampled_from([NEW_YORK, "UTC", "Asia/Kathmandu", "Pacific/Apia", "America/Santiago"]),
)
def test_the_parts_of_any_interval_lie_in_a_day_each_and_add_up(
    naive: datetime, seconds: int, zone: str
) -> None:
    start = naive.replace(microsecond=0, tzinfo=UTC)
    end = start + timedelta(seconds=seconds)
    parts = split_at_midnight((start, end), zone)
    assert sum((b - a for a, b in parts), timedelta()) == end - start
    for (a, b), following in zip(parts, [*parts[1:], None], strict=True):
        assert local_day(a, zone) == local_day(b - timedelta(seconds=1), zone)
        assert following is None or (following[0] == b and local_day(b, zone) > local_day(a, zone))


@pytest.mark.parametrize(
    ("why", "intervals", "kinds"),
    [
        ("six hours are not more than six", [(at(24, 14), at(24, 20))], []),
        ("a stretch", [(at(24, 14), at(24, 20.1))], ["stretch"]),
        ("a short break does not end it", [(at(24, 14), at(24, 18)), (at(24, 18.05), at(24, 21))],
         ["stretch"]),
        ("a pause does", [(at(24, 14), at(24, 18)), (at(24, 18.1), at(24, 21))], []),
        ("a long day of stretches", [(at(24, h), at(24, h + 4.5)) for h in (6, 11, 16)], ["day"]),
        ("two days of New York", [(at(24, h), at(24, h + 4.5)) for h in (0, 6, 11)], []),
    ],
)  # fmt: skip
def test_long_days_and_stretches_are_flagged(why: str, intervals: list, kinds: list[str]) -> None:  # type: ignore[type-arg]
    found = find_unusual(intervals, NEW_YORK)
    assert [one.kind for one in found] == kinds, why
    assert all(one.day == date(2026, 11, 24) for one in found)
