"""Processes that send signs of presence to one database, each with an application of its own."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from config import Settings
from domain.time_record import Evidence

T0 = datetime(2026, 10, 31, 3, 50, tzinfo=UTC)
"""Ten minutes before a month ends in New York; the clocks go back a day later."""


@dataclass(frozen=True)
class Signal:
    """A sign of one page (by its place among the pages) at a second after T0."""

    page: int
    evidence: Evidence
    seq: int
    second: int
    last: str = ""


@dataclass(frozen=True)
class Work:
    """Signs for one process to send, of pages that were opened before."""

    person_id: int
    enrollment_id: int
    item_id: int
    session_token: str
    uids: tuple[str, ...]
    signals: tuple[Signal, ...]


@contextmanager
def processes(settings: Settings, count: int) -> Iterator[list[Connection]]:
    """Start so many processes on the database of the settings; each answers Work with outcomes.

    Where one ends by an error, whoever waits for its answer gets an EOFError.
    """
    fresh = multiprocessing.get_context("spawn")
    pairs = [fresh.Pipe() for _ in range(count)]
    started = [
        fresh.Process(target=_serve, args=(settings, there), daemon=True) for _, there in pairs
    ]
    for process in started:
        process.start()
    for _, there in pairs:
        there.close()
    yield [here for here, _ in pairs]
    for here, _ in pairs:
        here.send(None)
    for process in started:
        process.join(20)


def send_all(connections: list[Connection], works: list[Work]) -> list[list[str]]:
    """Let all processes work at once; the outcome of every sign, by process."""
    for connection, work in zip(connections, works, strict=True):
        connection.send(work)
    return [connection.recv() for connection in connections]


def _serve(settings: Settings, connection: Connection) -> None:
    from app import create_app

    app = create_app(settings)
    while (work := connection.recv()) is not None:
        with app.app_context():
            connection.send([_send(work, signal) for signal in work.signals])


def _send(work: Work, signal: Signal) -> str:
    """One request: its own transaction, committed or rolled back."""
    from domain.refusals import Refusal
    from extensions import db
    from services import page_views, time_record
    from services.growing import Sent
    from services.page_views import Place

    now = T0 + timedelta(seconds=signal.second)
    place = Place("item", 1, work.item_id)
    try:
        view = page_views.ensure_view(
            work.person_id, work.enrollment_id, place, work.uids[signal.page], now
        )
        flags: dict[str, Any] = {signal.last: True} if signal.last else {}
        sent = Sent(view, signal.evidence, signal.seq, **flags)
        db.session.commit()
        if _grows_before_flask(work, sent, now):
            return "recorded"
        time_record.record_sign(work.person_id, sent, lambda: now)
        db.session.commit()
        return "recorded"
    except Refusal as refusal:
        db.session.rollback()
        return type(refusal).__name__
    finally:
        db.session.remove()


def _grows_before_flask(work: Work, sent: Any, now: datetime) -> bool:
    """Every second sign takes the lane of `sign_lane` first, as the browser's do."""
    from extensions import db
    from services import growing

    if sent.is_last or sent.evidence is not Evidence.ACTIVE or sent.seq % 2:
        return False
    token, person_id = work.session_token, work.person_id
    return growing.grow_in_session(db.engine, token, person_id, sent, now) is not None
