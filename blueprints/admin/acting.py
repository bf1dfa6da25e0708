"""Who acts in the management panel, and where a page of a list begins."""

from flask import request

from blueprints.http import identity, request_id
from domain.numerals import read_whole_number
from services.enrollment_keys import Actor


def actor() -> Actor:
    """Who asks, in which request: for the audit log."""
    return Actor(identity().person_id, request_id())


def start_of(name: str) -> int | None:
    """Where the next page of a list begins, from the address; nothing there is an error."""
    return read_whole_number(request.args.get(name, ""))
