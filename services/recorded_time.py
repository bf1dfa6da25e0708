"""Reading the time record: one source for the learner, the administrator and the auditor.

Every number anywhere comes from `lines`: the measured intervals and, beside them, what was
declared and adjusted.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    bindparam,
    false,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from domain.gaps import Ended
from domain.time_record import Evidence
from models import PageView, StudyInterval, TimeAdjustment
from models.base import UtcDateTime
from models.sql import seconds_between
from services.plain_rows import read

SECONDS = seconds_between(StudyInterval.started_at, StudyInterval.ended_at)


@dataclass(frozen=True)
class IntervalLine:
    """One line of the record: an interval, or time declared or adjusted (which has no end).

    `seconds` is signed for adjusted time. `reason` is empty for what was measured.
    """

    started_at: datetime
    ended_at: datetime | None
    seconds: int
    evidence: str
    place_kind: str
    unit_number: int | None
    item_id: int | None
    is_open: bool
    reason: str = ""

    @property
    def is_measured(self) -> bool:
        return self.ended_at is not None


def lines(enrollments: ColumnElement[Any] | Select[Any]) -> Subquery:
    """The record's lines of some enrollments (one id, or a query of ids) as a table."""
    measured = select(
        StudyInterval.enrollment_id,
        StudyInterval.started_at,
        StudyInterval.ended_at,
        SECONDS.label("seconds"),
        StudyInterval.evidence,
        PageView.place_kind,
        PageView.unit_number,
        PageView.item_id,
        StudyInterval.closed_at.is_(None).label("is_open"),
        literal("").label("reason"),
    ).join(PageView, PageView.id == StudyInterval.page_view_id)
    stated = select(
        TimeAdjustment.enrollment_id,
        TimeAdjustment.began_at,
        type_coerce(null(), UtcDateTime()),
        TimeAdjustment.seconds,
        TimeAdjustment.evidence,
        literal("item"),
        TimeAdjustment.unit_number,
        TimeAdjustment.item_id,
        false(),
        TimeAdjustment.reason,
    )
    parts = ((measured, StudyInterval.enrollment_id), (stated, TimeAdjustment.enrollment_id))
    return union_all(*(query.where(_is_of(enrollments, of)) for query, of in parts)).subquery(
        "line"
    )


def seconds_by_place(
    enrollment_id: int, *, with_declared: bool
) -> dict[tuple[int | None, int | None], int]:
    """Seconds that count, by (unit number, item id); (None, None) is the evaluation.

    An attempt counts under its unit with no item. `with_declared` counts what learners declare
    too, as some courses do.
    """
    query = _by_place(with_declared)
    rows = read(query, {"enrollment_id": enrollment_id})
    return {(unit, item): int(seconds) for unit, item, seconds in rows}


@cache
def _by_place(with_declared: bool) -> Select[Any]:
    line = lines(bindparam("enrollment_id"))
    query = select(line.c.unit_number, line.c.item_id, func.sum(line.c.seconds)).group_by(
        line.c.unit_number, line.c.item_id
    )
    return query if with_declared else query.where(line.c.evidence != Evidence.DECLARED.value)


def growing_seconds(page_view_id: int) -> int:
    """The length of the interval of this view that is growing now; 0 if there is none."""
    ((seconds,),) = read(_GROWING_OF, {"view": page_view_id})
    return int(seconds or 0)


_GROWING_OF = select(func.sum(SECONDS)).where(
    StudyInterval.page_view_id == bindparam("view"), StudyInterval.closed_at.is_(None)
)


def list_lines(enrollment_id: int) -> list[IntervalLine]:
    """Every line of an enrollment's record in order of time, empty intervals left out."""
    rows = read(_lines_of_one(), {"enrollment_id": enrollment_id})
    return [IntervalLine(*row[1:]) for row in rows]


def total_seconds(enrollment_id: int) -> int:
    """Every second of an enrollment's record: the sum of its lines, whatever their evidence."""
    return sum(line.seconds for line in list_lines(enrollment_id))


@cache
def _lines_of_one() -> Select[Any]:
    line = lines(bindparam("enrollment_id"))
    return select(line).where(line.c.seconds != 0).order_by(line.c.started_at)


def list_latest(enrollment_id: int) -> list[Ended]:
    """How the last two intervals of an enrollment ended, the newest first."""
    rows = read(_LATEST, {"enrollment_id": enrollment_id})
    return [Ended(started, ended, bool(left)) for started, ended, left in rows]


_LATEST = (
    select(StudyInterval.started_at, StudyInterval.ended_at, StudyInterval.left)
    .where(StudyInterval.enrollment_id == bindparam("enrollment_id"))
    .order_by(StudyInterval.started_at.desc(), StudyInterval.id.desc())
    .limit(2)
)


def _is_of(enrollments: ColumnElement[Any] | Select[Any], column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (
        column.in_(enrollments) if isinstance(enrollments, Select) else column == enrollments
    )
    return found
