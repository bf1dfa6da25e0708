"""A lane of its own for signs of presence, which are most of all requests.

It answers, before Flask begins its work, the sign that does nothing but grow an interval: sent by
our own form, with a session cookie in use, its form token and the token of a page, all of which
were signed here and are right. One statement says whether the session is live and grows the
interval, and is committed before the answer. Whatever is different in any way, faults included,
goes on to `create_beat` as it came, and is told there what is wrong.
"""

import time
from collections.abc import Callable, Iterable
from contextvars import Context
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from threading import local
from typing import Any
from urllib.parse import unquote_plus

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie
from werkzeug.sansio.utils import host_is_trusted

import clock
from blueprints import headers, request_log
from blueprints.accounts.session_cookie import SessionCookie, is_form_token
from blueprints.accounts.sessions import RESTAMP_AFTER_S
from blueprints.gate import is_own_form
from blueprints.http import new_request_id
from blueprints.player import signs, signs_region
from blueprints.player.signs import ViewToken
from domain.numerals import read_whole_number
from domain.refusals import Refusal
from domain.time_record import Evidence
from extensions import db
from services import growing
from services.growing import Sent
from services.time_record import LARGEST_SEQ

PATH = "/beats"
LONGEST_BODY = 2048
FIELDS = {"token", "seq", "csrf_token"}
FORM = "application/x-www-form-urlencoded"
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Comes after the session interface, and within what a proxy's headers are read by."""
    with app.app_context():
        engine = db.engine
    lane = SignLane(app, app.wsgi_app, engine)
    app.wsgi_app = app.extensions["sign_lane"] = lane  # type: ignore[method-assign]


@dataclass(frozen=True)
class _Asked:
    """A sign that may be answered here."""

    session_token: str
    sealed: str
    view: ViewToken
    seq: int


class SignLane:
    """The WSGI application in front of the application."""

    def __init__(self, app: Flask, application: Application, engine: Engine) -> None:
        self._app = app
        self._application = application
        self._engine = engine
        self._headers = headers.of_fragment(app.config["SETTINGS"].https)
        self._of_thread = local()

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        answered = self.answer(environ) if environ["PATH_INFO"] == PATH else None
        if answered is None:
            return self._application(environ, start)
        headers, body = answered
        start("200 OK", headers)
        return [body]

    def answer(self, environ: Environ) -> tuple[list[tuple[str, str]], bytes] | None:
        """Headers and body of a sign's answer; None where the application has to answer."""
        began = time.perf_counter()
        answered = self._context().run(self._answer, environ)
        if answered is None:
            return None
        person_id, body = answered
        request = new_request_id()
        length = ("Content-Length", str(len(body)))
        request_log.write_line(request, ("POST", PATH, 200), began, person_id)
        return [*self._headers, length, ("X-Request-Id", request)], body

    def _context(self) -> Context:
        """Where `current_app` is our application: made once for each thread.

        To push and pop a context for each sign was a quarter of the lane's work. Nothing in here
        may keep anything in `g`, which would be there for the next person.
        """
        context: Context | None = getattr(self._of_thread, "context", None)
        if context is None:
            context = self._of_thread.context = Context()
            context.run(self._app.app_context().push)
        return context

    def _answer(self, environ: Environ) -> tuple[int, bytes] | None:
        """Whose sign it was, and the region; None where the application has to answer."""
        asked = self._read(environ)
        if asked is None:
            return None
        sent = Sent(asked.view.page_view_id, Evidence.ACTIVE, asked.seq)
        person_id = asked.view.person_id
        try:
            grown = growing.grow_in_session(
                self._engine, asked.session_token, person_id, sent, clock.now()
            )
        except SQLAlchemyError:
            return None
        if grown is None:
            return None
        context = signs.signs(asked.view, grown.seconds, sealed=asked.sealed)
        return person_id, signs_region.region(context).encode()

    def _read(self, environ: Environ) -> _Asked | None:
        if not _is_plain(environ) or not self._is_own(environ):
            return None
        session = self._session(environ)
        form = _form(environ)
        if session is None or form.keys() != FIELDS:
            return None
        if not is_form_token(self._app.secret_key, session.get("csrf_token"), form["csrf_token"]):
            return None
        return _asked(session, form)

    def _is_own(self, environ: Environ) -> bool:
        host = environ.get("HTTP_HOST", "")
        site, origin = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
        trusted = tuple(self._app.config["TRUSTED_HOSTS"])
        return _is_trusted(host, trusted) and is_own_form(site, origin, host)

    def _session(self, environ: Environ) -> dict[str, object] | None:
        """What a cookie says that is valid and need not be stamped anew."""
        interface = self._app.session_interface
        if not isinstance(interface, SessionCookie):
            return None
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        text = cookies.get(interface.get_cookie_name(self._app), "")
        values = interface.read(self._app, text)
        seen = values.get("seen") if values else None
        if not isinstance(seen, int) or clock.now().timestamp() - seen > RESTAMP_AFTER_S:
            return None
        return values


def _asked(session: dict[str, object], form: dict[str, str]) -> _Asked | None:
    session_token = session.get("_user_id")
    seq = read_whole_number(form["seq"], LARGEST_SEQ)
    if not isinstance(session_token, str) or not seq:
        return None
    try:
        view = signs.unseal(form["token"], int(str(session.get("owner"))))
        signs.refuse_after_access(view, clock.now())
    except (Refusal, ValueError):
        return None
    return _Asked(session_token, form["token"], view, seq) if view.page_view_id else None


def _is_plain(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] == "POST"
        and not environ.get("QUERY_STRING")
        and not environ.get("HTTP_TRANSFER_ENCODING")
        and environ.get("CONTENT_TYPE", "").partition(";")[0] == FORM
    )


def _form(environ: Environ) -> dict[str, str]:
    """The fields of a short form, left in place for whoever reads it again; else nothing."""
    length = read_whole_number(environ.get("CONTENT_LENGTH", ""), LONGEST_BODY)
    if not length:
        return {}
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    parts = body.split(b"&")
    if len(parts) != len(FIELDS) or not body.isascii():
        return {}
    pairs = (part.decode("ascii").partition("=") for part in parts)
    return {name: unquote_plus(value) for name, _, value in pairs}


@lru_cache(maxsize=16)
def _is_trusted(host: str, trusted: tuple[str, ...]) -> bool:
    return host_is_trusted(host, trusted)
