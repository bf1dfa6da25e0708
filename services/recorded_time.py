"""Reading the time record: one source for the learner, the administrator and the auditor."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from extensions import db
from models import PageView, StudyInterval
from models.sql import seconds_between
from services.plain_rows import read

CREDITED_SECONDS = func.coalesce(
    func.sum(seconds_between(StudyInterval.started_at, StudyInterval.ended_at)), 0
)


_BY_PLACE = (
    select(PageView.unit_number, PageView.item_id, CREDITED_SECONDS)
    .join(PageView, PageView.id == StudyInterval.page_view_id)
    .where(StudyInterval.enrollment_id == bindparam("enrollment_id"))
    .group_by(PageView.unit_number, PageView.item_id)
)
_CLOSED_BY_PLACE = _BY_PLACE.where(StudyInterval.closed_at.is_not(None))


def seconds_by_place(
    enrollment_id: int, *, besides_open: bool = False
) -> dict[tuple[int | None, int | None], int]:
    """Credited seconds by (unit number, item id); (None, None) is the evaluation.

    An attempt counts under its unit with no item. `besides_open` leaves out what still grows.
    """
    query = _CLOSED_BY_PLACE if besides_open else _BY_PLACE
    rows = read(query, {"enrollment_id": enrollment_id})
    return {(unit, item): int(seconds) for unit, item, seconds in rows}


def growing_seconds(page_view_id: int) -> int:
    """The length of the interval of this view that is growing now; 0 if there is none."""
    seconds = db.session.scalar(
        select(CREDITED_SECONDS).where(
            StudyInterval.page_view_id == page_view_id, StudyInterval.closed_at.is_(None)
        )
    )
    return int(seconds or 0)


@dataclass(frozen=True)
class IntervalLine:
    """One interval as the learner, the administrator and the auditor see it."""

    started_at: datetime
    ended_at: datetime
    evidence: str
    place_kind: str
    unit_number: int | None
    item_id: int | None
    is_open: bool

    @property
    def seconds(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds())


def list_intervals(enrollment_id: int) -> list[IntervalLine]:
    """Every interval of an enrollment in order of time, empty ones left out."""
    rows = db.session.execute(
        select(
            StudyInterval.started_at,
            StudyInterval.ended_at,
            StudyInterval.evidence,
            PageView.place_kind,
            PageView.unit_number,
            PageView.item_id,
            StudyInterval.closed_at.is_(None),
        )
        .join(PageView, PageView.id == StudyInterval.page_view_id)
        .where(
            StudyInterval.enrollment_id == enrollment_id,
            StudyInterval.ended_at > StudyInterval.started_at,
        )
        .order_by(StudyInterval.started_at)
    )
    return [IntervalLine(*row) for row in rows]
