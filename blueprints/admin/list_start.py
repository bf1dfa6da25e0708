"""Where a page of a list of the panel begins."""

from flask import request

from domain.numerals import read_whole_number


def start_of(name: str) -> int | None:
    """Where the next page of a list begins, from the address; nothing there is an error."""
    return read_whole_number(request.args.get(name, ""))
