"""The credit of a learner's valid certificates, for caps, repeats and the transcript."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import exists, select

from extensions import db
from models import Approval, Certificate, CertificateEvent

A_DAY = timedelta(hours=24)


def list_valid(person_id: int) -> list[Certificate]:
    """The person's certificates that are neither superseded nor revoked, oldest first."""
    ended = exists().where(
        CertificateEvent.certificate_id == Certificate.id,
        CertificateEvent.kind.in_(("superseded", "revoked")),
    )
    query = select(Certificate).where(Certificate.person_id == person_id, ~ended)
    return list(db.session.scalars(query.order_by(Certificate.completed_at, Certificate.id)))


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
