"""Gaps of the time record that a learner is told of: signs stopped, and no page was left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_SILENCE = timedelta(seconds=90)
"""As long as this, signs may stay away without it being worth a word."""
TOLD_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Ended:
    """How an interval ended: when it began, its last sign, and whether that one was a leaving."""

    started_at: datetime
    ended_at: datetime
    left: bool


@dataclass(frozen=True)
class Gap:
    """Time was recorded until `since`, and from `until` on again (None: not yet)."""

    since: datetime
    until: datetime | None


def find_gap(latest: Sequence[Ended], now: datetime) -> Gap | None:
    """The gap before the page that is opened now; `latest` are the last two, the newest first.

    It lies after the newest interval, or, where a page woke up again, before it.
    """
    following: datetime | None = None
    for interval in latest[:2]:
        end = following or now
        is_long = end - interval.ended_at > LONGEST_SILENCE
        if is_long and not interval.left and now - interval.ended_at < TOLD_FOR:
            return Gap(interval.ended_at, following)
        if is_long:
            return None
        following = interval.started_at
    return None
