"""The certificate and its documents."""

import time

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.http import identity, page, settings
from blueprints.safe_image import safe_image
from domain.refusals import NotFound
from domain.writing import language
from extensions import db
from models import Certificate, CertificateDocument
from services import certificate_documents, certification, provider_look
from services.certificate_variants import STANDARD, list_variants, name_of
from services.pdf.qr_codes import qr_svg
from services.provider_look import PAPERS

bp = Blueprint("certificates", __name__)
PAPER_NAMES = {"letter": "Letter", "a4": "A4"}
LONGEST_WAIT_S = 5.0
LOOK_EVERY_S = 0.25
LOOK_AGAIN_S = 10


@bp.get("/certificates/<number>")
def show_certificate(number: str) -> ResponseReturnValue:
    found = certification.get_certificate_for(identity().person_id, number)
    variant = _variant(found)
    printed = certificate_documents.printed_facts(found, settings().base_url, variant)
    stored = certificate_documents.list_stored(found.id)
    return render_template(
        "certificates/certificate.html",
        certificate=found,
        facts=printed,
        images=_image_addresses(number, printed["look"]),
        name_language=language(printed["name"]),
        downloads=_downloads(found),
        variants=list_variants(certificate_documents.whole_facts(found)),
        variant=variant,
        state=certification.get_state(found),
        successor=certification.find_successor(found),
        has_pdf=STANDARD in stored,
        has_trouble=certificate_documents.has_trouble(found.id),
    )


@bp.get("/certificates/<number>.pdf")
def download_pdf(number: str) -> ResponseReturnValue:
    """A stored PDF. Just after issue it waits a little for the worker, holding nothing open."""
    certificate = certification.get_certificate_for(identity().person_id, number)
    name = name_of(_variant(certificate), _paper(certificate))
    document = _wait_for_pdf(certificate.id, name)
    if document is None:
        return _not_yet(number, certificate.id)
    response = make_response(document.content)
    response.headers["Content-Type"] = document.media_type
    words = [number, *name.removeprefix(STANDARD).split("-")]
    file_name = "-".join(["certificate", *filter(None, words)])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}.pdf"'
    return response


@bp.get("/certificates/<number>/images/<name>")
def show_image(number: str, name: str) -> ResponseReturnValue:
    """The logo, seal or signature that this certificate names, or its QR code."""
    found = certification.get_certificate_for(identity().person_id, number)
    if name == "qr":
        url = certificate_documents.verify_url(found, settings().base_url)
        return safe_image(qr_svg(url), "image/svg+xml")
    image = provider_look.find_image(certificate_documents.whole_facts(found)["look"].get(name, ""))
    if image is None:
        raise NotFound("This certificate has no such image.")
    return safe_image(image.content, image.media_type)


def _image_addresses(number: str, look: dict[str, str]) -> dict[str, str]:
    names = [name for name in provider_look.IMAGES if look[name]]
    given = {
        name: url_for("certificates.show_image", number=number, name=name)
        for name in [*names, "qr"]
    }
    return {**dict.fromkeys(provider_look.IMAGES, ""), **given}


def _variant(certificate: Certificate) -> str:
    """The variant asked for in the address. Raises NotFound for one there is not."""
    wanted = request.args.get("for", STANDARD)
    facts = certificate_documents.whole_facts(certificate)
    if wanted not in dict(list_variants(facts)):
        raise NotFound("There is no such document of this certificate.")
    return wanted


def _paper(certificate: Certificate) -> str:
    """The paper asked for in the address, else the provider's own."""
    wanted = request.args.get("paper", "")
    if wanted in PAPERS:
        return wanted
    return str(certificate_documents.whole_facts(certificate)["look"]["paper"])


def _downloads(certificate: Certificate) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each variant, in words, the papers with the address of their PDF."""
    facts = certificate_documents.whole_facts(certificate)
    own = str(facts["look"]["paper"])
    papers = sorted(PAPERS, key=lambda paper: paper != own)
    return [
        (
            words,
            [
                (
                    PAPER_NAMES[paper],
                    url_for(
                        "certificates.download_pdf",
                        number=certificate.number,
                        **{"for": None if variant == STANDARD else variant},
                        paper=None if paper == own else paper,
                    ),
                )
                for paper in papers
            ],
        )
        for variant, words in list_variants(facts)
    ]


def _wait_for_pdf(certificate_id: int, name: str) -> CertificateDocument | None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while (document := certificate_documents.find_pdf(certificate_id, name)) is None:
        db.session.rollback()
        if time.monotonic() > deadline:
            return None
        time.sleep(LOOK_EVERY_S)
    return document


def _not_yet(number: str, certificate_id: int) -> Response:
    response = page(
        "certificates/pdf_not_ready.html",
        503,
        number=number,
        has_trouble=certificate_documents.has_trouble(certificate_id),
    )
    response.headers["Retry-After"] = str(LOOK_AGAIN_S)
    return response
