"""Choosing a new password by mail; confirming an address."""

from datetime import timedelta

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts import sessions
from blueprints.accounts.forms import NewPassword, ResetRequestForm
from blueprints.accounts.views import bp
from blueprints.http import (
    client_address,
    commit_before_slow_work,
    commits,
    identity,
    page,
    see_other,
    settings,
)
from domain.identity import normal_email
from domain.refusals import Invalid
from services import accounts, passwords, throttle


@bp.get("/password-reset")
def show_reset_request() -> ResponseReturnValue:
    return render_template("accounts/reset_request.html", form=ResetRequestForm(formdata=None))


@bp.post("/password-reset")
@commits
def create_reset_request() -> ResponseReturnValue:
    form = ResetRequestForm()
    if not form.validate_on_submit():
        return page("accounts/reset_request.html", 422, form=form)
    now = clock.now()
    throttle.count("reset-from", client_address(), 20, timedelta(hours=1), now)
    throttle.count("reset", normal_email(form.email.data), 3, timedelta(hours=1), now)
    accounts.request_password_reset(form.email.data, settings().base_url, now)
    return see_other(url_for("accounts.show_reset_sent"))


@bp.get("/password-reset/sent")
def show_reset_sent() -> ResponseReturnValue:
    return render_template("accounts/reset_sent.html")


@bp.get("/password-reset/<token>")
def show_reset(token: str) -> ResponseReturnValue:
    accounts.get_person_by_token(token, "password-reset", clock.now())
    return render_template("accounts/reset.html", form=NewPassword(formdata=None), token=token)


@bp.post("/password-reset/<token>")
@commits
def create_new_password(token: str) -> ResponseReturnValue:
    form = NewPassword()
    if not form.validate_on_submit():
        return page("accounts/reset.html", 422, form=form, token=token)
    commit_before_slow_work()
    hashed = passwords.hash_password(form.password.data)
    person = accounts.reset_password(token, hashed, clock.now())
    sessions.begin(person.id)
    flash("Your new password is set. You were logged out everywhere else.")
    return see_other(url_for("enrollment.list_my_courses"))


@bp.get("/confirm-email/<token>")
def show_email_confirmation(token: str) -> ResponseReturnValue:
    person = accounts.get_person_by_token(token, "confirm-email", clock.now())
    return render_template(
        "accounts/confirm_email.html", email=person.email, token=token, fault=None
    )


@bp.post("/confirm-email/<token>")
@commits
def create_email_confirmation(token: str) -> ResponseReturnValue:
    try:
        accounts.confirm_email(token, clock.now())
    except Invalid as refusal:
        person = accounts.get_person_by_token(token, "confirm-email", clock.now())
        return page(
            "accounts/confirm_email.html",
            409,
            email=person.email,
            token=token,
            fault=refusal.message,
        )
    flash("Thank you: your e-mail address is confirmed.")
    return see_other(url_for("enrollment.list_my_courses"))


@bp.post("/account/confirmation-mails")
@commits
def create_confirmation_mail() -> ResponseReturnValue:
    who = identity()
    throttle.count("confirm", str(who.person_id), 3, timedelta(hours=1), clock.now())
    accounts.send_confirmation(accounts.get_person(who.person_id), settings().base_url, clock.now())
    flash("We have sent a new link to your address.")
    return see_other(url_for("accounts.show_account"))
