"""The login session in the signed cookie: a token, when it was last seen, whose it is.

The cookie alone carries the idle stamp, so that being seen costs no write; the token's row makes
every session revocable.
"""

from datetime import datetime

from flask import g, request, session
from flask_login import AnonymousUserMixin, UserMixin, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

import clock
from config import SESSION_IDLE_LIMIT
from domain.identity import Identity
from services import accounts

RESTAMP_AFTER_S = 300


class CurrentUser(UserMixin):  # type: ignore[misc]
    """What flask-login keeps: the identity, under its session token."""

    def __init__(self, identity: Identity, token: str) -> None:
        self.identity = identity
        self.token = token

    def get_id(self) -> str:
        return self.token


class Visitor(AnonymousUserMixin):  # type: ignore[misc]
    """Somebody who is not logged in."""

    identity = None


def load_user(token: str) -> CurrentUser | None:
    """flask-login's user loader: one query by token.

    Where the database cannot answer, it is asked once: the error page and the request log take
    the person for a visitor.
    """
    if "login_unreadable" in g:
        return None
    try:
        found = accounts.find_identity(token)
    except SQLAlchemyError:
        g.login_unreadable = True
        raise
    return CurrentUser(found, token) if found else None


def find_identity() -> Identity | None:
    """Who holds the token of this browser's session: whom flask-login finds, in fewer steps."""
    token = session.get("_user_id")
    found = load_user(token) if token is not None else None
    return found.identity if found else None


def begin(person_id: int) -> None:
    """Log in: a fresh cookie session with a fresh token (session fixation has nothing to fix)."""
    now = clock.now()
    _end_former(now)
    token = accounts.open_session(person_id, request.user_agent.string, now)
    identity = accounts.find_identity(token)
    if identity is None:
        raise RuntimeError("a session just opened cannot be found")
    session.clear()
    session.permanent = True
    session["seen"] = int(now.timestamp())
    session["owner"] = person_id
    login_user(CurrentUser(identity, token))
    _forget_who_asked()
    g.identity = identity


def _end_former(now: datetime) -> None:
    """End the session this browser had: nobody could see any more that it is still open."""
    former = find_identity()
    if former is not None:
        accounts.end_session(former.session_id, now)


def end() -> None:
    """Log out this browser and forget everything in the cookie."""
    logout_user()
    session.clear()
    _forget_who_asked()


def end_if_idle() -> None:
    """Log out a session not seen for the idle limit; stamp one that is in use."""
    seen = session.get("seen")
    if seen is None:
        return
    now = int(clock.now().timestamp())
    if now - seen > SESSION_IDLE_LIMIT.total_seconds():
        logout_user()
        session.pop("seen", None)
        _forget_who_asked()
    elif now - seen > RESTAMP_AFTER_S:
        session["seen"] = now


def _forget_who_asked() -> None:
    """What this request has kept of who asks is no longer so."""
    g.pop("identity", None)
    g.pop("form_token", None)


def find_owner() -> int | None:
    """Whose session this was, also after it has ended; None in a browser nobody logged in."""
    owner = session.get("owner")
    return owner if isinstance(owner, int) else None
