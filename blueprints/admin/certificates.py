"""Certificates in the panel: find one, replace it with a corrected one, revoke it."""

from flask import abort, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.accounts.forms import refuse
from blueprints.accounts.printed_name import letters, refuse_unprintable
from blueprints.admin.certificate_forms import (
    ReplacementForm,
    RevocationForm,
    new_replacement,
    offer_licenses,
    offer_reasons,
)
from blueprints.admin.listing import read_listing
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from blueprints.http import (
    actor,
    commit_before_slow_work,
    commits,
    page,
    see_other,
    settings,
)
from domain.licenses import in_words
from domain.refusals import Conflict, Invalid
from domain.verification_code import shown_code
from models import Certificate
from services import (
    certificate_corrections,
    certificate_documents,
    certificate_register,
    certification,
    printed_names,
    recorded_time,
)
from services.certificate_corrections import Correction
from services.certificate_register import ORDERS, Entry

HEADS = ("Number", "Name", "E-mail address", "Course", "Completed", "Issued", "State", "Credit")
NO_SPELLING = "The fonts of the PDF lack {} of this name. Type a spelling in Latin letters."


@bp.get("/admin/certificates")
def list_certificates() -> ResponseReturnValue:
    listing = read_listing("admin.list_certificates", ("q",), ORDERS, "issued")
    size = None if listing.as_csv else 50
    found, is_cut = certificate_register.list_certificates(
        listing.filters["q"], listing.order(ORDERS), listing.after, size
    )
    states = certification.list_states([certificate.id for certificate, _ in found.rows])
    rows = [
        _row(certificate, email, states[certificate.id].kind) for certificate, email in found.rows
    ]
    if listing.as_csv:
        return csv_file("certificates", HEADS, rows)
    for row, (certificate, _) in zip(rows, found.rows, strict=True):
        row[0] = _link(certificate.number)
    return render_template(
        "admin/certificates.html",
        listing=listing,
        rows=rows,
        next_after=found.next_after,
        is_cut=is_cut,
    )


@bp.get("/admin/certificates/<number>")
def show_certificate(number: str) -> ResponseReturnValue:
    entry = certificate_register.get_entry(number)
    return _entry_page(entry, new_replacement(entry), offer_reasons(RevocationForm(formdata=None)))


@bp.get("/admin/certificates/<number>/<document>.pdf")
def download_certificate(number: str, document: str) -> ResponseReturnValue:
    """A stored document, byte for byte as the learner gets it."""
    entry = certificate_register.get_entry(number)
    stored = certificate_documents.find_pdf(entry.certificate.id, document)
    if stored is None:
        abort(404)
    response = make_response(stored.content)
    response.headers["Content-Type"] = stored.media_type
    name = f"certificate-{number}-{document}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/admin/certificates/<number>/replacement")
@commits
def replace_certificate(number: str) -> ResponseReturnValue:
    entry = certificate_register.get_entry(number)
    form = offer_licenses(ReplacementForm(), entry)
    complete = form.validate_on_submit()
    commit_before_slow_work()
    missing = printed_names.find_missing(form.name.data or "")
    if missing and not form.pdf_name.data:
        refuse(form, "pdf_name", NO_SPELLING.format(letters(missing)))
        complete = False
    if not complete or (missing and refuse_unprintable(form, "pdf_name")):
        return _refused(number, form, None)
    try:
        new = certificate_corrections.replace(
            number, _correction(form, entry, missing), actor(), settings().base_url, clock.now()
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _refused(number, form, None)
    except Conflict as refusal:
        return _unchanged(number, str(refusal))
    flash(
        f"Certificate {new.number} replaces {number}. The learner has been told by mail.", "success"
    )
    return see_other(url_for("admin.show_certificate", number=new.number))


@bp.post("/admin/certificates/<number>/revocation")
@commits
def revoke_certificate(number: str) -> ResponseReturnValue:
    form = offer_reasons(RevocationForm())
    certificate_register.get_entry(number)
    if not form.validate_on_submit():
        return _refused(number, None, form)
    try:
        certificate_corrections.revoke(
            number,
            form.revocation_reason.data,
            (form.revocation_note.data or "").strip(),
            actor(),
            clock.now(),
        )
    except Conflict as refusal:
        return _unchanged(number, str(refusal))
    flash(f"Certificate {number} is revoked. A mail tells the learner.")
    return see_other(url_for("admin.show_certificate", number=number))


def _unchanged(number: str, words: str) -> ResponseReturnValue:
    """A second click, or a colleague who was faster: show how the certificate stands."""
    flash(words, "warning")
    return see_other(url_for("admin.show_certificate", number=number))


def _refused(
    number: str, replacement: ReplacementForm | None, revocation: RevocationForm | None
) -> ResponseReturnValue:
    entry = certificate_register.get_entry(number)
    return _entry_page(
        entry,
        replacement or new_replacement(entry),
        revocation or offer_reasons(RevocationForm(formdata=None)),
        422,
    )


def _entry_page(
    entry: Entry, form: ReplacementForm, revocation_form: RevocationForm, status: int = 200
) -> ResponseReturnValue:
    certificate = entry.certificate
    return page(
        "admin/certificate.html",
        status,
        entry=entry,
        facts=certificate_documents.whole_facts(certificate),
        code=shown_code(certificate.verification_code),
        licenses=[in_words(**one) for one in certificate.facts["licenses"]],
        form=form,
        revocation_form=revocation_form,
        has_trouble=certificate_documents.has_trouble(certificate.id),
        recorded_seconds=recorded_time.total_seconds(certificate.enrollment_id),
    )


def _correction(form: ReplacementForm, entry: Entry, missing: str) -> Correction:
    offered = certificate_corrections.license_choices(entry.certificate)
    chosen = [offered[i] for i in form.licenses.data or () if 0 <= i < len(offered)]
    return Correction(
        name=form.name.data,
        pdf_name=(form.pdf_name.data or "") if missing else "",
        licenses=tuple(chosen),
        statements_anew=form.statements_anew.data,
        reason=form.reason.data,
        note=(form.note.data or "").strip(),
    )


def _row(certificate: Certificate, email: str, state: str) -> list[object]:
    facts = certificate.facts
    credit = "; ".join(f"{c['hours']} {c['unit_word']}, {c['body']}" for c in facts["credits"])
    return [
        certificate.number,
        certificate.printed_name,
        email,
        facts["course"]["title"],
        facts["completed_on"],
        facts["issued_on"],
        state.capitalize(),
        credit or "None",
    ]


def _link(number: str) -> Markup:
    href = url_for("admin.show_certificate", number=number)
    return Markup('<a href="{}">{}</a>').format(href, number)
