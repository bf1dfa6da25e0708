"""When an answer is due, and how that is said."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.reply_time import due_at, is_overdue, time_left

ASKED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def test_an_answer_is_due_after_48_hours() -> None:
    assert due_at(ASKED) == DUE


@pytest.mark.parametrize(
    ("after_due", "answered", "late", "why"),
    [
        (timedelta(0), False, False, "the last second still counts"),
        (timedelta(seconds=1), False, True, "one second later it is late"),
        (timedelta(days=9), True, False, "what is answered is never late"),
    ],
)
def test_overdue(after_due: timedelta, answered: bool, late: bool, why: str) -> None:
    answered_at = DUE if answered else None
    assert is_overdue(DUE, answered_at, DUE + after_due) is late, why


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (ASKED, "due in 48 hours"),
        (DUE - timedelta(hours=1), "due in 1 hour"),
        (DUE - timedelta(minutes=59, seconds=59), "due in 59 minutes"),
        (DUE - timedelta(seconds=1), "due in 0 minutes"),
        (DUE + timedelta(minutes=1), "overdue by 1 minute"),
        (DUE + timedelta(hours=50), "overdue by 50 hours"),
    ],
)
def test_time_left(now: datetime, words: str) -> None:
    assert time_left(DUE, now) == words
