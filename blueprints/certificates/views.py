"""Confirming and attesting, the certificate, the transcript."""

import time

from flask import Blueprint, Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

import clock
from blueprints.accounts.forms import refuse
from blueprints.http import commits, identity, page, see_other, settings
from blueprints.player.requirements import requirement_rows
from domain.attestation import STATEMENT
from domain.completion import content_completed_at
from domain.refusals import Invalid
from domain.transcript import totals
from extensions import db
from models import CertificateDocument
from services import certificate_documents, certification, completion, licenses
from services.enrollments import Study, get_study_for
from services.progress import get_progress

bp = Blueprint("certificates", __name__)
LONGEST_WAIT_S = 5.0
LOOK_EVERY_S = 0.25
LOOK_AGAIN_S = 10


class AttestationForm(FlaskForm):  # type: ignore[misc]
    """The learner's typed statement that they did the work."""

    attested_name = StringField(
        "Type your name to attest this", [InputRequired("Type your name to attest this.")]
    )


@bp.get("/learn/<slug>/completion")
def show_completion(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    present = certification.find_certificate_of(study.enrollment.id)
    if present is not None:
        return see_other(url_for("certificates.show_certificate", number=present.number))
    return _completion_page(study, AttestationForm(formdata=None))


@bp.post("/learn/<slug>/completion")
@commits
def issue_certificate(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    form = AttestationForm()
    if not form.validate_on_submit():
        return _completion_page(study, form, 422)
    try:
        certificate = certification.issue_certificate(
            study, form.attested_name.data, settings().base_url, clock.now()
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _completion_page(study, form, 422)
    return see_other(url_for("certificates.show_certificate", number=certificate.number))


@bp.get("/certificates")
def list_certificates() -> ResponseReturnValue:
    found = certification.list_certificates_for(identity().person_id)
    return render_template(
        "certificates/transcript.html",
        certificates=found,
        totals=totals(c.facts["credits"] for c, state in found if state.kind == "valid"),
    )


@bp.get("/certificates/<number>")
def show_certificate(number: str) -> ResponseReturnValue:
    found = certification.get_certificate_for(identity().person_id, number)
    return render_template(
        "certificates/certificate.html",
        certificate=found,
        facts=found.facts,
        printed=certificate_documents.printed_facts(found, settings().base_url),
        state=certification.get_state(found),
        successor=certification.find_successor(found),
        has_pdf=certificate_documents.is_stored(found.id),
        has_trouble=certificate_documents.has_trouble(found.id),
    )


@bp.get("/certificates/<number>.pdf")
def download_pdf(number: str) -> ResponseReturnValue:
    """The stored PDF. Just after issue it waits a little for the worker, holding nothing open."""
    certificate = certification.get_certificate_for(identity().person_id, number)
    document = _wait_for_pdf(certificate.id)
    if document is None:
        return _not_yet(number, certificate.id)
    response = make_response(document.content)
    response.headers["Content-Type"] = document.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="certificate-{number}.pdf"'
    return response


def _wait_for_pdf(certificate_id: int) -> CertificateDocument | None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while (document := certificate_documents.find_pdf(certificate_id)) is None:
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


def _completion_page(study: Study, form: AttestationForm, status: int = 200) -> Response:
    """What is left; once nothing is, the form that issues the certificate."""
    progress = get_progress(study.enrollment.id)
    completed_at = content_completed_at(study.outline, progress)
    checklist = completion.checklist_for(study, progress, None)
    return page(
        "certificates/completion.html",
        status,
        study=study,
        form=form,
        completed_at=completed_at,
        printed_on=certification.printed_day(completed_at) if completed_at else "",
        requirements=requirement_rows(study, checklist, identity().time_zone),
        attestation=STATEMENT,
        credits=certification.preview(study, completed_at) if completed_at else [],
        licenses=licenses.list_licenses(identity().person_id),
    )
