"""Addresses of pages, remembered: making one costs more than most of what a page says."""

from functools import lru_cache

from flask import url_for

REMEMBERED = 4096


@lru_cache(maxsize=REMEMBERED)
def address(endpoint: str, **values: str | int | None) -> str:
    """The path of a page, as `url_for` makes it; it is the same whoever asks."""
    return url_for(endpoint, **values)
