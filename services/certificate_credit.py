"""The credit of a learner's valid certificates, for caps, repeats and the transcript."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import exists, select

from extensions import db
from models import Approval, Certificate, CertificateEvent, Edition

A_DAY = timedelta(hours=24)


def list_valid(person_id: int) -> list[Certificate]:
    """The person's certificates that are neither superseded nor revoked, oldest first."""
    ended = exists().where(
        CertificateEvent.certificate_id == Certificate.id,
        CertificateEvent.kind.in_(("superseded", "revoked")),
    )
    query = select(Certificate).where(Certificate.person_id == person_id, ~ended)
    return list(db.session.scalars(query.order_by(Certificate.completed_at, Certificate.id)))


def list_valid_of_course(person_id: int, course_id: int) -> list[Certificate]:
    """The person's valid certificates of one course, of any of its editions, oldest first."""
    editions = select(Edition.id).where(Edition.course_id == course_id)
    of_course = set(db.session.scalars(editions))
    return [c for c in list_valid(person_id) if c.edition_id in of_course]


def earned_before(person_id: int, completed_at: datetime) -> Callable[[Approval], Decimal]:
    """Counts the hours granted under an approval's line in the 24 hours up to a moment."""

    def earned(approval: Approval) -> Decimal:
        return sum(
            (
                Decimal(granted["hours"])
                for certificate in list_valid(person_id)
                if completed_at - A_DAY < certificate.completed_at <= completed_at
                for granted in certificate.facts["credits"]
                if granted.get("line") == approval.line
            ),
            Decimal(0),
        )

    return earned
