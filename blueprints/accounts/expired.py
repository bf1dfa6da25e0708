"""When a session has ended: nothing typed is lost, nothing is stored for nobody.

The login form carries what was typed, encrypted and signed. After the owner has logged in it is
stored for them, shown back, and saved by a second POST.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import LoginForm
from blueprints.accounts.sessions import find_owner
from blueprints.http import SAFE_METHODS, see_other, wants_fragment

MOST_CHARACTERS = 60_000
LONGEST_PATH = 500
CARRIED_FOR = timedelta(days=2)
SECRET_WORDS = ("password", "csrf_token", "kept_form")
SENT_BY_SCRIPTS = ("player.create_beat", "player.save_media_progress")
SESSION_ENDED = (
    "You are logged out, so nothing was saved just now. Use the button on this page: "
    "you will be asked to log in, and what you typed will be there."
)
FILE_IS_GONE = "{} (a file is not kept: choose it again after this)"


@dataclass(frozen=True)
class CarriedForm:
    """A form on its way through the login page. `owner` is None if the browser knew nobody."""

    path: str
    fields: list[list[str]]
    owner: int | None
    received_at: datetime


def ask_to_log_in() -> ResponseReturnValue:
    """The answer to somebody who has to log in first, by the kind of request."""
    if request.endpoint in SENT_BY_SCRIPTS:
        return "", 401
    if wants_fragment():
        return _tell_in_status() if request.method not in SAFE_METHODS else _to_login()
    if request.method in SAFE_METHODS:
        return _to_login()
    return make_response(
        render_template(
            "accounts/login.html",
            form=LoginForm(formdata=None),
            next=None,
            kept=seal(_carried_from_request()),
            has_kept=True,
        ),
        401,
    )


def offer_to_send_again() -> ResponseReturnValue:
    """A form whose token is out of date (the login changed meanwhile): show it back to send."""
    if request.endpoint in SENT_BY_SCRIPTS:
        return "", 401
    if wants_fragment():
        return _tell_in_status()
    return make_response(
        render_template(
            "accounts/send_again.html", path=request.path, fields=_typed_fields(), kept_form=None
        ),
        400,
    )


def seal(carried: CarriedForm) -> str:
    """Encrypt and sign a form for the login page; '' when there is too much to carry."""
    if len(carried.path) > LONGEST_PATH:
        return ""
    text = json.dumps(
        {
            "path": carried.path,
            "fields": carried.fields,
            "owner": carried.owner,
            "received_at": carried.received_at.isoformat(),
        }
    )
    return _fernet().encrypt(text.encode()).decode() if len(text) <= MOST_CHARACTERS else ""


def unseal(sealed: str) -> CarriedForm | None:
    """The carried form; None if it was altered, is out of date, or was none."""
    try:
        text = _fernet().decrypt(sealed.encode(), ttl=int(CARRIED_FOR.total_seconds()))
    except InvalidToken:
        return None
    found = json.loads(text)
    return CarriedForm(
        path=found["path"],
        fields=found["fields"],
        owner=found["owner"],
        received_at=datetime.fromisoformat(found["received_at"]),
    )


def _to_login() -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return see_other(url_for("accounts.show_login", next=back))


def _tell_in_status() -> ResponseReturnValue:
    response = make_response(SESSION_ENDED, 200)
    response.headers["HX-Retarget"] = "#status"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _carried_from_request() -> CarriedForm:
    return CarriedForm(request.path, _typed_fields(), find_owner(), clock.now())


def _typed_fields() -> list[list[str]]:
    """What was typed; of files only their names, since a browser sends each of them once."""
    typed = [
        [name, value]
        for name, value in request.form.items(multi=True)
        if not any(word in name for word in SECRET_WORDS)
    ]
    files = [
        [name, FILE_IS_GONE.format(sent.filename)]
        for name, sent in request.files.items(multi=True)
        if sent.filename
    ]
    return typed + files


def _fernet() -> MultiFernet:
    keys = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"carried form:" + secret.encode()).digest())
