"""The completion page: confirming what will be printed, attesting, issuing."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

import clock
from blueprints.accounts.forms import refuse, stripped
from blueprints.accounts.printed_name import letters, refuse_unprintable
from blueprints.certificates.views import bp
from blueprints.http import (
    commit_before_slow_work,
    commits,
    identity,
    page,
    see_other,
    settings,
)
from blueprints.player.requirements import requirement_rows
from domain.attestation import STATEMENT
from domain.completion import content_completed_at
from domain.licenses import in_words
from domain.refusals import Invalid
from domain.wording import duration
from domain.writing import latin_part
from services import accounts, certification, completion, licenses, printed_names, recorded_time
from services.certification import Chosen
from services.enrollments import Study, get_study_for
from services.minimum_time import get_progress_for

NO_SPELLING = "Type your name in Latin letters, as the PDF shall print it."
NOT_LISTED = "One of these licenses is not in your list any more. Choose again."


class AttestationForm(FlaskForm):  # type: ignore[misc]
    """What is to be printed, and the learner's typed statement that they did the work.

    The choices of `licenses` are the learner's; none chosen means that none is printed.
    """

    licenses = SelectMultipleField(
        "Licenses to be printed",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    latin_name = StringField(
        "Your name in Latin letters, for the PDF",
        [Length(max=120, message="A name has at most 120 characters.")],
        filters=[stripped],
    )
    attested_name = StringField(
        "Type your name to attest this", [InputRequired("Type your name to attest this.")]
    )


@bp.get("/learn/<slug>/completion")
def show_completion(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    present = certification.find_certificate_of(study.enrollment.id)
    if present is not None:
        return see_other(url_for("certificates.show_certificate", number=present.number))
    return _completion_page(study, _new_form())


@bp.post("/learn/<slug>/completion")
@commits
def issue_certificate(slug: str) -> ResponseReturnValue:
    """Issue it. The name is shaped with the real fonts first, before any row is locked."""
    who = identity()
    study = get_study_for(who.person_id, slug)
    commit_before_slow_work()
    form = _offer_licenses(AttestationForm())
    missing = printed_names.find_missing(who.name)
    if not _is_complete(form, missing):
        return _completion_page(study, form, 422)
    spelling = form.latin_name.data if missing else ""
    chosen = Chosen(tuple(form.licenses.data or ()), spelling or "")
    try:
        certificate = certification.issue_certificate(
            study, form.attested_name.data, settings().base_url, clock.now(), chosen
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _completion_page(study, form, 422)
    return see_other(url_for("certificates.show_certificate", number=certificate.number))


def _is_complete(form: AttestationForm, missing: str) -> bool:
    """Whether the form can be used; a spelling is asked for only where the fonts lack letters."""
    complete = bool(form.validate_on_submit())
    if missing and not form.latin_name.data:
        refuse(form, "latin_name", NO_SPELLING)
        return False
    return not (missing and refuse_unprintable(form)) and complete


def _new_form() -> AttestationForm:
    person = accounts.get_person(identity().person_id)
    form = AttestationForm(
        formdata=None,
        licenses=[row.id for row in licenses.list_licenses(person.id)],
        latin_name=person.latin_name or latin_part(person.name_on_license),
    )
    return _offer_licenses(form)


def _offer_licenses(form: AttestationForm) -> AttestationForm:
    rows = licenses.list_licenses(identity().person_id)
    form.licenses.choices = [
        (row.id, in_words(row.profession, row.jurisdiction, row.number)) for row in rows
    ]
    return form


def _completion_page(study: Study, form: AttestationForm, status: int = 200) -> ResponseReturnValue:
    """What is left; once nothing is, the form that issues the certificate."""
    progress = get_progress_for(study, clock.now())
    completed_at = content_completed_at(study.outline, progress)
    checklist = completion.checklist_for(study, progress, None)
    missing = printed_names.find_missing(identity().name) if completed_at else ""
    form.latin_name.flags.required = bool(missing)
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
        missing=letters(missing) if missing else "",
        recorded=duration(recorded_time.total_seconds(study.enrollment.id)) if completed_at else "",
    )
