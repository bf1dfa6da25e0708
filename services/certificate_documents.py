"""The documents of certificates: drawn once by the worker, stored, and served ever after."""

import hashlib
import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import clock
from domain.verification_code import shown_code
from extensions import db
from models import Certificate, CertificateDocument, Job
from services.pdf.drawing_process import DrawingFailed, DrawingProcess

LOG = logging.getLogger("contact_hour.certificates")
STANDARD = "standard"
"""The variant of the PDF. Wording that differs by license is a variant of its own."""


def printed_facts(certificate: Certificate, base_url: str) -> dict[str, Any]:
    """What is printed: the record's facts with its number, code and address of verification."""
    return {
        **certificate.facts,
        "number": certificate.number,
        "shown_code": shown_code(certificate.verification_code),
        "verify_url": f"{base_url}/v/{certificate.verification_code}",
        "verify_page": f"{urlsplit(base_url).netloc}/verify",
        "issued_at": certificate.issued_at.isoformat(timespec="seconds"),
    }


def find_pdf(certificate_id: int) -> CertificateDocument | None:
    """The stored PDF, once the worker has drawn it."""
    return db.session.get(CertificateDocument, (certificate_id, STANDARD))


def is_stored(certificate_id: int) -> bool:
    """Whether the PDF has been drawn, without reading it."""
    query = select(CertificateDocument.variant).where(
        CertificateDocument.certificate_id == certificate_id,
        CertificateDocument.variant == STANDARD,
    )
    return db.session.scalar(query) is not None


def has_trouble(certificate_id: int) -> bool:
    """Whether drawing the PDF has failed at least once since the certificate was issued."""
    error = db.session.scalar(select(Job.error).where(Job.key == f"certificate-{certificate_id}"))
    return error is not None


def renderer(base_url: str, process: DrawingProcess) -> Callable[[int], None]:
    """The worker's job handler that draws a certificate, in the worker's drawing process."""

    def render(certificate_id: int) -> None:
        render_certificate(certificate_id, base_url, partial(process.draw, "certificate"))

    return render


def render_certificate(
    certificate_id: int, base_url: str, draw: Callable[[dict[str, Any]], bytes]
) -> None:
    """Draw and store the PDF; nothing happens if it is stored already. Commits.

    No transaction is open while drawing. Raises DrawingFailed: the certificate stays issued, its
    page is there, and the job is tried again.
    """
    certificate = db.session.get_one(Certificate, certificate_id)
    facts = None if is_stored(certificate_id) else printed_facts(certificate, base_url)
    db.session.rollback()
    if facts is None:
        return
    try:
        content = draw(facts)
    except DrawingFailed as failure:
        LOG.error("the PDF of certificate %s could not be drawn: %s", certificate_id, failure)
        raise
    _store(certificate_id, content)


def _store(certificate_id: int, content: bytes) -> None:
    """Store the bytes; whoever stores first decides what is served."""
    db.session.add(
        CertificateDocument(
            certificate_id=certificate_id,
            variant=STANDARD,
            media_type="application/pdf",
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            rendered_at=clock.now(),
        )
    )
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
