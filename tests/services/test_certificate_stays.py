"""A certificate, record and bytes, under every edit and deletion of what it was made from."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

import clock
from extensions import db
from models import (
    Approval,
    Certificate,
    CertificateDocument,
    Course,
    Edition,
    License,
    Person,
    Provider,
    ProviderImage,
)
from services import certification, provider, provider_look
from services.certificate_documents import find_pdf, printed_facts, render_certificate
from services.pdf import draw as drawing
from services.pdf.draw import draw
from tests.completed import BASE_URL, complete_all, issue
from tests.factories import make_enrollment, make_license, make_person

SEAL = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def issued(context: Flask) -> Certificate:
    """A certificate with a seal of the provider, its PDFs stored."""
    provider_look.change_look(clock.now(), "#7a1f2b", images={"seal": SEAL})
    alice = make_person()
    make_license(alice)
    certificate = issue(complete_all(make_enrollment(alice)))
    certificate_id = certificate.id
    db.session.commit()
    render_certificate(certificate_id, BASE_URL, lambda facts: facts["paper"].encode() * 9)
    return db.session.get_one(Certificate, certificate_id)


def rename_learner() -> None:
    db.session.execute(update(Person).values(name_on_license="Renamed", latin_name="Renamed"))


def change_license() -> None:
    db.session.execute(update(License).values(number="OTHER", jurisdiction="Ohio"))


def delete_license() -> None:
    db.session.execute(delete(License))


def change_approval() -> None:
    words = {"statement": "Other.", "number": "X", "unit_word": "points", "body": "Other"}
    db.session.execute(update(Approval).values(hour_minutes=30, wordings=[], **words))


def delete_approvals() -> None:
    db.session.execute(delete(Approval))


def change_provider() -> None:
    db.session.execute(update(Provider).values(name="Other", legal_name="Other", facts={}))
    provider.forget()


def change_look() -> None:
    provider_look.change_look(clock.now(), "#000000", "a4", {"seal": b""})


def archive_course() -> None:
    db.session.execute(update(Course).values(archived_at=clock.now(), slug="moved"))


EDITS: tuple[Callable[[], None], ...] = (
    rename_learner,
    change_license,
    delete_license,
    change_approval,
    delete_approvals,
    change_provider,
    change_look,
    archive_course,
)


def what_is_served(certificate_id: int) -> tuple[dict[str, Any], dict[str, Any], bytes, str]:
    """The record, what would be printed, the stored bytes and their hash."""
    certificate = db.session.get_one(Certificate, certificate_id)
    document = find_pdf(certificate_id)
    assert document is not None
    printed = printed_facts(certificate, BASE_URL)
    return dict(certificate.facts), printed, document.content, document.sha256


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_changes_neither_record_nor_bytes(
    issued: Certificate, edit: Callable[[], None]
) -> None:
    certificate_id, code = issued.id, issued.verification_code
    before = what_is_served(certificate_id)
    edit()
    db.session.expire_all()
    after = what_is_served(certificate_id)
    assert after == before
    assert hashlib.sha256(after[2]).hexdigest() == after[3]
    found = certification.find_by_code(code)
    assert found is not None
    assert certification.get_state(found).kind == "valid"


def test_another_template_changes_no_stored_byte(
    issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = what_is_served(issued.id)
    monkeypatch.setattr(drawing, "as_html", lambda _template, _facts: "<p>another template")
    certificate_id = issued.id
    db.session.commit()
    render_certificate(certificate_id, BASE_URL, lambda _facts: b"drawn with another template")
    assert what_is_served(certificate_id) == before


@pytest.mark.parametrize(
    "statement",
    [delete(Certificate), delete(CertificateDocument), delete(Edition), delete(ProviderImage)],
    ids=["record", "bytes", "edition", "seal"],
)
def test_what_it_rests_on_cannot_be_deleted(issued: Certificate, statement: Any) -> None:
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(statement)


@pytest.mark.parametrize("model", [Person, Course])
def test_learner_and_course_cannot_be_deleted_from_under_it(
    issued: Certificate, model: type
) -> None:
    row = db.session.get_one(
        model, issued.person_id if model is Person else db.session.query(Course.id).first()[0]
    )
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.delete(row)
        db.session.flush()


def test_the_record_can_be_drawn_again_alike(issued: Certificate) -> None:
    """Byte for byte, whatever happened to its sources in between."""
    first = draw("certificate", printed_facts(issued, BASE_URL))
    for edit in EDITS:
        edit()
    db.session.expire_all()
    again = draw("certificate", printed_facts(issued, BASE_URL))
    assert again == first
