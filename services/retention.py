"""Deleting what has been kept as long as it must: enrollments' records, the log, sent mail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select

from domain.problems import WAITING
from domain.retention import DEFAULT_YEARS, years_before
from extensions import db
from models import (
    AuditEvent,
    AuditSeal,
    AuditSegment,
    Enrollment,
    Job,
    OutgoingMail,
    ProblemEvent,
    ProblemReport,
)
from models.append_only import may_delete
from services import audit
from services.provider import get_provider
from services.study_records import delete_study_records

BATCH = 100
MAIL_KEPT = timedelta(days=90)
"""A mail that was sent is only there to answer "did you send it?"."""


@dataclass(frozen=True)
class Due:
    """How much has been kept long enough: enrollments, sealed events of the log, sent mails,
    reports of problems and grievances."""

    years: int
    enrollments: int
    events: int
    mails: int
    reports: int


def count_due(now: datetime) -> Due:
    """What a sweep would delete. Deletes nothing."""
    years = retention_years()
    before = years_before(now, years)
    first, last = _find_run(before)
    return Due(
        years=years,
        enrollments=_count(Enrollment, _are_due(before)),
        events=last - first + 1 if last >= first else 0,
        mails=_count(OutgoingMail, OutgoingMail.sent_at < now - MAIL_KEPT),
        reports=_count(ProblemReport, _are_closed(before)),
    )


def retention_years() -> int:
    """How many years the records of a completed enrollment are kept: a provider's setting."""
    return int(get_provider().facts.get("retention_years", DEFAULT_YEARS))


def sweep(now: datetime, progress: Callable[[int], None]) -> Due:
    """Delete what has been kept long enough, in short transactions; commits each.

    `progress` is told how many enrollments are done. Can be stopped and begun again.
    """
    due = count_due(now)
    db.session.rollback()
    before = years_before(now, due.years)
    done = 0
    while ids := db.session.scalars(
        select(Enrollment.id).where(_are_due(before)).limit(BATCH)
    ).all():
        with may_delete(db.session(), "kept long enough"):
            delete_study_records(ids, now)
        audit.record("retention.swept", actor_id=None, facts={"enrollments": len(ids)})
        db.session.commit()
        done += len(ids)
        progress(done)
    _remove_segment(before, now)
    _delete_mail(now - MAIL_KEPT)
    _delete_reports(before)
    return due


def _are_closed(before: datetime) -> ColumnElement[bool]:
    """Written, and last dealt with, before an instant, and waiting for nobody: messages."""
    later = exists().where(
        ProblemEvent.report_id == ProblemReport.id, ProblemEvent.happened_at >= before
    )
    return and_(ProblemReport.made_at < before, ProblemReport.state.not_in(WAITING), ~later)


def _delete_reports(before: datetime) -> None:
    """Reports with what was noted and answered, in short transactions."""
    while ids := db.session.scalars(
        select(ProblemReport.id).where(_are_closed(before)).limit(BATCH)
    ).all():
        db.session.execute(delete(ProblemEvent).where(ProblemEvent.report_id.in_(ids)))
        db.session.execute(delete(ProblemReport).where(ProblemReport.id.in_(ids)))
        audit.record("retention.swept", actor_id=None, facts={"problem_reports": len(ids)})
        db.session.commit()


def _are_due(before: datetime) -> ColumnElement[bool]:
    """Completed, or given up, before an instant, with records that are still there."""
    given_up = and_(
        Enrollment.completed_at.is_(None),
        func.coalesce(Enrollment.ended_at, Enrollment.access_until) < before,
    )
    over = or_(Enrollment.completed_at < before, given_up)
    return and_(Enrollment.records_deleted_at.is_(None), over)


def _find_run(before: datetime) -> tuple[int, int]:
    """First and last link of the chain's beginning whose events are all older than `before`."""
    first = db.session.scalar(select(func.min(AuditSeal.number)))
    younger = db.session.scalar(
        select(func.min(AuditSeal.number))
        .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .where(AuditEvent.happened_at >= before)
    )
    if first is None:
        return 1, 0
    last = db.session.scalar(select(func.max(AuditSeal.number))) or 0
    return first, (younger - 1 if younger is not None else last)


def _remove_segment(before: datetime, now: datetime) -> None:
    """Remove the oldest run of the log whole, leaving where it began and ended, and its hash."""
    first, last = _find_run(before)
    if last < first:
        db.session.rollback()
        return
    ends = db.session.get_one(AuditSeal, last)
    newest = db.session.get_one(AuditEvent, ends.event_id).happened_at
    db.session.add(
        AuditSegment(first=first, last=last, last_hash=ends.hash, newest_at=newest, removed_at=now)
    )
    events = select(AuditSeal.event_id).where(AuditSeal.number.between(first, last))
    ids = db.session.scalars(events).all()
    with may_delete(db.session(), "kept long enough"):
        db.session.execute(delete(AuditSeal).where(AuditSeal.number.between(first, last)))
        for at in range(0, len(ids), 500):
            db.session.execute(delete(AuditEvent).where(AuditEvent.id.in_(ids[at : at + 500])))
    audit.record("audit.segment-removed", actor_id=None, facts={"first": first, "last": last})
    db.session.commit()


def _delete_mail(before: datetime) -> None:
    old = select(OutgoingMail.id).where(OutgoingMail.sent_at < before)
    db.session.execute(delete(Job).where(Job.kind == "mail", Job.subject_id.in_(old)))
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.sent_at < before))
    db.session.commit()


def _count(
    model: type[Enrollment] | type[OutgoingMail] | type[ProblemReport],
    condition: ColumnElement[bool],
) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(condition)) or 0
