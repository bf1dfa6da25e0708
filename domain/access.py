"""The end of access: when it is reminded of, and the one free extension (product.md, Defaults)."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class AccessTerms:
    """What the provider gives and says around the end of access, in days.

    `extension_days`: what the one free extension adds; 0: none is offered. It is offered from the
    first reminder until as long after the end. `last_reminder_days` is less than the first.
    """

    extension_days: int = 30
    first_reminder_days: int = 30
    last_reminder_days: int = 7

    @property
    def reminded_before(self) -> tuple[int, int]:
        """Days before the end, the nearest first."""
        return self.last_reminder_days, self.first_reminder_days


DEFAULT_TERMS = AccessTerms()


def reminder_due(
    access_until: datetime, armed_at: datetime, now: datetime, terms: AccessTerms = DEFAULT_TERMS
) -> int | None:
    """Which reminder is due now, by its days before the end, or None.

    Only the nearest counts, so that a worker that stood still sends one mail, not two. A moment
    that had passed already when the access was given (`armed_at`: by enrolling or extending) is
    not reminded of: somebody who gets three weeks needs no mail saying that a month is left.
    """
    if now >= access_until:
        return None
    for days in terms.reminded_before:
        moment = access_until - timedelta(days=days)
        if now >= moment:
            return days if moment > armed_at else None
    return None


def can_extend(access_until: datetime, now: datetime, terms: AccessTerms = DEFAULT_TERMS) -> bool:
    """Whether the free extension is offered: near the end of access, or not long after it."""
    window = timedelta(days=terms.first_reminder_days)
    return terms.extension_days > 0 and access_until - window <= now < access_until + window


def extended_until(
    access_until: datetime, now: datetime, terms: AccessTerms = DEFAULT_TERMS
) -> datetime:
    """The new end: so many days after the present one, or from now where it has passed."""
    return max(access_until, now) + timedelta(days=terms.extension_days)
