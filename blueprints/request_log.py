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
    write_line(
        request_id(),
        (request.method, _path_without_secrets(), response.status_code),
        g.get("request_began", time.perf_counter()),
        person_id(),
    )
    return response


def write_line(request: str, what: tuple[str, str, int], began: float, person: int | None) -> None:
    """Log one request: its identifier; method, path and status; when it began (`perf_counter`)."""
    if LOG.disabled:
        return
    method, path, status = what
    ms = round((time.perf_counter() - began) * 1000, 1)
    line = {"request": request, "method": method, "path": path, "status": status}
    LOG.info(json.dumps({**line, "ms": ms, "person": person}))


def _path_without_secrets() -> str:
    """The path, with an ellipsis for what would let a reader of the log in."""
    path = request.path
    for name in SECRET_PARTS & (request.view_args or {}).keys():
        path = path.replace(str(request.view_args[name]), "…")
    return path
