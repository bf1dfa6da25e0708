"""What every template can use: the provider, the person, and words for times and money."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, g, request, session
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from blueprints.accounts.session_cookie import form_token
from blueprints.filled_pages import fill, slot
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
        provider_date=lambda instant: wording.local_date(instant, get_provider().time_zone),
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
        "page_path": path,
        "page_url": settings().base_url + path,
        "section": _section(path),
        "is_exact": path in SECTIONS,
    }


_NAME = slot("name")


@dataclass(frozen=True)
class _Reader:
    """The person as the frame of a page needs them, their name being a slot."""

    is_instructor: bool
    is_administrator: bool
    manages_agency: bool
    name: Markup = _NAME


def filled(template: str, who: Identity, given: dict[str, Any], personal: dict[str, str]) -> str:
    """A page within its frame, made once for what is given, and filled in for this person.

    Not for a page that tells of something once: it has no place for what is flashed.
    """
    path = request.path
    frame = {
        "provider": _provider(),
        "person": _Reader(who.is_instructor, who.is_administrator, who.manages_agency),
        "csrf_token": _token_slot,
        "get_flashed_messages": _nothing_flashed,
        "page_path": path,
        "section": _section(path),
        "is_exact": path in SECTIONS,
    }
    own = {"name": who.name, "form_token": form_token()}
    return fill(template, {**frame, **given}, {**own, **personal})


def has_flashes() -> bool:
    """Whether the next page has something to tell once."""
    return "_flashes" in session


def _token_slot() -> Markup:
    return slot("form_token")


def _nothing_flashed(**_: object) -> tuple[()]:
    return ()


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
