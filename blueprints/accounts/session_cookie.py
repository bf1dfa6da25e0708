"""Flask's signed session cookie and form token, with less work per request."""

import hmac
import time
from functools import lru_cache

from flask import Flask, Request, current_app, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, BadSignature, URLSafeTimedSerializer

COOKIES_KEPT = 16_384
TOKENS_KEPT = 16_384
"""Of so many people studying at a time nothing that is signed is read twice (1 KB each)."""


class SessionCookie(SecureCookieSessionInterface):
    """Flask's own session cookie; what signs it is made once for each set of keys."""

    digest_method = "sha1"  # type: ignore[assignment]  # by name: the fast implementation

    def __init__(self) -> None:
        self._serializers: dict[tuple[object, ...], URLSafeTimedSerializer | None] = {}
        self._verified = lru_cache(maxsize=COOKIES_KEPT)(self._verify)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        text = request.cookies.get(self.get_cookie_name(app), "")
        values = self.read(app, text)
        return super().open_session(app, request) if values is None else SecureCookieSession(values)

    def read(self, app: Flask, text: str) -> dict[str, object] | None:
        """The values of a cookie that is valid; None where the library must read it anew.

        A cookie is the same for minutes: its signature is verified once, its age each time.
        """
        values, signed_at = self._verified(self.get_signing_serializer(app), text)
        is_old = time.time() - signed_at > app.permanent_session_lifetime.total_seconds()
        return None if is_old else values

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, *app.config["SECRET_KEY_FALLBACKS"])
        if keys not in self._serializers:
            self._serializers[keys] = super().get_signing_serializer(app)
        return self._serializers[keys]

    @staticmethod
    def _verify(
        serializer: URLSafeTimedSerializer | None, text: str
    ) -> tuple[dict[str, object] | None, float]:
        """The values in a cookie and when it was signed; None where it must be read anew."""
        try:
            values, signed_at = serializer.loads(text, return_timestamp=True)
        except (AttributeError, BadSignature):
            return None, 0.0
        plain = all(isinstance(value, str | int | None) for value in values.values())
        return (values if plain else None), signed_at.timestamp()


def form_token() -> str:
    """The token every form carries. It lives as long as the session, and is signed once for it."""
    if "form_token" not in g:
        raw = session.get("csrf_token")
        g.form_token = _signed(current_app.secret_key, raw) if raw else str(generate_csrf())
    return str(g.form_token)


@lru_cache(maxsize=TOKENS_KEPT)
def _signed(_secret_key: object, _raw: str) -> str:
    """The session's raw token, signed: for the key and the raw token of this very request."""
    return str(generate_csrf())


@lru_cache(maxsize=TOKENS_KEPT)
def is_form_token(secret_key: object, raw: object, text: str) -> bool:
    """Whether a form's token was signed for the session with this raw token; found out once.

    Tokens do not grow old. Made as by Flask-WTF, whose own check follows where this says no.
    """
    try:
        signed = URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token").loads(text)
    except BadData:
        return False
    return isinstance(raw, str) and hmac.compare_digest(raw.encode(), str(signed).encode())
