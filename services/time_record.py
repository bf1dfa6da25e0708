"""The time record: page views are opened, signs are recorded, intervals are summed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.refusals import Conflict, NotFound, TooMany
from domain.time_record import (
    MAX_GAP,
    POLICY,
    Decision,
    Evidence,
    OpenInterval,
    Sign,
    decide,
    open_finish_credit,
    whole_second,
)
from extensions import db
from models import Enrollment, PageView, StudyInterval, Timeline
from services.recorded_time import CREDITED_SECONDS

ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Place:
    """Where study happens: kind 'item', 'attempt' or 'evaluation'."""

    kind: str
    unit_number: int | None = None
    item_id: int | None = None
    attempt_id: int | None = None


@dataclass(frozen=True)
class Growing:
    """The interval a sign grew or opened: its bounds, and whether it is of the sign's view."""

    interval_id: int
    started_at: datetime
    ended_at: datetime

    @property
    def seconds(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds())


@dataclass(frozen=True)
class Recorded:
    """What became of a sign. `growing` is set on the hot path only."""

    growing: Growing | None


def ensure_view(
    person_id: int, enrollment_id: int, place: Place, uid: str, opened_at: datetime
) -> int:
    """The id of the page view of a signed token, whose row is made when it is first heard of."""
    postgresql = db.engine.dialect.name == "postgresql"
    make = postgresql_insert if postgresql else sqlite_insert
    values = {
        "uid": uid,
        "person_id": person_id,
        "enrollment_id": enrollment_id,
        "place_kind": place.kind,
        "unit_number": place.unit_number,
        "item_id": place.item_id,
        "opened_at": whole_second(opened_at),
        "last_seq": 0,
    }
    db.session.execute(make(PageView).values(**values).on_conflict_do_nothing())
    return int(db.session.scalars(select(PageView.id).where(PageView.uid == uid)).one())


_OPEN_VIEW = insert(PageView).returning(PageView.id)


def open_view(person_id: int, enrollment_id: int, place: Place, now: datetime) -> int:
    """Note that a place was opened; returns the page view's id for the page's signed token."""
    values = {
        "person_id": person_id,
        "enrollment_id": enrollment_id,
        "place_kind": place.kind,
        "unit_number": place.unit_number,
        "item_id": place.item_id,
        "attempt_id": place.attempt_id,
        "opened_at": whole_second(now),
        "last_seq": 0,
    }
    return int(db.session.execute(_OPEN_VIEW, values).scalar_one())


def find_attempt_view(person_id: int, attempt_id: int) -> int | None:
    """The page view of an attempt, opened when it was started."""
    return db.session.scalar(
        select(PageView.id).where(
            PageView.attempt_id == attempt_id, PageView.person_id == person_id
        )
    )


def record_sign(
    person_id: int,
    page_view_id: int,
    evidence: Evidence,
    seq: int,
    *,
    final: bool,
    read_clock: Callable[[], datetime],
) -> Recorded:
    """Record a sign of presence: one statement where the open interval simply grows.

    Raises TooMany above one sign a second, NotFound for a view that is not the learner's,
    Conflict when the enrollment is complete or ended. Nothing is acknowledged that is not
    written.
    """
    growing = _grow(page_view_id, evidence, seq, whole_second(read_clock()))
    if growing is not None:
        return Recorded(growing)
    _record_with_lock(person_id, page_view_id, evidence, seq, final, read_clock)
    return Recorded(None)


def finish_view(
    person_id: int,
    page_view_id: int,
    allowed: timedelta,
    now: datetime,
) -> None:
    """Credit open–finish time for a view that never sent a sign; once per view.

    `allowed` is the item's minutes times the learner's time factor: the most that this kind of
    evidence may credit for the item in the whole enrollment.
    """
    high_water = _lock_timeline(person_id)
    view = _spend_view(person_id, page_view_id, whole_second(now))
    if view is None or not _is_open(view.enrollment_id):
        return
    used = _open_finish_used(view.enrollment_id, view.item_id)
    open_interval = _find_open_interval(person_id)
    if open_interval is not None:
        _write_end(open_interval, None, close=True, seq=None, now=now)
    credit = open_finish_credit(view.opened_at, high_water, whole_second(now), allowed - used)
    if credit is None:
        return
    _add_interval(view, Evidence.OPEN_FINISH, credit, seq=0, closed_at=whole_second(now))
    _raise_high_water(person_id, whole_second(now))


def stop_recording(person_id: int, enrollment_id: int, now: datetime) -> None:
    """Close the open interval of an enrollment that is now complete or ended."""
    _lock_timeline(person_id)
    open_interval = _find_open_interval(person_id)
    if open_interval is not None and open_interval.enrollment_id == enrollment_id:
        _write_end(open_interval, None, close=True, seq=None, now=now)


def _grow(page_view_id: int, evidence: Evidence, seq: int, now: datetime) -> Growing | None:
    """The hot path of time-record.md: one statement, no lock but the row's own."""
    row = db.session.execute(
        update(StudyInterval)
        .where(
            StudyInterval.page_view_id == page_view_id,
            StudyInterval.evidence == evidence.value,
            StudyInterval.closed_at.is_(None),
            StudyInterval.last_seq < seq,
            StudyInterval.ended_at >= now - MAX_GAP[evidence],
            StudyInterval.ended_at < now,
        )
        .values(ended_at=now, last_seq=seq, beats=StudyInterval.beats + 1)
        .returning(StudyInterval.id, StudyInterval.started_at, StudyInterval.ended_at)
        .execution_options(synchronize_session=False)
    ).first()
    return Growing(*row) if row else None


def _record_with_lock(
    person_id: int,
    page_view_id: int,
    evidence: Evidence,
    seq: int,
    final: bool,
    read_clock: Callable[[], datetime],
) -> None:
    high_water = _lock_timeline(person_id)
    now = whole_second(read_clock())
    view = _get_view(person_id, page_view_id)
    if not _is_open(view.enrollment_id):
        raise Conflict("This course is complete or ended: time is no longer recorded.")
    open_interval = _find_open_interval(person_id)
    own = open_interval is not None and open_interval.page_view_id == page_view_id
    heard = max(view.last_seq, open_interval.last_seq if own and open_interval else 0)
    if _comes_too_soon(open_interval if own else None, seq > heard and not final, now):
        raise TooMany("Signs of presence are recorded at most once a second.", retry_after=1)
    sign = Sign(page_view_id, evidence, seq, now, final, heard)
    decision = decide(_as_value(open_interval), high_water, sign)
    _apply(decision, open_interval, view, sign, own)


def _comes_too_soon(own_interval: StudyInterval | None, is_new: bool, now: datetime) -> bool:
    """More than one sign a second of the same view; the last one of a page is only ignored."""
    return own_interval is not None and is_new and now - own_interval.ended_at < ONE_SECOND


def _apply(
    decision: Decision, open_interval: StudyInterval | None, view: PageView, sign: Sign, own: bool
) -> None:
    if open_interval is not None and (decision.grow_to or decision.close):
        _write_end(
            open_interval,
            decision.grow_to,
            close=decision.close,
            seq=sign.seq if own else None,
            now=sign.now,
        )
    if sign.seq > view.last_seq and decision != Decision():
        view.last_seq = sign.seq
        view.strongest = _stronger(view.strongest, sign.evidence)
    if decision.open_at is not None:
        db.session.flush()
        bounds = (decision.open_at, decision.open_at)
        _add_interval(view, sign.evidence, bounds, seq=sign.seq, closed_at=None)
    db.session.flush()


def _write_end(
    interval: StudyInterval, end: datetime | None, *, close: bool, seq: int | None, now: datetime
) -> None:
    if end is not None:
        interval.ended_at = end
        interval.beats += 1
    if seq is not None:
        interval.last_seq = seq
    if close:
        interval.closed_at = whole_second(now)
        _hand_back_seq(interval)
        _raise_high_water(interval.person_id, interval.ended_at)
    db.session.flush()


def _hand_back_seq(interval: StudyInterval) -> None:
    """A closed interval's view remembers the highest number it was credited with."""
    db.session.execute(
        update(PageView)
        .where(PageView.id == interval.page_view_id, PageView.last_seq < interval.last_seq)
        .values(last_seq=interval.last_seq)
    )


def _add_interval(
    view: PageView,
    evidence: Evidence,
    bounds: tuple[datetime, datetime],
    *,
    seq: int,
    closed_at: datetime | None,
) -> None:
    db.session.add(
        StudyInterval(
            person_id=view.person_id,
            enrollment_id=view.enrollment_id,
            page_view_id=view.id,
            evidence=evidence.value,
            started_at=bounds[0],
            ended_at=bounds[1],
            closed_at=closed_at,
            last_seq=seq,
            beats=1,
            policy=POLICY,
        )
    )
    db.session.flush()


def _lock_timeline(person_id: int) -> datetime | None:
    """Lock the learner's timeline (made if missing); returns the high-water mark."""
    postgresql = db.engine.dialect.name == "postgresql"
    make = postgresql_insert if postgresql else sqlite_insert
    db.session.execute(make(Timeline).values(person_id=person_id).on_conflict_do_nothing())
    closed = db.session.execute(
        select(Timeline.high_water).where(Timeline.person_id == person_id).with_for_update()
    ).scalar_one()
    open_interval = _find_open_interval(person_id)
    ends = [end for end in (closed, open_interval and open_interval.ended_at) if end]
    return max(ends, default=None)


def _raise_high_water(person_id: int, end: datetime) -> None:
    db.session.execute(
        update(Timeline)
        .where(
            Timeline.person_id == person_id,
            (Timeline.high_water.is_(None)) | (Timeline.high_water < end),
        )
        .values(high_water=end)
    )


def _find_open_interval(person_id: int) -> StudyInterval | None:
    return db.session.scalar(
        select(StudyInterval)
        .where(StudyInterval.person_id == person_id, StudyInterval.closed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _get_view(person_id: int, page_view_id: int) -> PageView:
    view = db.session.scalar(
        select(PageView).where(PageView.id == page_view_id, PageView.person_id == person_id)
    )
    if view is None:
        raise NotFound("This page is not yours to record time on.")
    return view


def _spend_view(person_id: int, page_view_id: int, now: datetime) -> PageView | None:
    """Use up a view's one-time credit; None if it is spent, or ever sent a sign."""
    spent = db.session.execute(
        update(PageView)
        .where(
            PageView.id == page_view_id,
            PageView.person_id == person_id,
            PageView.finished_at.is_(None),
            PageView.strongest.is_(None),
        )
        .values(finished_at=now)
        .returning(PageView.id)
        .execution_options(synchronize_session=False)
    ).first()
    return db.session.get(PageView, page_view_id) if spent else None


def _open_finish_used(enrollment_id: int, item_id: int | None) -> timedelta:
    seconds = db.session.scalar(
        select(CREDITED_SECONDS)
        .join(PageView, PageView.id == StudyInterval.page_view_id)
        .where(
            StudyInterval.enrollment_id == enrollment_id,
            StudyInterval.evidence == Evidence.OPEN_FINISH.value,
            PageView.item_id == item_id,
        )
    )
    return timedelta(seconds=int(seconds or 0))


def _is_open(enrollment_id: int) -> bool:
    row = db.session.execute(
        select(Enrollment.completed_at, Enrollment.ended_at).where(Enrollment.id == enrollment_id)
    ).one()
    return row.completed_at is None and row.ended_at is None


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
