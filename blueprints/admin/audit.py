"""The audit log in the panel: who did what to whom when."""

import json
import re

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.admin.listing import read_listing
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from domain.plain_days import read_day
from domain.wording import local
from services import audit_search
from services.audit_search import ORDERS, Asked
from services.provider import get_provider

FILTERS = ("kind", "who", "subject", "from", "to")
SHA256 = re.compile(r"[0-9a-f]{64}")
HEADS = ("When", "What", "Who", "Person", "Subject", "Facts", "Request")


@bp.get("/admin/audit")
def list_audit_events() -> ResponseReturnValue:
    listing = read_listing("admin.list_audit_events", FILTERS, ORDERS, "happened")
    zone = get_provider().time_zone
    asked = Asked(
        kind=listing.filters["kind"],
        who=listing.filters["who"],
        subject=listing.filters["subject"],
        first_day=read_day(listing.filters["from"]),
        last_day=read_day(listing.filters["to"]),
        zone=zone,
    )
    size = None if listing.as_csv else 50
    found = audit_search.list_events(asked, listing.order(ORDERS), listing.after, size)
    if listing.as_csv:
        return csv_file("audit-log", HEADS, [_csv_row(*row) for row in found.rows])
    return render_template(
        "admin/audit.html",
        listing=listing,
        rows=[_row(event, name, zone) for event, name in found.rows],
        next_after=found.next_after,
        kinds_as_options=[(kind, kind) for kind in audit_search.list_kinds()],
        zone=zone,
    )


def _row(event, name: str | None, zone: str) -> list[str]:  # type: ignore[no-untyped-def]
    return [
        local(event.happened_at, zone),
        event.kind,
        _who(event.actor_id, name),
        event.subject,
        _facts(event.facts),
        event.request_id,
    ]


def _csv_row(event, name: str | None) -> list[object]:  # type: ignore[no-untyped-def]
    return [
        event.happened_at.isoformat(),
        event.kind,
        name or "",
        event.actor_id,
        event.subject,
        json.dumps(event.facts, ensure_ascii=False) if event.facts else "",
        event.request_id,
    ]


def _who(actor_id: int | None, name: str | None) -> str:
    return f"{name} (person:{actor_id})" if actor_id else "–"


def _facts(facts: dict[str, object]) -> str:
    return ", ".join(f"{name}: {_short(str(value))}" for name, value in facts.items())


def _short(value: str) -> str:
    """A SHA-256 by its beginning, since it would push the table off the page; the CSV has it."""
    return f"{value[:12]}…" if SHA256.fullmatch(value) else value
