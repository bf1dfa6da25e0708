"""The security headers of every answer (quality.md §3.1), and how long answers may be kept."""

from flask import Flask, Response, current_app, request

from blueprints.http import find_identity


def _policy(*, frame_src: str = "", frame_ancestors: str = "'none'") -> str:
    parts = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        f"frame-ancestors {frame_ancestors}",
        "object-src 'none'",
    ]
    return "; ".join([*parts, f"frame-src {frame_src}"] if frame_src else parts)


CONTENT_SECURITY_POLICY = _policy()
FRAMING_POLICY = _policy(frame_src="'self'")
"""Of the pages that hold the scripts-off panel of the time record."""
FRAMED_POLICY = _policy(frame_ancestors="'self'")
"""Of that panel alone."""
RESOURCE_POLICY = "same-origin"
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", RESOURCE_POLICY),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)
HSTS_ONE_YEAR = "max-age=31536000; includeSubDomains"


def init_app(app: Flask) -> None:
    app.after_request(_add_security_headers)


def _add_security_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.extend(ALWAYS)
    if current_app.config["SETTINGS"].https:
        headers["Strict-Transport-Security"] = HSTS_ONE_YEAR
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    if _is_personal(response):
        headers.setdefault("Cache-Control", "no-store")
    return response


def of_fragment(https: bool) -> list[tuple[str, str]]:
    """All of them for a fragment of a page that belongs to one person."""
    found = [("Content-Type", "text/html; charset=utf-8"), *ALWAYS]
    found += [("Content-Security-Policy", CONTENT_SECURITY_POLICY), ("Cache-Control", "no-store")]
    found += [("Vary", "HX-Request, Cookie")]
    return [*found, ("Strict-Transport-Security", HSTS_ONE_YEAR)] if https else found


def _is_personal(response: Response) -> bool:
    return "Set-Cookie" in response.headers or (
        request.endpoint is not None and find_identity() is not None
    )
