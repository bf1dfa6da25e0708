"""My data: download all of it; have the account erased, with what stays said before."""

import json

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField
from wtforms.validators import DataRequired

import clock
from blueprints.accounts import sessions
from blueprints.accounts.forms import refuse
from blueprints.accounts.views import bp
from blueprints.http import (
    commit_before_slow_work,
    commits,
    identity,
    page,
    request_id,
    see_other,
)
from services import accounts, erasure, passwords, personal_data
from services.audit import Actor
from services.retention import retention_years


class ErasureForm(FlaskForm):  # type: ignore[misc]
    """Confirming that the account is to be erased."""

    understood = BooleanField(
        "I understand that this cannot be undone",
        [DataRequired("Tick the box to say that you understand.")],
    )
    password = PasswordField("Password", [DataRequired("Enter your password.")])


@bp.get("/account/data")
def show_my_data() -> ResponseReturnValue:
    return page("accounts/my_data.html", years=retention_years())


@bp.get("/account/data.json")
def download_my_data() -> ResponseReturnValue:
    found = personal_data.gather(identity().person_id)
    content = json.dumps(found, ensure_ascii=False, indent=1)
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@bp.get("/account/erasure")
def show_erasure() -> ResponseReturnValue:
    return _erasure_page(ErasureForm(formdata=None))


@bp.post("/account/erasure")
@commits
def erase_account() -> ResponseReturnValue:
    who = identity()
    form = ErasureForm()
    if not form.validate_on_submit():
        return _erasure_page(form, 422)
    stored = accounts.get_person(who.person_id).password_hash
    commit_before_slow_work()
    if not passwords.verify(stored, form.password.data):
        refuse(form, "password", "That is not your password.")
        return _erasure_page(form, 422)
    erasure.erase_person(Actor(who.person_id, request_id()), clock.now())
    sessions.end()
    flash("Your account is erased. Certificates you were given can still be checked.")
    return see_other(url_for("catalog.show_catalogue"))


def _erasure_page(form: ErasureForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "accounts/erasure.html",
        status,
        form=form,
        found=erasure.get_consequences(identity().person_id),
        years=retention_years(),
    )
