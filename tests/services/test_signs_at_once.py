"""Any sequence of signs from four processes at once tells the truth, on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from secrets import token_hex

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from config import Settings
from domain.time_record import Evidence
from extensions import db
from models import StudyInterval
from services import accounts, recorded_time
from tests.conftest import close, install, make_database, test_settings
from tests.effort import examples
from tests.factories import make_enrollment, make_person
from tests.services.signs_at_once import T0, Signal, Work, processes, send_all

PROCESSES = 4
STEPS = [0, 1, 5, 15, 15, 15, 20, 46, 91, 600, 30_000, -3, -7_200]
STEP = st.tuples(
    st.integers(0, PROCESSES - 1),
    st.integers(0, 1),
    st.sampled_from([Evidence.ACTIVE, Evidence.ACTIVE, Evidence.PAGE]),
    st.sampled_from(STEPS),
    st.sampled_from(["", "", "", "", "final", "stops"]),
    st.booleans(),
)
SEQUENCES = st.lists(STEP, min_size=4, max_size=24)


@dataclass
class Crowd:
    """An application, four processes on its database, and what they were told to send."""

    app: Flask
    connections: list[Connection]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest, shared_memory: Path) -> Iterator[Crowd]:
    address = ""
    if request.param == "postgresql":
        address = make_database(request.getfixturevalue("postgresql_url"), "signsatonce")
    own: Settings = test_settings(shared_memory / f"signs-{request.param}", address)
    made = install(own)
    with processes(own, PROCESSES) as connections:
        yield Crowd(made.app, connections)
    close(made)


@settings(
    max_examples=examples(quick=6, full=2000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(SEQUENCES)
def test_any_sequence_from_four_processes_tells_the_truth(
    crowd: Crowd, steps: list[tuple[int, int, Evidence, int, str, bool]]
) -> None:
    """No overlap, never above wall time, replays change nothing, parts equal the total."""
    works, elapsed = _works(crowd.app, steps)
    outcomes = send_all(crowd.connections, works)
    first = _check(crowd.app, works[0], elapsed)
    late = [_replayed(*pair) for pair in zip(works, outcomes, strict=True)]
    send_all(crowd.connections, late)
    assert _check(crowd.app, works[0], elapsed) == first, "a replay was credited"


def _works(
    app: Flask, steps: list[tuple[int, int, Evidence, int, str, bool]]
) -> tuple[list[Work], timedelta]:
    """A new learner's signs, dealt to the processes; and how much wall time they span.

    Each process has two pages. The server's clock steps on, and sometimes back, between signs.
    """
    now = earliest = latest = 0
    dealt: list[list[Signal]] = [[] for _ in range(PROCESSES)]
    numbers: dict[int, int] = {}
    for process, tab, evidence, step, last, again in steps:
        now += step
        earliest, latest = min(earliest, now), max(latest, now)
        page = 2 * process + tab
        numbers[page] = numbers.get(page, 0) + 1
        signal = Signal(page, evidence, numbers[page], now, last)
        dealt[process] += [signal, signal] if again else [signal]
    with app.app_context():
        study = make_enrollment(
            make_person(f"{token_hex(8)}@example.org"), access_until=T0 + timedelta(days=3650)
        )
        item = study.outline.units[0].items[0]
        uids = tuple(token_hex(12) for _ in range(2 * PROCESSES))
        person_id, enrollment_id = study.enrollment.person_id, study.enrollment.id
        token = accounts.open_session(person_id, "a browser", T0)
        db.session.commit()
        db.session.remove()
    works = [Work(person_id, enrollment_id, item.id, token, uids, tuple(part)) for part in dealt]
    return works, timedelta(seconds=latest - earliest)


def _replayed(work: Work, outcomes: list[str]) -> Work:
    """What was answered, sent again an hour after everything: nothing of it is new.

    A sign that was refused as one too many changed nothing, and may be sent again in earnest.
    """
    late = max((signal.second for signal in work.signals), default=0) + 3600
    heard = [
        Signal(s.page, s.evidence, s.seq, late, s.last)
        for s, outcome in zip(work.signals, outcomes, strict=True)
        if outcome == "recorded"
    ]
    return replace(work, signals=tuple(heard))


def _check(app: Flask, work: Work, elapsed: timedelta) -> list[tuple[int, int]]:
    """Check what must always hold; the intervals as (start, end) in seconds after T0."""
    with app.app_context():
        rows = db.session.scalars(
            select(StudyInterval)
            .where(StudyInterval.person_id == work.person_id)
            .order_by(StudyInterval.started_at, StudyInterval.ended_at, StudyInterval.id)
        ).all()
        spans = [(row.started_at, row.ended_at) for row in rows]
        total = sum((end - start for start, end in spans), timedelta())
        by_place = recorded_time.seconds_by_place(work.enrollment_id, with_declared=False)
        listed = recorded_time.list_lines(work.enrollment_id)
        growing = [row for row in rows if row.closed_at is None]
        db.session.remove()
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start, f"overlap: {spans}"
    assert total <= elapsed, f"{total} of {elapsed}"
    assert len(growing) <= 1
    assert sum(by_place.values()) == sum(line.seconds for line in listed) == total.total_seconds()
    return [(int((a - T0).total_seconds()), int((b - T0).total_seconds())) for a, b in spans]
