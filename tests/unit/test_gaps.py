"""Which gap of the record a learner is told of on the next page."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.gaps import Ended, Gap, find_gap

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def ended(start: float, end: float, left: bool = False) -> Ended:
    return Ended(at(start), at(end), left)


@pytest.mark.parametrize(
    ("why", "latest", "now", "gap"),
    [
        ("nothing was recorded yet", [], 30, None),
        ("signs stopped and did not come back", [ended(0, 10)], 30, Gap(at(10), None)),
        ("the page was left as usual", [ended(0, 10, True)], 30, None),
        ("a moment ago", [ended(0, 10)], 11, None),
        ("the page woke up again", [ended(20, 29), ended(0, 10)], 30, Gap(at(10), at(20))),
        ("it was hidden meanwhile", [ended(20, 29), ended(0, 10, True)], 30, None),
        ("one page after another", [ended(10, 29), ended(0, 10)], 30, None),
        ("left, then a break", [ended(20, 25, True), ended(0, 10)], 30, None),
        ("long ago", [ended(0, 10)], 60 * 24 * 20, None),
    ],
)
def test_the_gap_that_is_told(why: str, latest: list[Ended], now: float, gap: Gap | None) -> None:
    assert find_gap(latest, at(now)) == gap, why
