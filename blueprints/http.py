"""What every view shares: committing, regions, who is asking, refusals that must survive."""

import random
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import (
    Response,
    current_app,
    g,
    has_request_context,
    make_response,
    render_template,
    request,
)
from flask import redirect as flask_redirect
from flask.typing import ResponseReturnValue

from blueprints.accounts import sessions
from config import Settings
from domain.identity import Identity
from domain.numerals import read_whole_number
from extensions import db
from services import audit, kept_forms
from services.audit import Actor

P = ParamSpec("P")
R = TypeVar("R")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR_STATUS = 400


def commits(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Commit what the view did, if it answers below status 400; otherwise roll back.

    The only place that commits within a request, besides `record_refusal`.
    """

    @wraps(view)
    def committing(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            response = make_response(view(*args, **kwargs))
        except Exception:
            db.session.rollback()
            raise
        if response.status_code < FIRST_ERROR_STATUS:
            _discard_kept_form()
            db.session.commit()
        else:
            db.session.rollback()
        return response

    return committing


def writes_on_get(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that this GET writes, so that its transaction begins IMMEDIATE on SQLite."""
    view.writes_on_get = True  # type: ignore[attr-defined]
    return view


def may_write() -> bool:
    """Whether the transaction beginning now may write: by method, or by declaration."""
    if not has_request_context() or request.method not in SAFE_METHODS:
        return True
    view = current_app.view_functions.get(request.endpoint or "")
    return g.get("writes_meanwhile", False) or getattr(view, "writes_on_get", False)


def write_meanwhile(work: Callable[[], R]) -> R:
    """Do what must be written before this request goes on, in a short transaction of its own.

    For what happens by time, not by the request, such as closing an overdue attempt, and for
    what outlives a refusal.
    """
    db.session.rollback()
    g.writes_meanwhile = True
    try:
        done = work()
        db.session.commit()
    finally:
        db.session.rollback()
        g.writes_meanwhile = False
    return done


def commit_before_slow_work() -> None:
    """End the transaction so far (a throttle's count) before hashing a password.

    Nothing slow runs inside a write transaction: everybody else would wait for it.
    """
    db.session.commit()


def record_refusal(
    kind: str, subject: str = "", evidence: Callable[[], object] | None = None, **facts: Any
) -> None:
    """Roll back, then commit a security event in a short transaction of its own.

    `evidence` writes what else must survive the refusal, such as an answer that came too late.
    """
    who = person_id()

    def write() -> None:
        if evidence is not None:
            evidence()
        audit.record(kind, actor_id=who, subject=subject, request_id=request_id(), facts=facts)

    write_meanwhile(write)


def identity() -> Identity:
    """Who is asking. Only for views whose access requires a login."""
    found = find_identity()
    if found is None:
        raise RuntimeError("this view is open to visitors: use find_identity()")
    return found


def find_identity() -> Identity | None:
    """Who is asking, or None for a visitor."""
    here = g._get_current_object()
    if "identity" not in here:
        here.identity = sessions.find_identity()
    found: Identity | None = here.identity
    return found


def person_id() -> int | None:
    found = find_identity()
    return found.person_id if found else None


def actor() -> Actor:
    """Who acts, in which request: for the audit log."""
    return Actor(identity().person_id, request_id())


def request_id() -> str:
    """The identifier of this request, shown on error pages and in the request log."""
    if "request_id" not in g:
        g.request_id = new_request_id()
    return str(g.request_id)


def new_request_id() -> str:
    """A name for the log, not a secret."""
    return f"{random.getrandbits(48):012x}"


def _discard_kept_form() -> None:
    """A form that was kept over an expired session has now been accepted: drop the copy."""
    kept = read_whole_number(request.form.get("kept_form", ""))
    who = find_identity()
    if kept is not None and who is not None:
        kept_forms.discard(who.person_id, kept)


def settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def client_address() -> str:
    return request.remote_addr or "unknown"


def wants_fragment() -> bool:
    """Whether htmx asks for a fragment (not boosted, not restoring history)."""
    hx = request.htmx  # type: ignore[attr-defined]
    return bool(hx) and not hx.boosted and not hx.history_restore_request


def region(template: str, status: int = 200, **context: Any) -> Response:
    """A swappable region rendered alone; never cached, varying on HX-Request."""
    return make_response(render_template(template, **context), status)


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A whole page."""
    return make_response(render_template(template, **context), status)


def see_other(url: str) -> Response:
    """Where to go after a POST: 303, or HX-Redirect for htmx."""
    if wants_fragment():
        return make_response("", 204, {"HX-Redirect": url})
    return make_response(flask_redirect(url, code=303))
