"""Replacing and revoking: the record never changes, both codes resolve, each happens once."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Approval, AuditEvent, Certificate, CertificateEvent, Job, OutgoingMail
from services import certificate_corrections, certification
from services.audit import Actor
from services.certificate_corrections import Correction
from tests.completed import BASE_URL, complete_all, issue
from tests.factories import make_administrator, make_enrollment, make_license, make_person


@pytest.fixture
def issued(context: Flask) -> Certificate:
    alice = make_person()
    make_license(alice)
    return issue(complete_all(make_enrollment(alice)))


@pytest.fixture
def carol(context: Flask) -> Actor:
    return Actor(make_administrator().id, "request")


def correction(issued: Certificate, **changes: Any) -> Correction:
    given: dict[str, Any] = {
        "name": "Alice Lerner-Levi",
        "pdf_name": "",
        "licenses": tuple(issued.facts["licenses"]),
        "statements_anew": False,
        "reason": "the name was corrected",
        "note": "passport seen",
    }
    return Correction(**{**given, **changes})


def replace(issued: Certificate, carol: Actor, **changes: Any) -> Certificate:
    changed = correction(issued, **changes)
    return certificate_corrections.replace(issued.number, changed, carol, BASE_URL, clock.now())


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_replacement_is_the_same_completion_under_a_new_name(
    issued: Certificate, carol: Actor
) -> None:
    before = dict(issued.facts)
    new = replace(issued, carol)
    db.session.expire_all()
    assert issued.facts == before
    assert new.predecessor_id == issued.id
    assert (new.enrollment_id, new.completed_at) == (issued.enrollment_id, issued.completed_at)
    assert new.facts["credits"] == before["credits"]
    assert (new.facts["name"], new.facts["replaces"]) == ("Alice Lerner-Levi", issued.number)
    assert new.attestation == issued.attestation


def test_both_codes_resolve_and_the_old_one_leads_to_the_new(
    issued: Certificate, carol: Actor
) -> None:
    new = replace(issued, carol)
    assert certification.find_by_code(issued.verification_code) is issued
    assert certification.find_successor(issued) is new
    state = certification.get_state(issued)
    assert (state.kind, state.reason) == ("superseded", "the name was corrected")
    assert certification.get_state(new).kind == "valid"
    assert certification.get_certificate_of(issued.enrollment_id) is new


def test_the_learner_is_told_and_the_pdf_is_drawn(issued: Certificate, carol: Actor) -> None:
    mails = count(OutgoingMail)
    new = replace(issued, carol)
    assert count(OutgoingMail) == mails + 1
    assert db.session.scalar(select(Job.id).where(Job.key == f"certificate-{new.id}"))
    kinds = list(db.session.scalars(select(AuditEvent.kind)))
    assert "certificate.superseded" in kinds


def test_credit_is_taken_anew_only_where_asked(issued: Certificate, carol: Actor) -> None:
    approval = db.session.get_one(Approval, "test-psych")
    approval.number = "TEST-PSY-CORRECTED"
    db.session.flush()
    copied = replace(issued, carol)
    assert copied.facts["credits"][0]["number"] == "TEST-PSY-1"
    anew = certificate_corrections.replace(
        copied.number, correction(copied, statements_anew=True), carol, BASE_URL, clock.now()
    )
    assert anew.facts["credits"][0]["number"] == "TEST-PSY-CORRECTED"


@pytest.mark.parametrize("first", ["replace", "revoke"])
@pytest.mark.parametrize("second", ["replace", "revoke"])
def test_only_one_thing_happens_to_a_certificate(
    issued: Certificate, carol: Actor, first: str, second: str
) -> None:
    def do(what: str) -> None:
        if what == "replace":
            replace(issued, carol)
        else:
            reason = "it was issued in error"
            certificate_corrections.revoke(issued.number, reason, "", carol, clock.now())

    do(first)
    with pytest.raises(Conflict, match="nothing was changed"):
        do(second)
    assert count(CertificateEvent) == 1
    assert count(Certificate) == (2 if first == "replace" else 1)


def test_a_revoked_certificate_says_why_and_its_note_stays_inside(
    issued: Certificate, carol: Actor
) -> None:
    reason = "a requirement was not met"
    certificate_corrections.revoke(issued.number, reason, "the test was shared", carol, clock.now())
    state = certification.get_state(issued)
    assert (state.kind, state.reason) == ("revoked", reason)
    event = db.session.scalars(select(CertificateEvent)).one()
    assert (event.note, event.actor_id) == ("the test was shared", carol.person_id)
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    assert reason in mail.body
    assert "shared" not in mail.body


def test_no_second_certificate_of_an_enrollment_whose_certificate_was_revoked(
    issued: Certificate, carol: Actor
) -> None:
    reason = "it was issued in error"
    certificate_corrections.revoke(issued.number, reason, "", carol, clock.now())
    from services.enrollments import get_study_for

    study = get_study_for(issued.person_id, "small-course")
    assert issue(study, name="Alice Learner").id == issued.id


def test_other_reasons_and_numbers_are_refused(issued: Certificate, carol: Actor) -> None:
    with pytest.raises(Invalid):
        replace(issued, carol, reason="because")
    with pytest.raises(Invalid):
        certificate_corrections.revoke(issued.number, "because", "", carol, clock.now())
    with pytest.raises(NotFound):
        certificate_corrections.revoke("2026-NOTHING", "because", "", carol, clock.now())
    assert count(CertificateEvent) == 0
