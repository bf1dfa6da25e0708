"""Numbers in addresses: what no row can have as its number is an unknown address (404)."""

from flask import Flask
from werkzeug.routing import BaseConverter


class WholeNumber(BaseConverter):
    """`<int:…>` of every route: up to nine plain figures, which every database column holds.

    The bound stands in the pattern, since a number refused only later is answered with 405
    where the address has several methods.
    """

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def init_app(app: Flask) -> None:
    """Has to come before the blueprints, whose routes are compiled as they are registered."""
    app.url_map.converters["int"] = WholeNumber
