"""Reporting a problem or a grievance, and what staff do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from domain.problems import ANSWERED, KINDS, NEW, STATES
from domain.refusals import Conflict, NotFound
from extensions import db
from models import Person, ProblemEvent, ProblemReport, ProblemWord
from services import audit, keyset, mail, mail_texts, word_search
from services.audit import Actor
from services.keyset import Order, Page
from services.provider import get_provider

ORDERS = {"made": Order(ProblemReport.id, descending=True)}
FILTERS = ("q", "state", "kind")
MOST_FOUND = 200
"""So many reports with the words asked for are looked at; beyond that the page asks for more."""


@dataclass(frozen=True)
class Typed:
    """What somebody reports. `intent`: the form's own mark; sent twice, it is one report."""

    kind: str
    text: str
    page: str
    email: str
    intent: str


def report(typed: Typed, person_id: int | None, base_url: str, now: datetime) -> None:
    """Keep a report and tell the provider that there is one."""
    row = ProblemReport(
        kind=typed.kind,
        text=typed.text,
        page=typed.page[:200],
        email=typed.email,
        person_id=person_id,
        state=NEW,
        made_at=now,
        intent=typed.intent[:64] or None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return
    text = mail_texts.problem_reported(KINDS[row.kind], f"{base_url}/admin/problems/{row.id}")
    mail.queue(get_provider().email, text.subject, text.body)


def list_reports(
    asked: Mapping[str, str], order: Order, after: str = "", size: int | None = 50
) -> tuple[Page, bool]:
    """A page of reports, the newest first, by the beginnings of words of text and address.

    And whether more match than are looked at.
    """
    query = select(ProblemReport).where(*_conditions(asked))
    found = word_search.find(asked["q"], ProblemWord.report_id, ProblemWord.word, MOST_FOUND)
    if found is not None:
        query = query.where(ProblemReport.id.in_(found.ids))
    page = keyset.get_page(query, order, ProblemReport.id, after, size)
    return page, found is not None and found.is_cut


def get_report(report_id: int) -> ProblemReport:
    """Raises NotFound."""
    row = db.session.get(ProblemReport, report_id)
    if row is None:
        raise NotFound("There is no such report.")
    return row


def list_events(report_id: int) -> list[tuple[ProblemEvent, str]]:
    """What was done about it, the oldest first, each with who did it."""
    rows = db.session.execute(
        select(ProblemEvent, Person.name_on_license)
        .join(Person, Person.id == ProblemEvent.actor_id)
        .where(ProblemEvent.report_id == report_id)
        .order_by(ProblemEvent.id)
    )
    return [(event, name) for event, name in rows]


def answer(report_id: int, seen: int, text: str, actor: Actor, now: datetime) -> None:
    """Mail an answer to whoever reported. `seen` is as for `move`."""
    row = _lock(report_id, seen)
    _add(row, ANSWERED, "", text, actor, now)
    told = mail_texts.problem_answered(KINDS[row.kind], get_provider().name, text)
    mail.queue(row.email, told.subject, told.body)


def move(report_id: int, seen: int, state: str, note: str, actor: Actor, now: datetime) -> None:
    """Put a report into a state, with a note for staff.

    `seen` is how many events the page showed: raises Conflict where somebody acted meanwhile.
    """
    _add(_lock(report_id, seen), state, note, "", actor, now)


def _add(row: ProblemReport, state: str, note: str, text: str, actor: Actor, now: datetime) -> None:
    row.state = state
    db.session.add(
        ProblemEvent(
            report_id=row.id,
            state=state,
            note=note,
            answer=text,
            actor_id=actor.person_id,
            happened_at=now,
        )
    )
    db.session.flush()
    audit.record_act(actor, "problem.moved", f"problem:{row.id}", state=state)


def _lock(report_id: int, seen: int) -> ProblemReport:
    query = select(ProblemReport).where(ProblemReport.id == report_id).with_for_update()
    row = db.session.scalars(query).first()
    if row is None:
        raise NotFound("There is no such report.")
    if len(list_events(report_id)) != seen:
        raise Conflict("Somebody has dealt with this report meanwhile. Look at it again.")
    return row


def _conditions(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked["state"] in STATES:
        found.append(ProblemReport.state == asked["state"])
    if asked["kind"] in KINDS:
        found.append(ProblemReport.kind == asked["kind"])
    return found
