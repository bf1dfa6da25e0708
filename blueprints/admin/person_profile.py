"""Correcting somebody's name and time zone on their behalf."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from blueprints.accounts.forms import ProfileForm, refuse
from blueprints.admin.person_forms import reason_field
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other, settings
from blueprints.seen import EditForm, is_stale, remember
from domain.refusals import Conflict
from models import Person
from services import people


class CorrectionForm(ProfileForm, EditForm):
    """The name as on the license, the time zone, and why they are corrected."""

    latin_name: StringField | None = None
    reason = reason_field()


@bp.get("/admin/people/<int:person_id>/profile")
def show_person_profile(person_id: int) -> ResponseReturnValue:
    person = people.get_person(person_id)
    return _profile_page(person, remember(_present(person)))


@bp.post("/admin/people/<int:person_id>/profile")
@commits
def correct_person_profile(person_id: int) -> ResponseReturnValue:
    person, form = people.get_person(person_id), CorrectionForm()
    _offer_present_zone(form, person)
    if not form.validate_on_submit() or is_stale(form, _present(person)):
        return _profile_page(person, form, 422)
    try:
        is_changed = people.correct_profile(
            person_id,
            form.name_on_license.data,
            form.time_zone.data,
            form.reason.data,
            actor(),
            settings().base_url,
        )
    except Conflict as refusal:
        form.form_errors.append(str(refusal))
        return _profile_page(person, form, 422)
    if not is_changed:
        refuse(form, "name_on_license", "This is what the account says already. Nothing changed.")
        return _profile_page(person, form, 422)
    flash("Corrected. A mail tells the person. Certificates already issued do not change.")
    return see_other(url_for("admin.show_person", person_id=person_id))


def _present(person: Person) -> CorrectionForm:
    return CorrectionForm(
        formdata=None, name_on_license=person.name_on_license, time_zone=person.time_zone
    )


def _offer_present_zone(form: CorrectionForm, person: Person) -> None:
    """A zone that the list lacks stays what it is."""
    if person.time_zone not in [value for value, *_ in form.time_zone.iter_choices()]:
        form.time_zone.choices = [(person.time_zone, person.time_zone), *form.time_zone.choices]


def _profile_page(person: Person, form: CorrectionForm, status: int = 200) -> ResponseReturnValue:
    _offer_present_zone(form, person)
    form.name_on_license.label.text = "Name as on the license"
    return page("admin/person_profile.html", status, one=person, form=form)
