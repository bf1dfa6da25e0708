"""The credit of a learner's valid certificates, for caps, repeats and the transcript."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, select

from domain.credit import A_DAY, most_in_a_day
from extensions import db
from models import Approval, Certificate, CertificateEvent, Edition


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


def earned_around(
    person_id: int, completed_at: datetime, apart_from: int | None = None
) -> Callable[[Approval], Decimal]:
    """Counts the hours granted under an approval's line within 24 hours together with a moment.

    Where several stretches of 24 hours hold the moment, that with the most hours counts: courses
    may be completed in one order and their certificates issued in another. The caller holds the
    learner's timeline, so that no other certificate is issued meanwhile. `apart_from` is the
    enrollment whose own certificate is about to be replaced.
    """

    def earned(approval: Approval) -> Decimal:
        granted = [
            (certificate.completed_at, Decimal(credit["hours"]))
            for certificate in list_valid(person_id)
            if certificate.enrollment_id != apart_from
            and abs(certificate.completed_at - completed_at) < A_DAY
            for credit in certificate.facts["credits"]
            if credit.get("line") == approval.line
        ]
        return most_in_a_day(granted, completed_at)

    return earned
