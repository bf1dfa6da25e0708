"""Looking things up in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select

from domain.identity import normal_email
from extensions import db
from models import AuditEvent, Person
from services import keyset
from services.keyset import Order, Page

ORDERS = {"happened": Order(AuditEvent.id, descending=True)}
"""By id, which follows time closely and is never equal."""


@dataclass(frozen=True)
class Asked:
    """What is looked for; '' or None for anything.

    `kind`: the beginning of a kind, such as 'login'. `who`: an e-mail address or 'person:7'.
    `subject`: what was acted on, as the log names it. Days are in the zone `zone`.
    """

    kind: str = ""
    who: str = ""
    subject: str = ""
    first_day: date | None = None
    last_day: date | None = None
    zone: str = "UTC"


def list_events(asked: Asked, order: Order, after: str = "", size: int | None = 50) -> Page:
    """A page of events, each with the name of who acted (None: nobody, or a visitor)."""
    query = (
        select(AuditEvent, Person.name_on_license)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(*_conditions(asked))
    )
    return keyset.get_page(query, order, AuditEvent.id, after, size)


def list_kinds() -> Sequence[str]:
    """The kinds of events there are, in order of the alphabet; by the index, however many."""
    found: list[str] = []
    query = select(AuditEvent.kind).order_by(AuditEvent.kind).limit(1)
    while (kind := _next_kind(query, found)) is not None:
        found.append(kind)
    return found


def _next_kind(query: Select[str], found: list[str]) -> str | None:
    """The next kind of all: one look into the index for each, instead of reading the log."""
    return db.session.scalar(query.where(AuditEvent.kind > found[-1]) if found else query)


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.kind:
        found.append(AuditEvent.kind == asked.kind)
    if asked.subject:
        found.append(AuditEvent.subject == asked.subject)
    if asked.who:
        found.append(_acted(asked.who))
    if asked.first_day is not None:
        found.append(AuditEvent.happened_at >= _begin(asked.first_day, asked.zone))
    if asked.last_day is not None:
        next_day = asked.last_day + timedelta(days=1)
        found.append(AuditEvent.happened_at < _begin(next_day, asked.zone))
    return found


def _acted(who: str) -> ColumnElement[bool]:
    """Acted, or was acted on."""
    number = who.removeprefix("person:")
    if number.isascii() and number.isdigit() and len(number) < 16:
        ids = select(Person.id).where(Person.id == int(number))
    else:
        ids = select(Person.id).where(Person.email == normal_email(who))
    people = [f"person:{found}" for found in db.session.scalars(ids)]
    return or_(AuditEvent.actor_id.in_(ids), AuditEvent.subject.in_(people))


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
