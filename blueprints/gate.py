"""The gate every request passes: who is asking, may they come here, is the form our own.

One list (`blueprints.access.ACCESS`) names the audience of every route; a route that is not in
it is closed to everyone.
"""

from itertools import chain
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from blueprints.access import ACCESS, Audience
from blueprints.accounts import expired, sessions
from blueprints.accounts.session_cookie import SessionCookie, is_form_token
from blueprints.http import SAFE_METHODS, find_identity, record_refusal
from domain.identity import Identity
from domain.refusals import Forbidden
from extensions import csrf, login_manager

LARGER_BODIES = {"admin.propose_look": 4 * 1024 * 1024}
"""Forms with images: three of the largest, or one too large that is then refused in words."""


def init_app(app: Flask) -> None:
    login_manager.user_loader(sessions.load_user)
    login_manager.session_protection = None
    login_manager.anonymous_user = sessions.Visitor
    app.session_interface = SessionCookie()
    app.before_request(_pass_gate)


def _pass_gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    audience = ACCESS.get(request.endpoint, Audience.NOBODY)
    if request.endpoint in LARGER_BODIES:
        request.max_content_length = LARGER_BODIES[request.endpoint]
    _refuse_nul()
    sessions.end_if_idle()
    _refuse_cross_site()
    who = find_identity()
    if audience is not Audience.ANYONE and who is None:
        return expired.ask_to_log_in()
    _refuse_wrong_role(audience, who)
    return _check_token()


def _refuse_nul() -> None:
    """Refuse NUL characters, which no browser sends and PostgreSQL cannot store (400)."""
    if "\0" in request.path or b"\0" in unquote_to_bytes(request.query_string):
        raise BadRequest()
    if request.method in SAFE_METHODS:
        return
    names = [upload.filename or "" for upload in request.files.values()]
    sent = chain.from_iterable(request.form.items(multi=True))
    if any("\0" in text for text in (*names, *sent)):
        raise BadRequest()


def _refuse_wrong_role(audience: Audience, who: Identity | None) -> None:
    if audience.admits(who):
        return
    record_refusal("access.refused", subject=request.endpoint or "")
    raise Forbidden("Your account does not have the role this page needs.")


def _refuse_cross_site() -> None:
    if request.method in SAFE_METHODS or _is_same_site():
        return
    record_refusal("form.cross-site", subject=request.endpoint or "")
    raise BadRequest()


def _is_same_site() -> bool:
    headers = request.headers
    return is_own_form(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host)


def is_own_form(site: str | None, origin: str | None, host: str) -> bool:
    """Whether what the browser says of where a form comes from (None: nothing) fits our host."""
    if site is not None and site not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc == host


def _check_token() -> ResponseReturnValue | None:
    """Offer to send a form again whose token belongs to a session that is gone."""
    if request.method in SAFE_METHODS:
        return None
    raw, text = session.get("csrf_token"), request.form.get("csrf_token", "")
    if is_form_token(current_app.secret_key, raw, text):
        g.csrf_valid = True
        return None
    try:
        csrf.protect()
    except CSRFError:
        return expired.offer_to_send_again()
    return None
