"""The two things that can happen to a certificate: another replaces it, or it is revoked.

The record itself never changes. Both codes of a replaced certificate keep resolving; the old one
leads to the new one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.completion import printed_date
from domain.refusals import Conflict, Invalid, NotFound
from domain.verification_code import make_code
from domain.wording import day
from extensions import db
from models import Certificate, CertificateEvent, Person
from services import (
    audit,
    certificate_credit,
    certificate_facts,
    certification,
    editions,
    mail,
    mail_texts,
)
from services.audit import Actor
from services.certificate_facts import Holder
from services.enrollments import hold_enrollment
from services.licenses import list_licenses
from services.provider import get_provider
from services.time_record import lock_timeline

REASONS_TO_REPLACE = (
    "the name was corrected",
    "the licenses were corrected",
    "the statement of an approval was corrected",
    "it was issued anew",
)
REASONS_TO_REVOKE = (
    "it was issued in error",
    "a requirement was not met",
    "the attestation was not true",
    "the learner asked for it",
)
"""What the page of verification says, after 'because'."""


@dataclass(frozen=True)
class Correction:
    """What the new certificate prints instead, and why.

    `pdf_name` is '' where the fonts have the whole name. `statements_anew` takes the approvals as
    they stand today for the day of completion; otherwise credit and statements are copied.
    """

    name: str
    pdf_name: str
    licenses: tuple[dict[str, str], ...]
    statements_anew: bool
    reason: str
    note: str


def replace(
    number: str, correction: Correction, actor: Actor, base_url: str, now: datetime
) -> Certificate:
    """Issue the certificate that replaces a valid one. Completion and course stay as they were.

    Raises NotFound, Conflict unless the certificate is valid, Invalid (field `reason`).
    """
    old = _get_valid(number)
    if correction.reason not in REASONS_TO_REPLACE:
        raise Invalid("reason", "Choose why the certificate is replaced.")
    new = _successor(old, correction, now)
    db.session.add(new)
    _note(old, "superseded", correction.reason, correction.note, actor, now)
    db.session.flush()
    person = db.session.get_one(Person, old.person_id)
    certification.announce(new, person, base_url, mail_texts.certificate_replaced)
    facts = {"new": new.number, "reason": correction.reason}
    _record("certificate.superseded", old, actor, facts)
    return new


def revoke(number: str, reason: str, note: str, actor: Actor, now: datetime) -> Certificate:
    """Revoke a valid certificate for good, and tell the learner.

    Raises NotFound, Conflict unless the certificate is valid, Invalid (field `reason`).
    """
    found = _get_valid(number)
    if reason not in REASONS_TO_REVOKE:
        raise Invalid("reason", "Choose why the certificate is revoked.")
    _note(found, "revoked", reason, note, actor, now)
    person = db.session.get_one(Person, found.person_id)
    text = mail_texts.certificate_revoked(
        found.facts["name"], found.facts["course"]["title"], found.number, reason
    )
    mail.queue(person.email, text.subject, text.body)
    _record("certificate.revoked", found, actor, {"reason": reason})
    return found


def license_choices(certificate: Certificate) -> list[dict[str, str]]:
    """The licenses that a new certificate may print: those printed now, and the learner's."""
    found = [dict(one) for one in certificate.facts["licenses"]]
    present = certificate_facts.license_facts(list_licenses(certificate.person_id))
    return [*found, *(dict(one) for one in present if one not in found)]


def _get_valid(number: str) -> Certificate:
    """The certificate, with its enrollment locked, so that only one of two changes happens."""
    found = db.session.scalar(select(Certificate).where(Certificate.number == number))
    if found is None:
        raise NotFound("There is no certificate with this number.")
    hold_enrollment(found.enrollment_id)
    state = certification.get_state(found)
    if state.kind != "valid":
        raise Conflict(f"Certificate {number} is {state.kind} already: nothing was changed.")
    return found


def _successor(old: Certificate, correction: Correction, now: datetime) -> Certificate:
    holder = Holder(correction.name, correction.pdf_name, correction.licenses)
    zone = old.facts["provider"]["time_zone"]
    return Certificate(
        number=certification.make_number(old.completed_on.year),
        verification_code=make_code(),
        enrollment_id=old.enrollment_id,
        person_id=old.person_id,
        edition_id=old.edition_id,
        predecessor_id=old.id,
        printed_name=correction.name,
        completed_at=old.completed_at,
        completed_on=old.completed_on,
        issued_at=now,
        attestation=old.attestation,
        facts={
            **(_gathered_anew(old, holder, now) if correction.statements_anew else old.facts),
            **certificate_facts.holder_facts(holder),
            "issued_on": day(printed_date(now, zone)),
            "replaces": old.number,
        },
    )


def _gathered_anew(old: Certificate, holder: Holder, now: datetime) -> dict[str, Any]:
    """The facts as a certificate issued today would have them for the same completion."""
    outline = editions.get_outline(old.edition_id)
    lock_timeline(old.person_id)
    earned = certificate_credit.earned_around(old.person_id, old.completed_at, old.enrollment_id)
    return certificate_facts.gather(outline, holder, get_provider(), old.completed_on, now, earned)


def _note(
    certificate: Certificate, kind: str, reason: str, note: str, actor: Actor, now: datetime
) -> None:
    event = CertificateEvent(
        certificate_id=certificate.id,
        kind=kind,
        reason=reason,
        note=note or None,
        actor_id=actor.person_id,
        happened_at=now,
    )
    db.session.add(event)
    db.session.flush()


def _record(kind: str, certificate: Certificate, actor: Actor, facts: dict[str, Any]) -> None:
    audit.record(
        kind,
        actor_id=actor.person_id,
        subject=f"certificate:{certificate.number}",
        request_id=actor.request_id,
        facts=facts,
    )
