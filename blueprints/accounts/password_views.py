"""Choosing a new password by mail; confirming an address."""

from datetime import timedelta

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts import sessions
from blueprints.accounts.forms import (
    PresentPasswordForm,
    ResetForm,
    ResetRequestForm,
    refuse,
)
from blueprints.accounts.views import bp
from blueprints.http import (
    client_address,
    commit_before_slow_work,
    commits,
    find_identity,
    identity,
    page,
    see_other,
    settings,
)
from domain import wording
from domain.identity import normal_email
from domain.refusals import Invalid
from models import Person
from services import accounts, mailed_links, passwords, throttle
from services.mailed_links import OwnAccount


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
    mailed_links.request_password_reset(form.email.data, settings().base_url, now)
    return see_other(url_for("accounts.show_reset_sent"))


@bp.get("/password-reset/sent")
def show_reset_sent() -> ResponseReturnValue:
    return render_template("accounts/reset_sent.html")


@bp.get("/password-reset/<token>")
def show_reset(token: str) -> ResponseReturnValue:
    form = _ask_which(ResetForm(formdata=None), _own_accounts(token))
    return render_template("accounts/reset.html", form=form, token=token)


@bp.post("/password-reset/<token>")
@commits
def create_new_password(token: str) -> ResponseReturnValue:
    own = _own_accounts(token)
    form = _ask_which(ResetForm(), own)
    if not form.validate_on_submit():
        return page("accounts/reset.html", 422, form=form, token=token)
    commit_before_slow_work()
    hashed = passwords.hash_password(form.password.data)
    chosen = form.account.data if form.account else own[0].person.id
    person = mailed_links.reset_password(token, chosen, hashed, clock.now())
    sessions.begin(person.id)
    flash("Your new password is set. You were logged out everywhere else.")
    return see_other(url_for("enrollment.list_my_courses"))


@bp.get("/confirm-email/<token>")
def show_email_confirmation(token: str) -> ResponseReturnValue:
    person = mailed_links.get_person_by_token(token, "confirm-email", clock.now())
    return _confirmation_page(token, person, PresentPasswordForm(formdata=None))


@bp.post("/confirm-email/<token>")
@commits
def create_email_confirmation(token: str) -> ResponseReturnValue:
    """Confirm; where this browser is not logged in as that person, by the account's password.

    So that nobody confirms by mistake an account that somebody else made with their address.
    """
    person = mailed_links.get_person_by_token(token, "confirm-email", clock.now())
    form = PresentPasswordForm()
    if not _is_logged_in_as(person):
        if not form.validate_on_submit():
            return _confirmation_page(token, person, form, 422)
        throttle.count("confirm-by", str(person.id), 10, timedelta(hours=1), clock.now())
        commit_before_slow_work()
        if not passwords.verify(person.password_hash, form.present_password.data):
            refuse(form, "present_password", "That is not the password of this account.")
            return _confirmation_page(token, person, form, 422)
    return _confirm(token, person, form)


def _confirm(token: str, person: Person, form: PresentPasswordForm) -> ResponseReturnValue:
    try:
        mailed_links.confirm_email(token, clock.now())
    except Invalid as refusal:
        return _confirmation_page(token, person, form, 409, refusal.message)
    if not _is_logged_in_as(person):
        sessions.begin(person.id)
    flash("Thank you: your e-mail address is confirmed.")
    return see_other(url_for("enrollment.list_my_courses"))


@bp.post("/account/confirmation-mails")
@commits
def create_confirmation_mail() -> ResponseReturnValue:
    who = identity()
    now = clock.now()
    throttle.count("confirm", str(who.person_id), 3, timedelta(hours=1), now)
    person = accounts.get_person(who.person_id)
    mailed_links.send_confirmation(person, settings().base_url, now)
    flash(
        "A new link is on its way to your address, unless"
        f" {mailed_links.CONFIRMATIONS_A_DAY} were sent there today already."
    )
    return see_other(url_for("accounts.show_account"))


def _own_accounts(token: str) -> list[OwnAccount]:
    return mailed_links.list_own_accounts(token, clock.now())


def _ask_which(form: ResetForm, own: list[OwnAccount]) -> ResetForm:
    """The form with the accounts of the mailbox to choose from, where there are several."""
    if len(own) == 1:
        del form.account
    else:
        form.account.choices = [(account.person.id, _in_words(account)) for account in own]
    return form


def _in_words(account: OwnAccount) -> str:
    made = wording.local_date(account.person.registered_at, account.person.time_zone)
    courses = "1 course" if account.courses == 1 else f"{account.courses or 'no'} courses"
    return f"{account.person.name_on_license}, made on {made}, {courses}"


def _is_logged_in_as(person: Person) -> bool:
    who = find_identity()
    return who is not None and who.person_id == person.id


def _confirmation_page(
    token: str, person: Person, form: PresentPasswordForm, status: int = 200, fault: str = ""
) -> ResponseReturnValue:
    return page(
        "accounts/confirm_email.html",
        status,
        email=person.email,
        token=token,
        form=form,
        asks_password=not _is_logged_in_as(person),
        fault=fault,
    )
