"""Drawing apart, and keeping the bytes: a renderer that hangs or dies does no harm."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from extensions import db
from models import Certificate, CertificateDocument
from services import certificate_documents
from services.certificate_documents import printed_facts, render_certificate
from services.pdf.draw import draw
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from tests.completed import complete_all, issue
from tests.factories import make_enrollment, make_license, make_person
from tests.printed import BASE_URL, facts


@pytest.fixture(scope="module")
def sample() -> bytes:
    return draw("certificate", facts())


@pytest.fixture
def process() -> Iterator[DrawingProcess]:
    made = DrawingProcess()
    yield made
    made.end()


def pid_of(process: DrawingProcess) -> int:
    assert process._process is not None
    return process._process.pid


def test_one_process_draws_many_and_survives_a_failure(
    process: DrawingProcess, sample: bytes
) -> None:
    assert process.draw("certificate", facts()) == sample
    pid = pid_of(process)
    with pytest.raises(DrawingFailed, match="MissingGlyphs"):
        process.draw("certificate", facts("\ue000"))
    assert process.draw("certificate", facts()) == sample
    assert pid_of(process) == pid


def test_a_killed_process_does_no_harm(process: DrawingProcess, sample: bytes) -> None:
    process.draw("certificate", facts())
    os.kill(pid_of(process), 9)
    assert process.draw("certificate", facts()) == sample


def test_a_drawing_that_takes_too_long_is_given_up() -> None:
    hasty = DrawingProcess(longest_drawing_s=0.02)
    with pytest.raises(DrawingFailed, match="took too long"):
        hasty.draw("certificate", facts())
    hasty.end()


def test_the_process_gets_no_secrets(
    process: DrawingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret of the center")
    process.draw("certificate", facts())
    environ = Path(f"/proc/{pid_of(process)}/environ").read_bytes()
    assert b"PATH=" in environ
    assert b"SECRET_KEY" not in environ


@pytest.fixture
def certificate(context: Flask) -> Certificate:
    alice = make_person()
    make_license(alice)
    return issue(complete_all(make_enrollment(alice)))


def count_documents() -> int:
    return db.session.scalar(select(func.count()).select_from(CertificateDocument)) or 0


def test_the_record_of_an_issued_certificate_can_be_drawn(certificate: Certificate) -> None:
    assert draw("certificate", printed_facts(certificate, BASE_URL)).startswith(b"%PDF-")


def test_the_bytes_are_stored_once_with_their_hash(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()
    render_certificate(certificate_id, BASE_URL, lambda _facts: b"first")
    render_certificate(certificate_id, BASE_URL, lambda _facts: b"second")
    stored = certificate_documents.find_pdf(certificate_id)
    assert stored is not None
    assert stored.content == b"first"
    assert stored.sha256 == hashlib.sha256(b"first").hexdigest()
    assert count_documents() == 2, "one on each paper"


def test_of_two_workers_the_first_to_store_decides(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()

    def overtaken(_facts: dict[str, Any]) -> bytes:
        render_certificate(certificate_id, BASE_URL, lambda _f: b"faster")
        return b"slower"

    render_certificate(certificate_id, BASE_URL, overtaken)
    stored = certificate_documents.find_pdf(certificate_id)
    assert stored is not None
    assert stored.content == b"faster"


def test_a_failed_drawing_leaves_the_certificate_issued(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()

    def fail(_facts: dict[str, Any]) -> bytes:
        raise DrawingFailed("no memory left")

    with pytest.raises(DrawingFailed):
        render_certificate(certificate_id, BASE_URL, fail)
    db.session.rollback()
    assert not certificate_documents.is_stored(certificate_id)
    assert db.session.get(Certificate, certificate_id) is not None


def test_the_database_refuses_to_change_a_document(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()
    render_certificate(certificate_id, BASE_URL, lambda _facts: b"first")
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(update(CertificateDocument).values(content=b"other"))
