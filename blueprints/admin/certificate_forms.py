"""The forms that replace and revoke a certificate."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.accounts.forms import stripped
from domain.identity import tidy_name
from domain.licenses import in_words
from services import certificate_corrections
from services.certificate_register import Entry

NO_NAME = "Type the name that the new certificate shall print."


class ReplacementForm(FlaskForm):  # type: ignore[misc]
    """What the new certificate prints. The choices of `licenses` are by position."""

    name = StringField(
        "Name",
        [InputRequired(NO_NAME), Length(max=120, message="A name has at most 120 characters.")],
        filters=[lambda text: tidy_name(text) if text else text],
    )
    pdf_name = StringField(
        "Spelling in Latin letters, for the PDF",
        [Length(max=120, message="A name has at most 120 characters.")],
        filters=[stripped],
    )
    licenses = SelectMultipleField(
        "Licenses to be printed",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    statements_anew = BooleanField(
        "Take the approvals anew, as they stood on the day of completion"
    )
    reason = SelectField("Why it is replaced", [InputRequired("Choose why it is replaced.")])
    note = StringField(
        "Note for staff", [Length(max=500, message="A note has at most 500 characters.")]
    )


class RevocationForm(FlaskForm):  # type: ignore[misc]
    """Why a certificate is revoked. Its fields differ in name from those of the other form."""

    revocation_reason = SelectField(
        "Why it is revoked", [InputRequired("Choose why it is revoked.")]
    )
    revocation_note = StringField(
        "Note for staff", [Length(max=500, message="A note has at most 500 characters.")]
    )


def new_replacement(entry: Entry) -> ReplacementForm:
    """A form that prints what is printed now, under the name that the account has today."""
    offered = certificate_corrections.license_choices(entry.certificate)
    printed = entry.certificate.facts["licenses"]
    form = ReplacementForm(
        formdata=None,
        name=entry.holder.name_on_license,
        pdf_name=entry.holder.latin_name or "",
        licenses=[number for number, one in enumerate(offered) if one in printed],
    )
    return offer_licenses(form, entry)


def offer_licenses(form: ReplacementForm, entry: Entry) -> ReplacementForm:
    """The form with its choices: licenses by their position, and the reasons."""
    offered = certificate_corrections.license_choices(entry.certificate)
    form.licenses.choices = [(number, in_words(**one)) for number, one in enumerate(offered)]
    reasons = certificate_corrections.REASONS_TO_REPLACE
    form.reason.choices = [("", "Choose a reason"), *((reason, reason) for reason in reasons)]
    return form


def offer_reasons(form: RevocationForm) -> RevocationForm:
    """The form with its choices."""
    reasons = certificate_corrections.REASONS_TO_REVOKE
    form.revocation_reason.choices = [
        ("", "Choose a reason"),
        *((reason, reason) for reason in reasons),
    ]
    return form
