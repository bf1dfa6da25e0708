"""The documents of certificates: drawn once in a process of their own, stored, served ever after."""

import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

import clock
from extensions import db
from models import Certificate, CertificateDocument
from services import certification

PROJECT = Path(__file__).resolve().parents[1]
LONGEST_DRAWING_S = 60
MOST_MEMORY_BYTES = 2 * 1024**3


def printed_facts(certificate: Certificate, base_url: str) -> dict[str, Any]:
    """What is printed: the record's facts with its number, code and address."""
    return {
        **certificate.facts,
        "number": certificate.number,
        "code": certificate.verification_code,
        "attestation": certificate.attestation,
        "verify_url": f"{base_url}/v/{certificate.verification_code}",
    }


def renderer(base_url: str) -> Callable[[int], None]:
    """The job handler that draws a certificate."""

    def render(certificate_id: int) -> None:
        render_certificate(certificate_id, base_url)

    return render


def render_certificate(certificate_id: int, base_url: str) -> None:
    """Draw and store the PDF; nothing happens if it is stored already. Commits.

    Nothing is held open while drawing. Raises CalledProcessError or TimeoutExpired when the
    drawing process fails or takes too long; the certificate stays issued and the job is retried.
    """
    certificate = db.session.get_one(Certificate, certificate_id)
    is_stored = certification.find_pdf(certificate_id) is not None
    facts = printed_facts(certificate, base_url)
    db.session.rollback()
    if is_stored:
        return
    content = draw_apart(facts)
    db.session.add(
        CertificateDocument(
            certificate_id=certificate_id,
            variant="standard",
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


def draw_apart(facts: dict[str, Any]) -> bytes:
    """Draw in a child process with limits on time and memory."""
    finished = subprocess.run(  # noqa: S603 - our own module, no shell
        [sys.executable, "-m", "services.pdf.draw"],
        input=json.dumps(facts).encode(),
        capture_output=True,
        cwd=PROJECT,
        timeout=LONGEST_DRAWING_S,
        check=True,
        preexec_fn=_limit_memory,
    )
    return finished.stdout


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
