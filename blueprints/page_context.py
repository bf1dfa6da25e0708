"""What every template can use: the provider, the person, and words for times and money."""

from datetime import timedelta
from typing import Any

from flask import Flask, g, request
from sqlalchemy.exc import SQLAlchemyError

from blueprints.accounts.session_cookie import form_token
from blueprints.http import find_identity, settings
from domain import wording
from domain.identity import Identity
from services.provider import UNNAMED, ProviderFacts, get_provider

SECTIONS = frozenset(
    {
        "/",
        "/learn",
        "/certificates",
        "/agency",
        "/instructor",
        "/admin",
        "/account",
        "/login",
        "/register",
    }
)


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.jinja_env.filters.update(
        local=lambda instant: wording.local(instant, _zone()),
        local_date=lambda instant: wording.local_date(instant, _zone()),
        local_clock=lambda instant: wording.clock_of_day(instant, _zone()),
        day=wording.day,
        minutes=_minutes,
        clock_time=wording.to_the_second,
        money=wording.money,
    )


def _context() -> dict[str, Any]:
    path = request.path
    return {
        "provider": _provider(),
        "person": _person(),
        "csrf_token": form_token,
        "page_url": settings().base_url + path,
        "section": _section(path),
        "is_exact": path in SECTIONS,
    }


def _section(path: str) -> str:
    """The place of the navigation that a page belongs to; the catalogue has no pages below."""
    section = "/" + path.split("/", 2)[1]
    return section if section in SECTIONS and (section != "/" or path == "/") else ""


def _provider() -> ProviderFacts:
    """The provider; its bare name when the database cannot answer (error pages need none)."""
    if "provider" not in g:
        try:
            g.provider = get_provider()
        except SQLAlchemyError:
            g.provider = UNNAMED
    found: ProviderFacts = g.provider
    return found


def _person() -> Identity | None:
    try:
        return find_identity()
    except SQLAlchemyError:
        return None


def _zone() -> str:
    who = _person()
    return who.time_zone if who is not None else _provider().time_zone


def _minutes(value: int | timedelta) -> str:
    return wording.duration(value)
