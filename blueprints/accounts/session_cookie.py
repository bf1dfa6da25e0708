"""Flask's signed session cookie and form token, with less work per request."""

from functools import lru_cache

from flask import Flask, current_app, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

TOKENS_KEPT = 2048


class SessionCookie(SecureCookieSessionInterface):
    """Flask's own session cookie; what signs it is made once for each set of keys."""

    def __init__(self) -> None:
        self._serializers: dict[tuple[object, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, *app.config["SECRET_KEY_FALLBACKS"])
        if keys not in self._serializers:
            self._serializers[keys] = super().get_signing_serializer(app)
        return self._serializers[keys]


def form_token() -> str:
    """The token every form carries. It lives as long as the session, and is signed once for it."""
    raw = session.get("csrf_token")
    if raw is None:
        return str(generate_csrf())
    return _signed(current_app.secret_key, raw)


@lru_cache(maxsize=TOKENS_KEPT)
def _signed(_secret_key: object, _raw: str) -> str:
    """The session's raw token, signed: for the key and the raw token of this very request."""
    return str(generate_csrf())
