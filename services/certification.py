"""Certificates: issued once, in the transaction that finds every requirement met."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.attestation import is_same_name, signed_statement
from domain.completion import printed_date
from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from domain.verification_code import ALPHABET, make_code, normal_code
from domain.wording import day
from extensions import db
from models import Certificate, CertificateEvent, Person
from services import (
    certificate_credit,
    certificate_facts,
    completion,
    jobs,
    mail,
    mail_texts,
)
from services.certificate_facts import Holder
from services.enrollments import Study, hold_enrollment
from services.licenses import list_licenses
from services.provider import get_provider
from services.time_record import lock_timeline

NUMBER_CHARACTERS = 8
NAME_DIFFERS = (
    "This is not the name that will be printed. Type it as it is shown above; if the name above "
    "is wrong, change it in your account first."
)
LICENSES_DIFFER = (
    "One of these licenses is not in your list any more. Look at the list as it is now, and choose "
    "again."
)


@dataclass(frozen=True)
class State:
    """What a certificate is now: 'valid', 'superseded' or 'revoked', since when, and why."""

    kind: str
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Chosen:
    """What the learner chose to have printed.

    `license_ids` None means all of the learner's licenses. `latin_name` is the spelling for the
    PDF where its fonts lack a letter of the name, '' where they have all.
    """

    license_ids: tuple[int, ...] | None = None
    latin_name: str = ""


EVERYTHING = Chosen()


def issue_certificate(
    study: Study, attested_name: str, base_url: str, now: datetime, chosen: Chosen = EVERYTHING
) -> Certificate:
    """Issue the certificate of a complete enrollment; a second request finds the first's.

    Raises Conflict while a requirement is missing, Invalid (field `attested_name`) if the typed
    name is not the name on the license, or (field `licenses`) if a license is not the learner's.
    On PostgreSQL the enrollment's row is locked, so that two requests, or an issue and a
    withdrawal, come one after the other; and the learner's timeline, so that certificates of two
    courses do, and the second counts the hours of the first against a body's cap.
    """
    hold_enrollment(study.enrollment.id)
    present = find_certificate_of(study.enrollment.id)
    if present is not None:
        return present
    completion.complete_if_ready(study, now)
    if study.enrollment.completed_at is None or study.enrollment.ended_at is not None:
        raise Conflict("The certificate cannot be issued yet: a requirement is still missing.")
    person = db.session.get_one(Person, study.enrollment.person_id)
    if not is_same_name(attested_name, person.name_on_license):
        raise Invalid("attested_name", NAME_DIFFERS)
    lock_timeline(person.id)
    certificate = _make(study, person, attested_name, chosen, now)
    try:
        with db.session.begin_nested():
            db.session.add(certificate)
    except IntegrityError:
        return get_certificate_of(study.enrollment.id)
    announce(certificate, person, base_url)
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
    """The newest certificate of an enrollment. Raises NotFound."""
    found = find_certificate_of(enrollment_id)
    if found is None:
        raise NotFound("There is no certificate yet.")
    return found


def get_certificate_for(person_id: int, number: str) -> Certificate:
    """The person's own certificate. Raises NotFound for anybody else's."""
    found = db.session.scalar(
        select(Certificate).where(Certificate.number == number, Certificate.person_id == person_id)
    )
    if found is None:
        raise NotFound("There is no such certificate among yours.")
    return found


def list_certificates_for(person_id: int) -> list[tuple[Certificate, State]]:
    """The person's certificates with their states, the latest completion first."""
    found = list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.completed_at.desc(), Certificate.id.desc())
        )
    )
    states = list_states([certificate.id for certificate in found])
    return [(certificate, states[certificate.id]) for certificate in found]


def find_by_code(typed: str) -> Certificate | None:
    """The certificate of a verification code, however it was typed."""
    code = normal_code(typed)
    if code is None:
        return None
    return db.session.scalar(select(Certificate).where(Certificate.verification_code == code))


def get_state(certificate: Certificate) -> State:
    """The certificate's state, derived from its events."""
    return list_states([certificate.id])[certificate.id]


def find_successor(certificate: Certificate) -> Certificate | None:
    """The certificate that replaces this one."""
    return db.session.scalar(
        select(Certificate).where(Certificate.predecessor_id == certificate.id)
    )


def printed_day(completed_at: datetime) -> str:
    """The date of completion in the words that are printed."""
    return day(printed_date(completed_at, get_provider().time_zone))


def preview(study: Study, on: datetime) -> list[dict[str, Any]]:
    """The credits that a certificate completed at `on` grants, for the completion page."""
    return list_credits(study.outline, printed_date(on, get_provider().time_zone))


def list_credits(outline: Outline, on: date) -> list[dict[str, Any]]:
    """The credits of the approvals valid on a day, with their statements."""
    return certificate_facts.list_credits(outline, get_provider(), on)


def list_states(certificate_ids: list[int]) -> dict[int, State]:
    """The state of each certificate: the last event that changed it, or valid."""
    events = db.session.scalars(
        select(CertificateEvent)
        .where(
            CertificateEvent.certificate_id.in_(certificate_ids),
            CertificateEvent.kind.in_(("superseded", "revoked")),
        )
        .order_by(CertificateEvent.id)
    )
    states = dict.fromkeys(certificate_ids, State("valid"))
    for event in events:
        states[event.certificate_id] = State(event.kind, event.happened_at, event.reason)
    return states


def _make(
    study: Study, person: Person, attested_name: str, chosen: Chosen, now: datetime
) -> Certificate:
    completed_at = study.enrollment.completed_at
    assert completed_at is not None
    provider = get_provider()
    completed_on = printed_date(completed_at, provider.time_zone)
    holder = _holder(person, chosen)
    earned = certificate_credit.earned_around(person.id, completed_at)
    return Certificate(
        number=make_number(completed_on.year),
        verification_code=make_code(),
        enrollment_id=study.enrollment.id,
        person_id=person.id,
        edition_id=study.outline.edition_id,
        printed_name=person.name_on_license,
        completed_at=completed_at,
        completed_on=completed_on,
        issued_at=now,
        attestation=signed_statement(attested_name),
        facts=certificate_facts.gather(study.outline, holder, provider, completed_on, now, earned),
    )


def _holder(person: Person, chosen: Chosen) -> Holder:
    """Who is printed, with the licenses confirmed; the spelling for the PDF is remembered."""
    present = list_licenses(person.id)
    wanted = chosen.license_ids
    printed = [row for row in present if wanted is None or row.id in wanted]
    if wanted is not None and len(printed) != len(set(wanted)):
        raise Invalid("licenses", LICENSES_DIFFER)
    if chosen.latin_name:
        person.latin_name = chosen.latin_name
    licenses = certificate_facts.license_facts(printed)
    return Holder(person.name_on_license, chosen.latin_name, licenses)


def make_number(year: int) -> str:
    """A number that tells nothing: the year and eight random characters."""
    return f"{year}-" + "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_CHARACTERS))


def announce(
    certificate: Certificate,
    person: Person,
    base_url: str,
    words: Callable[[str, str, str], mail_texts.MailText] = mail_texts.certificate_issued,
) -> None:
    """Ask the worker for the PDF and put the mail in the outbox, in the same transaction."""
    jobs.enqueue("certificate", certificate.id, key=f"certificate-{certificate.id}")
    text = words(
        certificate.facts["name"],
        certificate.facts["course"]["title"],
        f"{base_url}/certificates/{certificate.number}",
    )
    mail.queue(person.email, text.subject, text.body)
