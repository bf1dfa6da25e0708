"""The end of a learner's access: the one free extension."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from domain.access import can_extend, extended_until
from domain.refusals import Conflict
from extensions import db
from models import AccessExtension, Enrollment
from services.enrollments import Study, hold_enrollment
from services.provider import get_provider

NOT_YET = (
    "Access can be extended from {0} days before its end until {0} days after it, as long as the "
    "course is not complete."
)
NO_EXTENSION = "This learning center offers no free extension of access. Ask it for more time."


def list_offers(enrollments: Iterable[Enrollment], now: datetime) -> dict[int, datetime]:
    """The new end, by enrollment, where the free extension is offered now. At most one query."""
    terms = get_provider().access_terms
    near = {
        row.id: extended_until(row.access_until, now, terms)
        for row in enrollments
        if _is_open(row) and can_extend(row.access_until, now, terms)
    }
    if not near:
        return {}
    spent = set(
        db.session.scalars(
            select(AccessExtension.enrollment_id).where(AccessExtension.enrollment_id.in_(near))
        )
    )
    return {found: until for found, until in near.items() if found not in spent}


def find_offer(study: Study, now: datetime) -> datetime | None:
    """The new end of access, where the free extension is offered now."""
    return list_offers([study.enrollment], now).get(study.enrollment.id)


def extend(study: Study, now: datetime) -> datetime:
    """Extend the access once, free of charge; returns its end. A second click changes nothing.

    The enrollment's row is held, so that two clicks come one after the other. Raises Conflict
    where no extension is offered.
    """
    enrollment = study.enrollment
    hold_enrollment(enrollment.id)
    if db.session.get(AccessExtension, enrollment.id) is not None:
        return enrollment.access_until
    terms = get_provider().access_terms
    if not _is_open(enrollment) or not can_extend(enrollment.access_until, now, terms):
        words = NOT_YET.format(terms.first_reminder_days) if terms.extension_days else NO_EXTENSION
        raise Conflict(words)
    until = extended_until(enrollment.access_until, now, terms)
    db.session.add(
        AccessExtension(
            enrollment_id=enrollment.id,
            until_before=enrollment.access_until,
            until_after=until,
            extended_at=now,
        )
    )
    enrollment.access_until = until
    db.session.flush()
    return until


def _is_open(enrollment: Enrollment) -> bool:
    return enrollment.completed_at is None and enrollment.ended_at is None
