"""Deadlines: the limit, lengthened by every factor in force meanwhile, never shortened."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadline import TimeGrant, closes_at

START = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=60)


def grant(minutes: float, percent: int) -> TimeGrant:
    """A factor granted so many minutes after the start."""
    return TimeGrant(START + timedelta(minutes=minutes), percent)


CASES = [
    ("nobody has more than the limit by default", [], 60),
    ("extra time granted long before applies", [grant(-900, 150)], 90),
    ("granted in the middle it acts at once, on the whole limit", [grant(59, 150)], 90),
    ("the best of several counts", [grant(-9, 125), grant(5, 200), grant(6, 150)], 120),
    ("a factor of 100 changes nothing", [grant(0, 100)], 60),
    ("a factor never takes time away", [grant(0, 50)], 60),
    ("granted at the very end it is in time", [grant(60, 150)], 90),
    ("granted after the end it is too late", [grant(61, 150)], 60),
    ("granted while an earlier one keeps the attempt open", [grant(0, 150), grant(80, 200)], 120),
    ("in whatever order they are read", [grant(80, 200), grant(0, 150)], 120),
]


@pytest.mark.parametrize(("why", "grants", "minutes"), CASES, ids=[case[0] for case in CASES])
def test_when_an_attempt_closes(why: str, grants: list[TimeGrant], minutes: int) -> None:
    assert closes_at(START, LIMIT, grants) == START + timedelta(minutes=minutes), why


many = st.lists(st.builds(grant, st.integers(-100, 300), st.integers(50, 400)), max_size=6)


@given(many, st.builds(grant, st.integers(-100, 300), st.integers(50, 400)))
def test_one_more_grant_never_makes_it_earlier(grants: list[TimeGrant], more: TimeGrant) -> None:
    assert closes_at(START, LIMIT, [*grants, more]) >= closes_at(START, LIMIT, grants)


@given(many, st.integers(0, 300))
def test_it_does_not_depend_on_when_one_looks(grants: list[TimeGrant], minute: int) -> None:
    """Once the attempt has closed as seen at some moment, later grants change nothing."""
    moment = START + timedelta(minutes=minute)
    known = [one for one in grants if one.granted_at <= moment]
    seen = closes_at(START, LIMIT, known)
    if seen < moment:
        assert closes_at(START, LIMIT, grants) == seen
