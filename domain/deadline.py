"""The deadline of an attempt: the server's, and never earlier than it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.accommodation import NO_FACTOR


@dataclass(frozen=True)
class TimeGrant:
    """A time factor that was in force during an attempt: from `granted_at`, in percent."""

    granted_at: datetime
    time_percent: int


def closes_at(started_at: datetime, limit: timedelta, grants: Iterable[TimeGrant]) -> datetime:
    """When an attempt closes, by every factor that was in force at some moment while it was open.

    A factor granted in the middle lengthens the whole limit at once; one that ends in the middle
    takes nothing back (post-test.md). One granted after the attempt had closed comes too late, so
    that the moment does not depend on when somebody looks.
    """
    moment = started_at + limit
    for grant in sorted(grants, key=lambda grant: grant.granted_at):
        if grant.granted_at > moment:
            break
        moment = max(moment, started_at + limit * max(grant.time_percent, NO_FACTOR) / NO_FACTOR)
    return moment
