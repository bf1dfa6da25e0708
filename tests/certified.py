"""Alice on the last steps, in a browser: enrolled, complete, certified."""

import hashlib
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import clock
from extensions import db
from models import CertificateDocument, CertificateEvent
from services.enrollments import get_study_for
from tests.completed import complete_all, issue
from tests.factories import SLUG, make_enrollment, make_license, make_person
from tests.site import Site

COMPLETION = f"/learn/{SLUG}/completion"
PDF = b"%PDF-1.7 the bytes as drawn"


@dataclass(frozen=True)
class Issued:
    """A certificate as the tests name it."""

    id: int
    number: str
    code: str

    @property
    def page(self) -> str:
        return f"/certificates/{self.number}"

    @property
    def check(self) -> str:
        return f"/v/{self.code}"


@pytest.fixture
def alice(app: Flask, site: Site) -> int:
    """The id of Alice, enrolled, licensed and logged in."""
    with app.app_context():
        person = make_person()
        make_license(person)
        make_enrollment(person)
        person_id = person.id
        db.session.commit()
    site.log_in("alice@example.org")
    return person_id


@pytest.fixture
def complete(app: Flask, alice: int) -> int:
    """Alice, with everything done but the attestation."""
    with app.app_context():
        complete_all(get_study_for(alice, SLUG))
        db.session.commit()
    return alice


@pytest.fixture
def issued(app: Flask, complete: int) -> Issued:
    """Alice's certificate."""
    with app.app_context():
        row = issue(get_study_for(complete, SLUG))
        found = Issued(row.id, row.number, row.verification_code)
        db.session.commit()
    return found


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def text_of(response: TestResponse) -> str:
    return str(response.get_data(as_text=True))


def store_pdf(app: Flask, certificate_id: int) -> None:
    with app.app_context():
        db.session.add(
            CertificateDocument(
                certificate_id=certificate_id,
                variant="standard",
                media_type="application/pdf",
                sha256=hashlib.sha256(PDF).hexdigest(),
                content=PDF,
                rendered_at=clock.now(),
            )
        )
        db.session.commit()


def add_event(app: Flask, certificate_id: int, kind: str) -> None:
    with app.app_context():
        db.session.add(
            CertificateEvent(
                certificate_id=certificate_id,
                kind=kind,
                reason="issued in error",
                happened_at=clock.now(),
            )
        )
        db.session.commit()
