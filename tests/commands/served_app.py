"""The product as served, where answers that went the whole way through it say so.

Its clock runs as in `tests.services.killed_app`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from tests.services.killed_app import app as product

WHOLE_WAY = "X-Whole-Way"


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    def begin(status: str, headers: list[tuple[str, str]], *more: object) -> object:
        return start(status, [*headers, (WHOLE_WAY, "yes")], *more)

    return product(environ, begin)


app.extensions = product.extensions  # type: ignore[attr-defined]
