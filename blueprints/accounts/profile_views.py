"""The account page: name, time zone, password, sessions, licenses, what was kept."""

import re
from datetime import timedelta

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import ChangePasswordForm, LicenseForm, ProfileForm, refuse
from blueprints.accounts.printed_name import refuse_unprintable, tell_missing
from blueprints.accounts.views import bp
from blueprints.http import commit_before_slow_work, commits, identity, page, see_other
from domain.browser_names import in_words
from domain.refusals import Invalid
from services import accounts, kept_forms, licenses, passwords, printed_names, throttle

QUESTION_PATH = re.compile(r"/attempts/[0-9]+/questions/[0-9]+")


@bp.get("/account")
def show_account() -> ResponseReturnValue:
    return _account_page(_profile_form(), ChangePasswordForm(formdata=None))


@bp.post("/account")
@commits
def save_account() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.validate_on_submit():
        return _account_page(form, ChangePasswordForm(formdata=None), 422)
    who = identity().person_id
    commit_before_slow_work()
    missing = printed_names.find_missing(form.name_on_license.data)
    if missing and refuse_unprintable(form):
        return _account_page(form, ChangePasswordForm(formdata=None), 422)
    spelling = (form.latin_name.data or "") if missing else None
    licenses.save_profile(who, form.name_on_license.data, form.time_zone.data, spelling)
    if spelling == "":
        tell_missing(missing)
    else:
        flash("Saved.")
    return see_other(url_for("accounts.show_account"))


@bp.post("/account/password")
@commits
def create_password() -> ResponseReturnValue:
    who = identity()
    form = ChangePasswordForm()
    profile = _profile_form()
    if not form.validate_on_submit():
        return _account_page(profile, form, 422)
    _count_guess(who.person_id)
    stored = accounts.get_person(who.person_id).password_hash
    commit_before_slow_work()
    if not passwords.verify(stored, form.present_password.data):
        refuse(form, "present_password", "That is not your present password.")
        return _account_page(profile, form, 422)
    hashed = passwords.hash_password(form.password.data)
    accounts.change_password(who.person_id, hashed, who.session_id, clock.now())
    flash("Your password is changed. You were logged out everywhere else.")
    return see_other(url_for("accounts.show_account"))


@bp.get("/account/sessions")
def show_sessions() -> ResponseReturnValue:
    who = identity()
    return render_template(
        "accounts/sessions.html",
        sessions=[(s, in_words(s.browser)) for s in accounts.list_sessions(who.person_id)],
        present=who.session_id,
    )


@bp.post("/account/sessions/ended")
@commits
def delete_sessions() -> ResponseReturnValue:
    who = identity()
    accounts.end_all_sessions(who.person_id, clock.now(), besides=who.session_id)
    flash("You are logged out everywhere else.")
    return see_other(url_for("accounts.show_sessions"))


@bp.get("/account/licenses")
def show_licenses() -> ResponseReturnValue:
    return _licenses_page(LicenseForm(formdata=None))


@bp.post("/account/licenses")
@commits
def create_license() -> ResponseReturnValue:
    form = LicenseForm()
    if not form.validate_on_submit():
        return _licenses_page(form, 422)
    try:
        licenses.add_license(
            identity().person_id,
            form.profession.data,
            form.jurisdiction.data,
            form.number.data,
            clock.now(),
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _licenses_page(form, 422)
    flash("The license is added.")
    return see_other(url_for("accounts.show_licenses"))


@bp.post("/account/licenses/<int:license_id>/removed")
@commits
def delete_license(license_id: int) -> ResponseReturnValue:
    licenses.remove_license(identity().person_id, license_id)
    flash("The license is removed. Certificates already issued do not change.")
    return see_other(url_for("accounts.show_licenses"))


@bp.get("/kept/<int:kept_form_id>")
def show_kept_form(kept_form_id: int) -> ResponseReturnValue:
    """Show back what was typed; the answer to a question on that question's own page."""
    kept = kept_forms.get_kept_form_for(identity().person_id, kept_form_id)
    if QUESTION_PATH.fullmatch(kept.path):
        return see_other(f"{kept.path}?kept_form={kept.id}")
    return render_template(
        "accounts/send_again.html", path=kept.path, fields=kept.fields, kept_form=kept
    )


@bp.post("/kept/<int:kept_form_id>/discarded")
@commits
def delete_kept_form(kept_form_id: int) -> ResponseReturnValue:
    kept_forms.discard(identity().person_id, kept_form_id)
    flash("What was kept has been discarded.")
    return see_other(url_for("enrollment.list_my_courses"))


def _count_guess(person_id: int) -> None:
    """Limit guesses at the password of an account that somebody left open."""
    key, now = str(person_id), clock.now()
    throttle.count("present-password", key, 5, timedelta(minutes=1), now)
    throttle.count("present-password", key, 20, timedelta(hours=1), now)


def _profile_form() -> ProfileForm:
    person = accounts.get_person(identity().person_id)
    return ProfileForm(
        formdata=None,
        name_on_license=person.name_on_license,
        latin_name=person.latin_name,
        time_zone=person.time_zone,
    )


def _account_page(
    form: ProfileForm, password_form: ChangePasswordForm, status: int = 200
) -> ResponseReturnValue:
    person = accounts.get_person(identity().person_id)
    return page(
        "accounts/account.html",
        status,
        form=form,
        password_form=password_form,
        email=person.email,
        email_confirmed=person.email_confirmed_at is not None,
        licenses=licenses.list_licenses(person.id),
        asks_spelling=person.latin_name is not None or bool(form.latin_name.errors),
    )


def _licenses_page(form: LicenseForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "accounts/licenses.html",
        status,
        form=form,
        licenses=licenses.list_licenses(identity().person_id),
    )
