"""What administrators do for and to accounts, each on a page of its own or by one button."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

import clock
from blueprints.accounts.forms import LicenseForm, refuse
from blueprints.admin.person_forms import EnrollForm, GrantForm, ReasonForm, RolesForm
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other, settings
from blueprints.seen import remember, what_changed
from domain.accommodation import Granted
from domain.refusals import Conflict, Invalid
from models import Person
from services import accommodation_requests, editions, enrollment_care, licenses, people

PERSON = "/admin/people/<int:person_id>"


@bp.get(f"{PERSON}/roles")
def show_roles(person_id: int) -> ResponseReturnValue:
    form = remember(_present_roles(person_id))
    return _form_page("roles", people.get_person(person_id), _with_courses(form))


@bp.post(f"{PERSON}/roles")
@commits
def save_roles(person_id: int) -> ResponseReturnValue:
    form = _with_courses(RolesForm())

    def save() -> str:
        changed = what_changed(form, _present_roles(person_id))
        if changed:
            raise Conflict(changed)
        people.set_roles(person_id, form.administrator.data, form.courses.data or [], actor())
        return "The roles are saved. They act from the next page on."

    return _act("roles", person_id, form, save)


@bp.get(f"{PERSON}/licenses")
def show_person_licenses(person_id: int) -> ResponseReturnValue:
    return _form_page("licenses", people.get_person(person_id), LicenseForm(formdata=None))


@bp.post(f"{PERSON}/licenses")
@commits
def add_person_license(person_id: int) -> ResponseReturnValue:
    form = LicenseForm()

    def add() -> str:
        typed = (form.profession.data, form.jurisdiction.data, form.number.data)
        people.add_license(person_id, typed, actor(), clock.now())
        return "The license is added."

    return _act("licenses", person_id, form, add)


@bp.post(f"{PERSON}/licenses/<int:license_id>/removed")
@commits
def remove_person_license(person_id: int, license_id: int) -> ResponseReturnValue:
    people.remove_license(person_id, license_id, actor())
    flash("The license is removed. Certificates already issued do not change.")
    return see_other(url_for("admin.show_person_licenses", person_id=person_id))


@bp.get(f"{PERSON}/deactivation")
def show_deactivation(person_id: int) -> ResponseReturnValue:
    return _form_page("deactivation", people.get_person(person_id), ReasonForm(formdata=None))


@bp.post(f"{PERSON}/deactivation")
@commits
def deactivate_person(person_id: int) -> ResponseReturnValue:
    form = ReasonForm()

    def close() -> str:
        people.deactivate(person_id, form.reason.data, actor(), clock.now())
        return "The account is deactivated. Its sessions end now; what was earned stays."

    return _act("deactivation", person_id, form, close)


@bp.post(f"{PERSON}/reactivation")
@commits
def reactivate_person(person_id: int) -> ResponseReturnValue:
    return _press(
        person_id, lambda: people.reactivate(person_id, actor()), "The account is active again."
    )


@bp.post(f"{PERSON}/password-link")
@commits
def send_password_link(person_id: int) -> ResponseReturnValue:
    return _press(
        person_id,
        lambda: people.send_reset_link(person_id, settings().base_url, actor(), clock.now()),
        "The link to choose a new password is on its way. It works for one hour.",
    )


@bp.post(f"{PERSON}/confirmation-mail")
@commits
def send_person_confirmation(person_id: int) -> ResponseReturnValue:
    return _press(
        person_id,
        lambda: people.send_confirmation(person_id, settings().base_url, actor(), clock.now()),
        "The mail that confirms the address is on its way.",
    )


@bp.post(f"{PERSON}/confirmed")
@commits
def confirm_person_address(person_id: int) -> ResponseReturnValue:
    return _press(
        person_id,
        lambda: people.confirm_address(person_id, actor(), clock.now()),
        "The address is confirmed.",
    )


@bp.get(f"{PERSON}/enrollment")
def show_enrolling(person_id: int) -> ResponseReturnValue:
    return _form_page("enrollment", people.get_person(person_id), _offered(EnrollForm(None)))


@bp.post(f"{PERSON}/enrollment")
@commits
def enroll_person(person_id: int) -> ResponseReturnValue:
    form = _offered(EnrollForm())

    def enroll() -> str:
        outline = editions.get_current_outline(form.course.data)
        person = people.get_person(person_id)
        _, is_new = enrollment_care.enroll_by_hand(
            person, outline, form.reason.data, actor(), clock.now()
        )
        if is_new:
            return f"{person.name_on_license} is enrolled in {outline.title}."
        return f"{person.name_on_license} is enrolled in {outline.title} already."

    return _act("enrollment", person_id, form, enroll)


@bp.get(f"{PERSON}/accommodation")
def show_granting(person_id: int) -> ResponseReturnValue:
    person = people.get_person(person_id)
    return _form_page("accommodation", person, _of_courses(GrantForm(formdata=None), person_id))


@bp.post(f"{PERSON}/accommodation")
@commits
def grant_to_person(person_id: int) -> ResponseReturnValue:
    person = people.get_person(person_id)
    form = _of_courses(GrantForm(), person_id)

    def grant() -> str:
        if form.granted() == Granted():
            raise Conflict("Choose at least one thing to grant.")
        accommodation_requests.grant_unasked(
            person,
            form.course.data,
            form.granted(),
            form.until(),
            form.why.data or "",
            form.answer.data,
            actor(),
            settings().base_url,
            clock.now(),
        )
        return "Granted. It acts from the next page on."

    return _act("accommodation", person_id, form, grant)


def _press(person_id: int, step: Callable[[], None], done: str) -> ResponseReturnValue:
    """A step of one button; what is refused is told on the person's page."""
    try:
        step()
    except Conflict as refusal:
        flash(str(refusal), "warning")
    else:
        flash(done, "success")
    return see_other(url_for("admin.show_person", person_id=person_id))


def _act(
    name: str, person_id: int, form: FlaskForm, step: Callable[[], str]
) -> ResponseReturnValue:
    """Take a step with a form; what is refused stands at its field or above the form."""
    person = people.get_person(person_id)
    if not form.validate_on_submit():
        return _form_page(name, person, form, 422)
    try:
        flash(step(), "success")
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _form_page(name, person, form, 422)
    except Conflict as refusal:
        form.form_errors.append(str(refusal))
        return _form_page(name, person, form, 422)
    return see_other(url_for("admin.show_person", person_id=person_id))


def _form_page(
    name: str, person: Person, form: FlaskForm, status: int = 200
) -> ResponseReturnValue:
    more: dict[str, Any] = {}
    if name == "licenses":
        more["licenses"] = licenses.list_licenses(person.id)
    return page(f"admin/person_{name}.html", status, one=person, form=form, **more)


def _present_roles(person_id: int) -> RolesForm:
    person, taught = people.get_person(person_id), sorted(people.list_taught(person_id))
    return RolesForm(formdata=None, administrator=person.is_administrator, courses=taught)


def _with_courses(form: RolesForm) -> RolesForm:
    found = [(c.id, editions.get_title(c.id)) for c in people.list_courses()]
    form.courses.choices = sorted(found, key=lambda pair: pair[1])
    return form


def _offered(form: EnrollForm) -> EnrollForm:
    form.offer([(o.slug, o.title) for o in editions.list_current_outlines()])
    return form


def _of_courses(form: GrantForm, person_id: int) -> GrantForm:
    found = accommodation_requests.list_courses_for(person_id)
    form.course.choices = [("", "All courses"), *found]
    return form
