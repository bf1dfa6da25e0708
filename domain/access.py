"""The end of access: when it is reminded of, and the one free extension (product.md, Defaults)."""

from datetime import datetime, timedelta

EXTENSION = timedelta(days=30)
OFFERED_BEFORE = timedelta(days=30)
OFFERED_AFTER = timedelta(days=30)
REMINDED_BEFORE = (7, 30)
"""Days before the end, the nearest first."""


def reminder_due(access_until: datetime, armed_at: datetime, now: datetime) -> int | None:
    """Which reminder is due now: 30 or 7 (days before the end), or None.

    Only the nearest counts, so that a worker that stood still sends one mail, not two. A moment
    that had passed already when the access was given (`armed_at`: by enrolling or extending) is
    not reminded of: somebody who gets three weeks needs no mail saying that a month is left.
    """
    if now >= access_until:
        return None
    for days in REMINDED_BEFORE:
        moment = access_until - timedelta(days=days)
        if now >= moment:
            return days if moment > armed_at else None
    return None


def can_extend(access_until: datetime, now: datetime) -> bool:
    """Whether the free extension is offered: near the end of access, or not long after it."""
    return access_until - OFFERED_BEFORE <= now < access_until + OFFERED_AFTER


def extended_until(access_until: datetime, now: datetime) -> datetime:
    """The new end: 30 days after the present one, or from now where it has passed."""
    return max(access_until, now) + EXTENSION
