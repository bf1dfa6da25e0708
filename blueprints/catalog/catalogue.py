"""The catalogue: words and filters in the address, pages that can be linked."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.catalog.views import bp
from domain import credit
from domain.catalogue import FORMATS, HOURS, LEVELS, PRICES, Wanted
from domain.numerals import read_whole_number
from services import catalogue
from services.catalogue import Found

LONGEST_WORDS = 100
LARGEST_PAGE = 100_000
NEAR = 2
"""How many pages are named on either side of the present one."""


@bp.get("/")
def show_catalogue() -> ResponseReturnValue:
    """Nothing in an address is an error here: what is not understood filters nothing."""
    wanted = _wanted()
    page = read_whole_number(request.args.get("page", ""), LARGEST_PAGE) or 1
    found = catalogue.search(wanted, page, clock.now())
    return render_template(
        "catalog/catalogue.html",
        found=found,
        wanted=wanted,
        choices=_choices(found.bodies),
        formats=dict(FORMATS),
        pages=_pages(found, wanted),
        in_words=credit.in_words,
    )


def _wanted() -> Wanted:
    asked = request.args
    words = " ".join(asked.get("q", "").split())[:LONGEST_WORDS]
    names = ("hours", "level", "price", "body", "format")
    return Wanted(words, **{name: asked.get(name, "")[:200] for name in names})


def _choices(bodies: list[str]) -> dict[str, list[tuple[str, str]]]:
    return {
        "hours": [("", "Any"), *HOURS],
        "level": [("", "Any"), *((level, level) for level in LEVELS)],
        "price": [("", "Any"), *PRICES],
        "format": [("", "Any"), *FORMATS],
        "body": [("", "Any"), *((body, body) for body in bodies)],
    }


def _pages(found: Found, wanted: Wanted) -> list[tuple[int | None, str]]:
    """Numbers and addresses of the first, the near and the last pages; (None, '') is a gap."""
    near = range(found.page - NEAR, found.page + NEAR + 1)
    shown = [n for n in range(1, found.pages + 1) if n in (1, found.pages) or n in near]
    rows: list[tuple[int | None, str]] = []
    for number in shown:
        if rows and rows[-1][0] != number - 1:
            rows.append((None, ""))
        rows.append((number, _href(number, wanted)))
    return rows


def _href(number: int, wanted: Wanted) -> str:
    given: dict[str, Any] = {
        "q": wanted.words,
        "hours": wanted.hours,
        "level": wanted.level,
        "price": wanted.price,
        "body": wanted.body,
        "format": wanted.format,
    }
    chosen = {name: value for name, value in given.items() if value}
    return url_for("catalog.show_catalogue", **chosen, page=number if number > 1 else None)
