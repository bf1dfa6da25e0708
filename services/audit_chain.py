"""Sealing the audit log, verifying it, noting its head elsewhere.

The worker seals events once they are committed, under one lock. A chain written by each request
would fork on PostgreSQL, where two requests may both hold on to the same end.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain import audit_chain
from domain.audit_chain import START, Anchor, Break, Event, Link, Report, Segment
from extensions import db
from models import AuditBreak, AuditEvent, AuditHead, AuditSeal, AuditSegment
from services import audit

BATCH = 1000
LONGEST_TRANSACTION = timedelta(days=1)
"""An event is visible at most this long after it happened: where sealing looks for more."""


def seal(now: datetime) -> int:
    """Seal the events that are committed and not sealed, oldest first; returns how many.

    At most BATCH at a time, so that the lock is short.
    """
    head = _lock_head()
    since = head.sealed_at - LONGEST_TRANSACTION if head.sealed_at else None
    events = db.session.scalars(_unsealed(since).limit(BATCH)).all()
    for event in events:
        head.number += 1
        head.hash = audit_chain.link_hash(head.hash, _as_event(event))
        db.session.add(
            AuditSeal(number=head.number, event_id=event.id, hash=head.hash, sealed_at=now)
        )
    if len(events) < BATCH:
        head.sealed_at = now
    db.session.flush()
    return len(events)


def seal_everything(now: datetime) -> int:
    """Seal until nothing is left; commits each batch."""
    total = 0
    while True:
        sealed = seal(now)
        db.session.commit()
        total += sealed
        if sealed < BATCH:
            return total


def count_unsealed() -> int:
    """How many events are not sealed yet. Reads the whole log."""
    unsealed = _unsealed(None).subquery()
    return db.session.scalar(select(func.count()).select_from(unsealed)) or 0


def get_head(now: datetime) -> Anchor:
    """The end of the chain, to be noted elsewhere."""
    return Anchor(*read_head(), now)


def read_head() -> tuple[int, str]:
    """The number and hash that the chain ends with; 0 and START for an empty one."""
    head = db.session.get(AuditHead, 1, populate_existing=True)
    return (head.number, head.hash) if head is not None else (0, START)


def verify(anchors: Iterable[Anchor] = ()) -> Report:
    """Walk the whole chain. Finds events edited, deleted or reordered, and a chain cut off."""
    segments = [
        Segment(row.first, row.last, row.last_hash)
        for row in db.session.scalars(select(AuditSegment).order_by(AuditSegment.first))
    ]
    breaks = [
        Break(row.after, row.acknowledged_at) for row in db.session.scalars(select(AuditBreak))
    ]
    return audit_chain.verify(_links(), read_head(), segments, anchors, breaks)


def acknowledge_break(reason: str, now: datetime) -> None:
    """Note that the chain was set back on purpose, by restoring a backup."""
    head = get_head(now)
    db.session.add(AuditBreak(after=head.number, reason=reason[:300], acknowledged_at=now))
    audit.record("audit.break-acknowledged", actor_id=None, facts={"after": head.number})


def anchor_line(anchor: Anchor) -> str:
    """An anchor as a line of text: when, number, hash."""
    return f"{anchor.noted_at.isoformat(timespec='seconds')} {anchor.number} {anchor.hash}"


def parse_anchors(text: str) -> list[Anchor]:
    """Anchors from lines of text; empty lines and comments are skipped. Raises ValueError."""
    lines = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    return [Anchor(int(number), found, datetime.fromisoformat(at)) for at, number, found in lines]


def _lock_head() -> AuditHead:
    """The head's row, made if need be, locked until the transaction ends."""
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    first = insert(AuditHead).values(id=1, number=0, hash=START, sealed_at=None)
    db.session.execute(first.on_conflict_do_nothing())
    return db.session.scalars(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).one()


def _unsealed(since: datetime | None) -> Select[AuditEvent]:
    query = (
        select(AuditEvent)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.number.is_(None))
        .order_by(AuditEvent.id)
    )
    return query.where(AuditEvent.happened_at >= since) if since is not None else query


def _links() -> Iterator[tuple[Link, Event | None]]:
    rows = db.session.execute(
        select(AuditSeal, AuditEvent)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.number)
        .execution_options(yield_per=BATCH)
    )
    for sealed, event in rows:
        link = Link(sealed.number, sealed.event_id, sealed.hash)
        yield link, _as_event(event) if event is not None else None


def _as_event(row: AuditEvent) -> Event:
    return Event(
        row.id, row.kind, row.actor_id, row.subject, row.request_id, row.facts, row.happened_at
    )
