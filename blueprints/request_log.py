"""One line of JSON per request, with the identifier that error pages show."""

import json
import logging
import time

from flask import Flask, Response, g, request

from blueprints.http import person_id, request_id

LOG = logging.getLogger("contact_hour.requests")
SECRET_PARTS = frozenset({"token", "code"})
"""Parts of addresses that are secrets: mailed links, and codes that open a certificate."""


def init_app(app: Flask) -> None:
    if not LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        LOG.addHandler(handler)
        LOG.setLevel(logging.INFO)
        LOG.propagate = False
    LOG.disabled = app.testing
    app.before_request(_start_clock)
    app.after_request(_log_request)


def _start_clock() -> None:
    g.request_began = time.perf_counter()


def _log_request(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if LOG.disabled:
        return response
    began = g.get("request_began", time.perf_counter())
    LOG.info(
        json.dumps(
            {
                "request": request_id(),
                "method": request.method,
                "path": _path_without_secrets(),
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
                "person": person_id(),
            }
        )
    )
    return response


def _path_without_secrets() -> str:
    """The path, with an ellipsis for what would let a reader of the log in."""
    path = request.path
    for name in SECRET_PARTS & (request.view_args or {}).keys():
        path = path.replace(str(request.view_args[name]), "…")
    return path
