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
from services import provider_look
from services.certificate_variants import STANDARD, facts_of, list_documents, paper_of
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from services.pdf.signing import Signer

LOG = logging.getLogger("contact_hour.certificates")
ADDED_SINCE: dict[str, Any] = {"pdf_name": "", "replaces": "", "wordings": [], "look": {}}
"""What the facts of certificates issued by earlier versions lack."""

Draw = Callable[[dict[str, Any]], bytes]


def whole_facts(certificate: Certificate) -> dict[str, Any]:
    """The certificate's facts, with what its version lacked as it was then."""
    facts = {**ADDED_SINCE, **certificate.facts}
    credits = [{"course_number": "", "line": "", **one} for one in facts["credits"]]
    return {**facts, "credits": credits, "look": provider_look.look_of(facts)}


def printed_facts(
    certificate: Certificate, base_url: str, document: str = STANDARD
) -> dict[str, Any]:
    """What a document prints: the facts with number, code, images, address of verification."""
    facts = facts_of(whole_facts(certificate), document)
    return {
        **facts,
        "paper": paper_of(document),
        "images": provider_look.list_data_urls(facts["look"]),
        "number": certificate.number,
        "shown_code": shown_code(certificate.verification_code),
        "verify_url": verify_url(certificate, base_url),
        "verify_page": f"{urlsplit(base_url).netloc}/verify",
        "issued_at": certificate.issued_at.isoformat(timespec="seconds"),
    }


def verify_url(certificate: Certificate, base_url: str) -> str:
    """The absolute address that checks the certificate: what its QR code holds."""
    return f"{base_url}/v/{certificate.verification_code}"


def find_pdf(certificate_id: int, document: str = STANDARD) -> CertificateDocument | None:
    """The stored PDF, once the worker has drawn it."""
    return db.session.get(CertificateDocument, (certificate_id, document))


def list_stored(certificate_id: int) -> set[str]:
    """The names of the documents that are drawn, without reading them."""
    query = select(CertificateDocument.variant).where(
        CertificateDocument.certificate_id == certificate_id
    )
    return set(db.session.scalars(query))


def list_undrawn() -> list[int]:
    """The certificates of which no document for all licenses is stored yet, oldest first."""
    drawn = select(CertificateDocument.certificate_id).where(
        CertificateDocument.variant.startswith(STANDARD)
    )
    query = select(Certificate.id).where(Certificate.id.not_in(drawn)).order_by(Certificate.id)
    return list(db.session.scalars(query))


def is_stored(certificate_id: int) -> bool:
    """Whether the standard document has been drawn, without reading it."""
    return STANDARD in list_stored(certificate_id)


def has_trouble(certificate_id: int) -> bool:
    """Whether drawing the PDF has failed at least once since the certificate was issued."""
    error = db.session.scalar(select(Job.error).where(Job.key == f"certificate-{certificate_id}"))
    return error is not None


def renderer(
    base_url: str, process: DrawingProcess, signer: Signer | None = None
) -> Callable[[int], None]:
    """The worker's job handler that draws a certificate, in the worker's drawing process."""

    def render(certificate_id: int) -> None:
        render_certificate(certificate_id, base_url, partial(process.draw, "certificate"), signer)

    return render


def render_certificate(
    certificate_id: int,
    base_url: str,
    draw: Draw,
    signer: Signer | None = None,
    only_own_paper: bool = False,
) -> None:
    """Draw, sign and store every document that is not stored yet. Commits each by itself.

    `only_own_paper` leaves the other paper to the certificate's own job.

    No transaction is open while drawing. Raises DrawingFailed: the certificate stays issued, its
    page is there, and the job is tried again; what was stored before stays.
    """
    for document, facts in _list_missing(certificate_id, base_url):
        if only_own_paper and facts["paper"] != facts["look"]["paper"]:
            continue
        try:
            content = draw(facts)
        except DrawingFailed as failure:
            LOG.error("the PDF of certificate %s could not be drawn: %s", certificate_id, failure)
            raise
        _store(certificate_id, document, signer(content) if signer else content)


def _list_missing(certificate_id: int, base_url: str) -> list[tuple[str, dict[str, Any]]]:
    """The documents yet to be drawn, each with what it prints. Ends the transaction."""
    certificate = db.session.get_one(Certificate, certificate_id)
    stored = list_stored(certificate_id)
    missing = [
        (name, printed_facts(certificate, base_url, name))
        for name in list_documents(whole_facts(certificate))
        if name not in stored
    ]
    db.session.rollback()
    return missing


def _store(certificate_id: int, document: str, content: bytes) -> None:
    """Store the bytes; whoever stores first decides what is served."""
    db.session.add(
        CertificateDocument(
            certificate_id=certificate_id,
            variant=document,
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
