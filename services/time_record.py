"""The time record: signs of presence grow, open and close the intervals of one timeline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.refusals import Conflict, TooMany
from domain.time_record import (
    MAX_GAP,
    NOTHING,
    POLICY,
    Decision,
    Evidence,
    OpenInterval,
    Sign,
    decide,
    whole_second,
)
from extensions import db
from models import Enrollment, PageView, StudyInterval, Timeline
from services.growing import Growing, Sent, grow
from services.page_views import get_view_for
from services.plain_rows import read

ONE_SECOND = timedelta(seconds=1)
LARGEST_SEQ = 2**53
"""The largest whole number that scripts can count to."""

_TIMELINE = (
    select(Timeline.high_water).where(Timeline.person_id == bindparam("person")).with_for_update()
)
_OPEN_INTERVAL = (
    select(StudyInterval)
    .where(StudyInterval.person_id == bindparam("person"), StudyInterval.closed_at.is_(None))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_ENROLLMENT = select(Enrollment.completed_at, Enrollment.ended_at, Enrollment.access_until).where(
    Enrollment.id == bindparam("enrollment")
)
_RAISE_HIGH_WATER = (
    update(Timeline)
    .where(
        Timeline.person_id == bindparam("person"),
        (Timeline.high_water.is_(None)) | (Timeline.high_water < bindparam("end")),
    )
    .values(high_water=bindparam("end"))
    .execution_options(synchronize_session=False)
)
_HAND_BACK_SEQ = (
    update(PageView)
    .where(PageView.id == bindparam("view"), PageView.last_seq < bindparam("seq"))
    .values(last_seq=bindparam("seq"))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True)
class Recorded:
    """What became of a sign. `growing` is set on the hot path only."""

    growing: Growing | None


def record_sign(person_id: int, sent: Sent, read_clock: Callable[[], datetime]) -> Recorded:
    """Record a sign of presence: one statement where the open interval simply grows.

    Raises TooMany above one sign a second, NotFound for a view that is not the learner's,
    Conflict when the enrollment is complete or ended. Nothing is acknowledged that is not
    written.
    """
    growing = None if sent.stops else grow(person_id, sent, whole_second(read_clock()))
    if growing is None:
        _record_with_lock(person_id, sent, read_clock)
    return Recorded(growing)


def stop_recording(person_id: int, enrollment_id: int, now: datetime) -> None:
    """Close the open interval of an enrollment that is now complete or ended."""
    _, open_interval = _lock_timeline(person_id)
    if open_interval is not None and open_interval.enrollment_id == enrollment_id:
        _write_end(open_interval, None, close=True, now=now)


def close_open_interval(person_id: int, now: datetime) -> None:
    """Close whatever the learner has open, where it ended. The timeline must be locked."""
    open_interval = _find_open_interval(person_id)
    if open_interval is not None:
        _write_end(open_interval, None, close=True, now=now)


def end_page_evidence(person_id: int, page_view_id: int, now: datetime) -> None:
    """The last sign of the scripts-off panel's view: its page's own button was used.

    The timeline must be locked. Anything but an open interval of this evidence stays as it is.
    """
    interval = _find_open_interval(person_id)
    if interval is None or (interval.page_view_id, interval.evidence) != (page_view_id, "page"):
        return
    if timedelta(0) < now - interval.ended_at <= MAX_GAP[Evidence.PAGE]:
        _write_end(interval, now, close=False, now=now)
    interval.left = True
    db.session.flush()


def is_recorded(enrollment_id: int, now: datetime) -> bool:
    """Whether time is recorded in an enrollment: open, and its access has not ended."""
    (row,) = read(_ENROLLMENT, {"enrollment": enrollment_id})
    return row.completed_at is None and row.ended_at is None and now < row.access_until


def lock_timeline(person_id: int) -> datetime | None:
    """Lock the learner's timeline (made if missing); returns the high-water mark."""
    return _lock_timeline(person_id)[0]


def _lock_timeline(person_id: int) -> tuple[datetime | None, StudyInterval | None]:
    """Lock the timeline (made if missing); the high-water mark, and the open interval."""
    given = {"person": person_id}
    rows = read(_TIMELINE, given)
    if not rows:
        postgresql = db.engine.dialect.name == "postgresql"
        make = postgresql_insert if postgresql else sqlite_insert
        db.session.execute(make(Timeline).values(person_id=person_id).on_conflict_do_nothing())
        rows = read(_TIMELINE, given)
    open_interval = _find_open_interval(person_id)
    ends = [end for end in (rows[0].high_water, open_interval and open_interval.ended_at) if end]
    return max(ends, default=None), open_interval


def raise_high_water(person_id: int, end: datetime) -> None:
    """Nothing of the learner's may start before `end` from now on."""
    db.session.execute(_RAISE_HIGH_WATER, {"person": person_id, "end": end})


def add_interval(
    view: PageView,
    evidence: Evidence,
    bounds: tuple[datetime, datetime],
    *,
    seq: int,
    closed_at: datetime | None,
) -> None:
    """Add an interval to a view; one that is closed at once was also left."""
    db.session.add(
        StudyInterval(
            person_id=view.person_id,
            enrollment_id=view.enrollment_id,
            page_view_id=view.id,
            evidence=evidence.value,
            started_at=bounds[0],
            ended_at=bounds[1],
            closed_at=closed_at,
            left=closed_at is not None,
            last_seq=seq,
            beats=1,
            policy=POLICY,
        )
    )
    db.session.flush()


def _record_with_lock(person_id: int, sent: Sent, read_clock: Callable[[], datetime]) -> None:
    high_water, open_interval = _lock_timeline(person_id)
    now = whole_second(read_clock())
    view = get_view_for(person_id, sent.page_view_id)
    if not is_recorded(view.enrollment_id, now):
        raise Conflict("This course is complete or ended: time is no longer recorded.")
    own = open_interval if open_interval and open_interval.page_view_id == view.id else None
    heard = max(view.last_seq, own.last_seq if own else 0)
    sign = Sign(view.id, sent.evidence, sent.seq, now, sent.final, heard, sent.stops)
    if _comes_too_soon(open_interval, sign):
        raise TooMany("Signs of presence are recorded at most once a second.", retry_after=1)
    decision = decide(_as_value(open_interval), high_water, sign)
    if sign.seq > view.last_seq:
        view.last_seq = sign.seq
        view.strongest = _stronger(view.strongest, sign.evidence)
    _apply(decision, open_interval, view, sign)


def _comes_too_soon(open_interval: StudyInterval | None, sign: Sign) -> bool:
    """More than one sign a second of a learner; a page's first and last ones are let through."""
    if open_interval is None or sign.final or sign.stops:
        return False
    is_new, is_first = sign.seq > sign.view_last_seq, sign.view_last_seq == 0
    passed = sign.now - open_interval.ended_at
    return is_new and not is_first and timedelta(0) <= passed < ONE_SECOND


def _apply(
    decision: Decision, open_interval: StudyInterval | None, view: PageView, sign: Sign
) -> None:
    if open_interval is not None and decision != NOTHING:
        if open_interval.page_view_id == view.id:
            open_interval.last_seq = max(open_interval.last_seq, sign.seq)
            open_interval.left = sign.final or sign.stops
        _write_end(open_interval, decision.grow_to, close=decision.close, now=sign.now)
    if decision.open_at is not None:
        bounds = (decision.open_at, decision.open_at)
        add_interval(view, sign.evidence, bounds, seq=sign.seq, closed_at=None)
    db.session.flush()


def _write_end(
    interval: StudyInterval, end: datetime | None, *, close: bool, now: datetime
) -> None:
    if end is not None:
        interval.ended_at = end
        interval.beats += 1
    if close:
        interval.closed_at = whole_second(now)
        _hand_back_seq(interval)
        raise_high_water(interval.person_id, interval.ended_at)
    db.session.flush()


def _hand_back_seq(interval: StudyInterval) -> None:
    """A closed interval's view remembers the highest number it was credited with."""
    given = {"view": interval.page_view_id, "seq": interval.last_seq}
    db.session.execute(_HAND_BACK_SEQ, given)


def _find_open_interval(person_id: int) -> StudyInterval | None:
    return db.session.scalar(_OPEN_INTERVAL, {"person": person_id})


def _as_value(interval: StudyInterval | None) -> OpenInterval | None:
    if interval is None:
        return None
    return OpenInterval(
        interval.page_view_id,
        Evidence(interval.evidence),
        interval.ended_at,
        interval.last_seq,
    )


def _stronger(known: str | None, sign: Evidence) -> str:
    return Evidence.ACTIVE.value if Evidence.ACTIVE.value in (known, sign.value) else sign.value
