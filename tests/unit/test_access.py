"""The end of access: what is due to be reminded of, when it can be extended, until when."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import can_extend, extended_until, reminder_due

END = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LONG_AGO = END - 365 * DAY
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "armed_at", "days"),
    [
        (END - 30 * DAY - TICK, LONG_AGO, None),
        (END - 30 * DAY, LONG_AGO, 30),
        (END - 8 * DAY, LONG_AGO, 30),
        (END - 7 * DAY, LONG_AGO, 7),
        (END - TICK, LONG_AGO, 7),
        (END, LONG_AGO, None),
        (END - 20 * DAY, END - 20 * DAY, None),
        (END - 6 * DAY, END - 20 * DAY, 7),
        (END - 6 * DAY, END - 6 * DAY, None),
        (END - 30 * DAY, END - 30 * DAY, None),
    ],
    ids=[
        "too early",
        "a month before",
        "late, but before the last week",
        "a week before",
        "a worker that stood still sends the nearest only",
        "nothing is left to remind of",
        "three weeks of access need no month's reminder",
        "but a week's",
        "a course of six days needs none",
        "extended after the end: thirty days from now are no news",
    ],
)
def test_reminders(now: datetime, armed_at: datetime, days: int | None) -> None:
    assert reminder_due(END, armed_at, now) == days


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (END - 30 * DAY - TICK, False),
        (END - 30 * DAY, True),
        (END + 30 * DAY - TICK, True),
        (END + 30 * DAY, False),
    ],
)
def test_an_extension_is_offered_around_the_end(now: datetime, offered: bool) -> None:
    assert can_extend(END, now) is offered


def test_an_extension_adds_to_what_is_left_or_counts_from_now() -> None:
    assert extended_until(END, END - 5 * DAY) == END + 30 * DAY
    assert extended_until(END, END + 5 * DAY) == END + 35 * DAY
