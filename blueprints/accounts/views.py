"""Registering, logging in and out."""

from datetime import timedelta
from uuid import uuid4

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts import expired, sessions
from blueprints.accounts.forms import LoginForm, RegistrationForm, refuse
from blueprints.accounts.printed_name import tell_missing
from blueprints.accounts.return_to import safe_path
from blueprints.http import (
    client_address,
    commit_before_slow_work,
    commits,
    find_identity,
    identity,
    page,
    record_refusal,
    see_other,
    settings,
)
from domain.identity import normal_email
from services import (
    accounts,
    kept_forms,
    licenses,
    logins,
    passwords,
    printed_names,
    registration,
    throttle,
)

bp = Blueprint("accounts", __name__)
WRONG_LOGIN = (
    "The e-mail address or the password is not right. Try again, or choose a new password."
)
LONGEST_INTENT = 64


@bp.get("/register")
def show_registration() -> ResponseReturnValue:
    if find_identity() is not None:
        return see_other(safe_path(request.args.get("next")))
    form = RegistrationForm(formdata=None, intent=uuid4().hex)
    return render_template("accounts/register.html", form=form, next=request.args.get("next"))


@bp.post("/register")
@commits
def create_account() -> ResponseReturnValue:
    throttle.count("register", client_address(), 100, timedelta(hours=1), clock.now())
    commit_before_slow_work()
    form = RegistrationForm()
    if not form.validate_on_submit():
        return page("accounts/register.html", 422, form=form, next=request.form.get("next"))
    missing = printed_names.find_missing(form.name_on_license.data)
    typed = accounts.Registration(
        email=form.email.data,
        password_hash=logins.hash_for(form.email.data, form.password.data),
        name_on_license=form.name_on_license.data,
        time_zone=form.time_zone.data,
        intent=(form.intent.data or uuid4().hex)[:LONGEST_INTENT],
    )
    person = registration.register(typed, settings().base_url, clock.now())
    if not passwords.verify(person.password_hash, form.password.data):
        return see_other(url_for("accounts.show_login"))
    sessions.begin(person.id)
    if missing:
        licenses.ask_for_spelling(person)
        tell_missing(missing)
    flash("Your account is ready. A mail brings you a link: please confirm your address by it.")
    return see_other(safe_path(request.form.get("next")))


@bp.get("/login")
def show_login() -> ResponseReturnValue:
    back = request.args.get("next")
    if find_identity() is not None:
        return see_other(safe_path(back))
    return render_template(
        "accounts/login.html", form=LoginForm(formdata=None), next=back, kept="", has_kept=False
    )


@bp.post("/login")
@commits
def create_login() -> ResponseReturnValue:
    form = LoginForm()
    if not form.validate_on_submit():
        return _show_login_again(form)
    _count_login(form.email.data)
    commit_before_slow_work()
    candidates = logins.list_candidates(form.email.data)
    commit_before_slow_work()
    person_id = logins.pick_by_password(candidates, form.password.data)
    if person_id is None:
        record_refusal("login.failed")
        refuse(form, "email", WRONG_LOGIN)
        return _show_login_again(form)
    sessions.begin(person_id)
    return see_other(_keep_what_was_typed(person_id) or safe_path(request.form.get("next")))


@bp.post("/logout")
@commits
def delete_login() -> ResponseReturnValue:
    accounts.end_session(identity().session_id, clock.now())
    sessions.end()
    flash("You are logged out.")
    response = see_other(url_for("catalog.show_catalogue"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _count_login(email: str) -> None:
    """Limits by address and sender together, so that nobody can lock another person out."""
    key = f"{normal_email(email)}|{client_address()}"
    throttle.count("login", key, 5, timedelta(minutes=1), clock.now())
    throttle.count("login", key, 30, timedelta(hours=1), clock.now())
    throttle.count("login-from", client_address(), 60, timedelta(minutes=1), clock.now())


def _show_login_again(form: LoginForm) -> ResponseReturnValue:
    kept = request.form.get("kept", "")
    return page(
        "accounts/login.html",
        422,
        form=form,
        next=request.form.get("next"),
        kept=kept,
        has_kept=bool(kept),
    )


def _keep_what_was_typed(person_id: int) -> str | None:
    """Where to go if the login form carried something typed by this very person."""
    carried = expired.unseal(request.form.get("kept", ""))
    if carried is None:
        return None
    if carried.owner not in (None, person_id):
        flash("What was typed before belongs to another account and was not kept.")
        return None
    kept = kept_forms.keep(
        person_id, carried.path, carried.fields, carried.received_at, clock.now()
    )
    return url_for("accounts.show_kept_form", kept_form_id=kept.id)
