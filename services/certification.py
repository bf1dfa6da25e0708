"""Certificates: issued once, in the transaction that finds every requirement met."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain import credit
from domain.completion import printed_date
from domain.identity import tidy_name
from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from domain.verification_code import ALPHABET, make_code, normal_code
from domain.wording import day
from extensions import db
from models import Approval, Certificate, CertificateDocument, CertificateEvent, License, Person
from services import completion, jobs, mail, mail_texts
from services.enrollments import Study
from services.licenses import list_licenses
from services.provider import ProviderFacts, get_provider, list_approvals

TEMPLATE_VERSION = 1
ATTESTATION = "I completed this course and its post-tests myself."
FORMAT_WORDING = (
    "self-paced, asynchronous, non-interactive: recorded webinars, audio and readings, with "
    "post-tests"
)


@dataclass(frozen=True)
class State:
    """What a certificate is now: 'valid', 'superseded' or 'revoked', since when, and why."""

    kind: str
    since: datetime | None = None
    reason: str = ""


def issue_certificate(
    study: Study, attested_name: str, base_url: str, now: datetime
) -> Certificate:
    """Issue the certificate of a complete enrollment; a second request finds the first's.

    Raises Conflict while a requirement is missing, Invalid (field `attested_name`) if the typed
    name is not the name on the license.
    """
    present = find_certificate_of(study.enrollment.id)
    if present is not None:
        return present
    completion.complete_if_ready(study, now)
    if study.enrollment.completed_at is None or study.enrollment.ended_at is not None:
        raise Conflict("The certificate cannot be issued yet: a requirement is still missing.")
    person = db.session.get_one(Person, study.enrollment.person_id)
    if tidy_name(attested_name).casefold() != person.name_on_license.casefold():
        raise Invalid("attested_name", "Type your name exactly as it will be printed, above.")
    certificate = _make(study, person, now)
    try:
        with db.session.begin_nested():
            db.session.add(certificate)
    except IntegrityError:
        return get_certificate_of(study.enrollment.id)
    _announce(certificate, person, base_url)
    return certificate


def find_certificate_of(enrollment_id: int) -> Certificate | None:
    """The newest certificate of an enrollment."""
    return db.session.scalar(
        select(Certificate)
        .where(Certificate.enrollment_id == enrollment_id)
        .order_by(Certificate.id.desc())
        .limit(1)
    )


def get_certificate_of(enrollment_id: int) -> Certificate:
    found = find_certificate_of(enrollment_id)
    if found is None:
        raise NotFound("There is no certificate yet.")
    return found


def get_certificate_for(person_id: int, number: str) -> Certificate:
    """The person's own certificate. Raises NotFound for anybody else's."""
    found = db.session.scalar(
        select(Certificate).where(
            Certificate.number == number, Certificate.person_id == person_id
        )
    )
    if found is None:
        raise NotFound("There is no such certificate among yours.")
    return found


def list_certificates_for(person_id: int) -> list[Certificate]:
    return list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.id.desc())
        )
    )


def find_by_code(typed: str) -> Certificate | None:
    """The certificate of a verification code, however it was typed."""
    code = normal_code(typed)
    if code is None:
        return None
    return db.session.scalar(select(Certificate).where(Certificate.verification_code == code))


def get_state(certificate: Certificate) -> State:
    """The certificate's state, derived from its events."""
    event = db.session.scalar(
        select(CertificateEvent)
        .where(
            CertificateEvent.certificate_id == certificate.id,
            CertificateEvent.kind.in_(("superseded", "revoked")),
        )
        .order_by(CertificateEvent.id.desc())
        .limit(1)
    )
    return State("valid") if event is None else State(event.kind, event.happened_at, event.reason)


def find_pdf(certificate_id: int) -> CertificateDocument | None:
    """The stored PDF, once the worker has drawn it."""
    return db.session.get(CertificateDocument, (certificate_id, "standard"))


def preview(study: Study, on: datetime) -> list[dict[str, Any]]:
    """The credits a certificate completed at `on` would grant, for the completion page."""
    provider = get_provider()
    day_printed = printed_date(on, provider.time_zone)
    return _credits(study.outline, provider, day_printed)


def list_credits(outline: Outline, on: date) -> list[dict[str, Any]]:
    """The credits of the approvals valid on a day, with their statements, for the course page."""
    return _credits(outline, get_provider(), on)


def _make(study: Study, person: Person, now: datetime) -> Certificate:
    completed_at = study.enrollment.completed_at
    assert completed_at is not None
    provider = get_provider()
    completed_on = printed_date(completed_at, provider.time_zone)
    return Certificate(
        number=_make_number(completed_on.year),
        verification_code=make_code(),
        enrollment_id=study.enrollment.id,
        person_id=person.id,
        edition_id=study.outline.edition_id,
        printed_name=person.name_on_license,
        completed_at=completed_at,
        completed_on=completed_on,
        issued_at=now,
        attestation=ATTESTATION,
        facts=_facts(study.outline, person, provider, completed_on, now),
    )


def _facts(
    outline: Outline, person: Person, provider: ProviderFacts, completed_on: date, now: datetime
) -> dict[str, Any]:
    """Everything printed, copied now and never read live again."""
    return {
        "template_version": TEMPLATE_VERSION,
        "name": person.name_on_license,
        "licenses": [_license(row) for row in list_licenses(person.id)],
        "course": {
            "title": outline.title,
            "code": outline.code,
            "edition": outline.edition_number,
            "content_hash": outline.content_hash,
            "format": outline.facts["format"],
            "format_wording": FORMAT_WORDING,
        },
        "completed_on": day(completed_on),
        "issued_on": day(printed_date(now, provider.time_zone)),
        "credits": _credits(outline, provider, completed_on),
        "instructors": [
            {"name": i["name"], "credentials": i["credentials"]}
            for i in outline.facts["instructors"]
        ],
        "provider": {
            "name": provider.name,
            "legal_name": provider.legal_name,
            "address": provider.facts.get("address", []),
            "email": provider.email,
            "phone": provider.phone,
            "website": provider.facts.get("website", ""),
            "demonstration": provider.demonstration,
        },
        "signatory": provider.facts.get("signatory", {"name": "", "title": ""}),
        "statement": "Completed in full, post-tests passed.",
    }


def _credits(
    outline: Outline, provider: ProviderFacts, completed_on: date
) -> list[dict[str, Any]]:
    approvals = list_approvals(list(outline.facts["approvals"]), on=completed_on)
    return [_credit(approval, outline, provider) for approval in approvals]


def _credit(approval: Approval, outline: Outline, provider: ProviderFacts) -> dict[str, Any]:
    rule = credit.HourRule(approval.hour_minutes, approval.increment, approval.minimum)
    granted = credit.in_words(credit.hours(outline.minutes, rule))
    statement = approval.statement
    for name, value in {
        "provider": provider.legal_name,
        "body": approval.body,
        "number": approval.number,
        "hours": granted,
        "unit_word": approval.unit_word,
        "title": outline.title,
    }.items():
        statement = statement.replace("{" + name + "}", value)
    return {
        "body": approval.body,
        "number": approval.number,
        "hours": granted,
        "unit_word": approval.unit_word,
        "valid": f"{day(approval.valid_from)} to {day(approval.valid_until)}",
        "statement": statement,
    }


def _license(row: License) -> dict[str, str]:
    return {
        "profession": row.profession,
        "jurisdiction": row.jurisdiction,
        "number": row.number,
    }


def _make_number(year: int) -> str:
    """A number that tells nothing: the year and eight random characters."""
    return f"{year}-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def _announce(certificate: Certificate, person: Person, base_url: str) -> None:
    jobs.enqueue("certificate", certificate.id, key=f"certificate-{certificate.id}")
    text = mail_texts.certificate_issued(
        person.name_on_license,
        certificate.facts["course"]["title"],
        f"{base_url}/certificates/{certificate.number}",
    )
    mail.queue(person.email, text.subject, text.body)
