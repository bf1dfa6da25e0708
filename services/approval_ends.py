"""What whoever enrolls must know beforehand about approvals that end while they may study."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from domain.outline import Outline
from extensions import db
from models import Approval


@dataclass(frozen=True)
class ApprovalEnd:
    """An approval that has ended, or ends before access to the course does."""

    body: str
    last_day: date
    has_ended: bool


def list_ends(outline: Outline, today: date) -> list[ApprovalEnd]:
    """The bodies whose approval is not sure for as long as somebody enrolling today may study.

    An approval whose renewal is recorded counts as one period; a gap between them does not.
    """
    lines = list(outline.facts["approvals"])
    rows = db.session.scalars(
        select(Approval)
        .where(
            or_(
                Approval.id.in_(lines),
                Approval.series.in_(lines),
                Approval.course_id == outline.course_id,
            )
        )
        .order_by(Approval.valid_from)
    )
    by_line: dict[str, list[Approval]] = {}
    for row in rows:
        by_line.setdefault(row.line, []).append(row)
    last_day = today + timedelta(days=outline.access_days)
    found = [_end(periods, today, last_day) for periods in by_line.values()]
    return [end for end in found if end is not None]


def _end(periods: list[Approval], today: date, last_day: date) -> ApprovalEnd | None:
    """How a line of renewals ends, unless it reaches the last day of access."""
    until = _covered_until(periods, today)
    if until is None:
        ended = [row for row in periods if row.valid_until < today]
        return ApprovalEnd(ended[-1].body, ended[-1].valid_until, True) if ended else None
    return None if until >= last_day else ApprovalEnd(periods[-1].body, until, False)


def _covered_until(periods: list[Approval], today: date) -> date | None:
    """The day up to which there is an approval without a gap; None if there is none today."""
    until = None
    for row in periods:
        starts = today if until is None else until + timedelta(days=1)
        if row.valid_from <= starts and row.valid_until >= starts:
            until = row.valid_until
    return until
