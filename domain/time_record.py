"""The rule of the time record (time-record.md): what a sign of presence does to a timeline.

All instants are whole seconds, so that every total equals the sum of its parts to the second.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

POLICY = 1
"""Version of this rule, stored with every interval."""
SILENT_AFTER = timedelta(seconds=20)
"""A view that has been silent this long gives way to another that sends signs."""


class Evidence(StrEnum):
    """How credited time is known. Never merged silently."""

    ACTIVE = "active"
    PAGE = "page"
    OPEN_FINISH = "open-finish"
    DECLARED = "declared"
    ADJUSTED = "adjusted"


MAX_GAP = {Evidence.ACTIVE: timedelta(seconds=45), Evidence.PAGE: timedelta(seconds=90)}


@dataclass(frozen=True)
class OpenInterval:
    """The interval that is growing now. A learner has at most one."""

    page_view_id: int
    evidence: Evidence
    ended_at: datetime
    last_seq: int


@dataclass(frozen=True)
class Sign:
    """A sign of presence from a page view at server time `now`.

    `final`: the page was left. `stops`: it was paused or hidden, which is final too and ends what
    it had open, so that the time until it is used again earns nothing. `view_last_seq` is the
    highest number that was heard from this view; 0: none.
    """

    page_view_id: int
    evidence: Evidence
    seq: int
    now: datetime
    final: bool
    view_last_seq: int
    stops: bool = False


@dataclass(frozen=True)
class Decision:
    """What to write. `grow_to`: new end of the open interval; `close`: close it (there);
    `open_at`: start of a new, empty interval of the sign's view and evidence."""

    grow_to: datetime | None = None
    close: bool = False
    open_at: datetime | None = None


NOTHING = Decision()


def whole_second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def decide(open_interval: OpenInterval | None, high_water: datetime | None, sign: Sign) -> Decision:
    """What a sign does. A replayed, late or early-clock sign changes nothing.

    `high_water` is the latest end of any interval of the learner: nothing starts before it.
    """
    if sign.seq <= sign.view_last_seq or (high_water is not None and sign.now < high_water):
        return NOTHING
    if open_interval is None:
        return NOTHING if sign.final or sign.stops else Decision(open_at=sign.now)
    if open_interval.page_view_id == sign.page_view_id:
        return _from_same_view(open_interval, sign)
    return _from_other_view(open_interval, sign)


def _from_same_view(open_interval: OpenInterval, sign: Sign) -> Decision:
    grown = _grown_end(open_interval, sign.now)
    if sign.final or sign.stops:
        return Decision(grow_to=grown, close=sign.stops)
    if grown is not None and open_interval.evidence is sign.evidence:
        return Decision(grow_to=grown)
    return Decision(grow_to=grown, close=True, open_at=sign.now)


def _from_other_view(open_interval: OpenInterval, sign: Sign) -> Decision:
    grown = _grown_end(open_interval, sign.now)
    silent = sign.now - open_interval.ended_at >= SILENT_AFTER
    if sign.final or sign.stops:
        return NOTHING if silent else Decision(grow_to=grown)
    is_first = sign.view_last_seq == 0
    if not is_first and not silent:
        return Decision(grow_to=grown)
    return Decision(grow_to=grown, close=True, open_at=sign.now)


def _grown_end(open_interval: OpenInterval, now: datetime) -> datetime | None:
    """The gap up to `now` belongs to what is open, if within its evidence's largest gap."""
    gap = now - open_interval.ended_at
    return now if gap <= MAX_GAP[open_interval.evidence] else None


def open_finish_credit(
    opened_at: datetime, high_water: datetime | None, now: datetime, cap_left: timedelta
) -> tuple[datetime, datetime] | None:
    """The interval that finishing an item credits where no sign was ever sent, or None.

    From the later of opening and high water until now, at most `cap_left` (the item's minutes
    times the learner's time factor, less what was credited so before).
    """
    start = max(opened_at, high_water) if high_water is not None else opened_at
    length = min(now - start, cap_left)
    return (start, start + length) if length > timedelta(0) else None
