"""An application that says what it was asked, with a lane that says the same of signs."""

import os
from collections.abc import Callable, Iterable
from typing import Any

SHORT_WAY = "X-Short-Way"
PROCESS = "X-Process"
"""Said of what went the whole way."""
LEFT_ALONE = b"left-alone"


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    told = _tell(environ, environ["wsgi.input"].read())
    start("200 OK", [("Content-Length", str(len(told))), (PROCESS, str(os.getpid()))])
    return [told]


class Lane:
    """Answers every sign but those that hold `LEFT_ALONE`."""

    def answer(self, environ: dict[str, Any]) -> tuple[list[tuple[str, str]], bytes] | None:
        body = environ["wsgi.input"].read()
        if LEFT_ALONE in body:
            return None
        told = _tell(environ, body)
        return [("Content-Length", str(len(told))), (SHORT_WAY, "yes")], told


def _tell(environ: dict[str, Any], body: bytes) -> bytes:
    asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_COOKIE"), body)
    return repr(asked).encode()


app.extensions = {"sign_lane": Lane()}  # type: ignore[attr-defined]
