"""The rule of the time record, as tables of single signs and as sequences of many."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.time_record import (
    MAX_GAP,
    NOTHING,
    Decision,
    Evidence,
    OpenInterval,
    Sign,
    decide,
    open_finish_credit,
)
from tests.effort import examples

T0 = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def sign(
    seconds: float, *, view: int = 1, seq: int = 2, heard: int = 1, final: bool = False
) -> Sign:
    return Sign(view, Evidence.ACTIVE, seq, at(seconds), final, heard)


OPEN = OpenInterval(page_view_id=1, evidence=Evidence.ACTIVE, ended_at=at(0), last_seq=1)


@pytest.mark.parametrize(
    ("why", "open_interval", "given_sign", "expected"),
    [
        ("the first sign of all opens", None, sign(5), Decision(open_at=at(5))),
        ("a page that is left opens nothing", None, sign(5, final=True), NOTHING),
        ("a sign in time grows", OPEN, sign(15), Decision(grow_to=at(15))),
        ("45 s is still in time", OPEN, sign(45), Decision(grow_to=at(45))),
        ("46 s earns nothing", OPEN, sign(46), Decision(close=True, open_at=at(46))),
        ("a repeated number changes nothing", OPEN, sign(15, seq=1), NOTHING),
        ("an earlier number changes nothing", OPEN, sign(15, seq=1, heard=5), NOTHING),
        ("a clock that went back changes nothing", OPEN, sign(-1), NOTHING),
        ("leaving grows to the end", OPEN, sign(10, final=True), Decision(grow_to=at(10))),
        ("leaving after a long gap grows nothing", OPEN, sign(60, final=True), Decision()),
        (
            "another window's first sign takes over",
            OPEN,
            sign(10, view=2, seq=1, heard=0),
            Decision(grow_to=at(10), close=True, open_at=at(10)),
        ),
        (
            "two windows side by side: the other's later signs grow the open one",
            OPEN,
            sign(10, view=2, seq=3, heard=2),
            Decision(grow_to=at(10)),
        ),
        (
            "after 20 s of silence the other takes over, and the gap stays with the first",
            OPEN,
            sign(20, view=2, seq=3, heard=2),
            Decision(grow_to=at(20), close=True, open_at=at(20)),
        ),
        (
            "after a sleep the other takes over and the sleep earns nothing",
            OPEN,
            sign(4000, view=2, seq=3, heard=2),
            Decision(close=True, open_at=at(4000)),
        ),
        (
            "other evidence of the same page begins an interval of its own",
            OPEN,
            replace(sign(30), evidence=Evidence.PAGE),
            Decision(grow_to=at(30), close=True, open_at=at(30)),
        ),
        (
            "a pause grows to it and closes",
            OPEN,
            replace(sign(10), stops=True),
            Decision(grow_to=at(10), close=True),
        ),
        ("a pause opens nothing", None, replace(sign(10), stops=True), NOTHING),
        (
            "pausing one window leaves the other going",
            OPEN,
            replace(sign(10, view=2, seq=3), stops=True),
            Decision(grow_to=at(10)),
        ),
        (
            "leaving another window opens nothing",
            OPEN,
            sign(30, view=2, seq=3, heard=2, final=True),
            NOTHING,
        ),
    ],
)
def test_one_sign(
    why: str, open_interval: OpenInterval | None, given_sign: Sign, expected: Decision
) -> None:
    high_water = open_interval.ended_at if open_interval else None
    assert decide(open_interval, high_water, given_sign) == expected, why


@pytest.mark.parametrize(
    ("why", "opened", "high_water", "now", "cap", "seconds"),
    [
        ("opened and finished", 0, None, 300, 600, 300),
        ("at most what is left of the item's minutes", 0, None, 3000, 600, 600),
        ("not before the high-water mark", 0, 100, 300, 600, 200),
        ("nothing is left", 0, None, 300, 0, None),
        ("a clock that went back", 0, 500, 300, 600, None),
    ],
)
def test_open_finish(
    why: str, opened: int, high_water: int | None, now: int, cap: int, seconds: int | None
) -> None:
    mark = at(high_water) if high_water is not None else None
    credit = open_finish_credit(at(opened), mark, at(now), timedelta(seconds=cap))
    got = int((credit[1] - credit[0]).total_seconds()) if credit else None
    assert got == seconds, why


@dataclass
class Span:
    view: int
    evidence: Evidence
    start: datetime
    end: datetime
    last_seq: int


@dataclass
class Timeline:
    """The rule applied to intervals in memory, as the service applies it to rows."""

    spans: list[Span] = field(default_factory=list)
    open: Span | None = None
    high_water: datetime | None = None
    heard: dict[int, int] = field(default_factory=dict)

    def receive(
        self, view: int, evidence: Evidence, seq: int, now: datetime, last: str = ""
    ) -> None:
        open_interval = self.open and OpenInterval(
            self.open.view, self.open.evidence, self.open.end, self.open.last_seq
        )
        own = self.open is not None and self.open.view == view
        heard = max(self.heard.get(view, 0), self.open.last_seq if own and self.open else 0)
        marks = [m for m in (self.high_water, self.open and self.open.end) if m]
        sign = Sign(view, evidence, seq, now, last == "final", heard, last == "stops")
        decision = decide(open_interval, max(marks, default=None), sign)
        self.heard[view] = max(heard, seq)
        if decision == Decision():
            return
        if self.open and decision.grow_to:
            self.open.end = decision.grow_to
        if self.open and own:
            self.open.last_seq = max(self.open.last_seq, seq)
        if decision.close and self.open:
            self.heard[self.open.view] = max(self.heard.get(self.open.view, 0), self.open.last_seq)
            self.high_water = max(marks_of(self))
            self.open = None
        if decision.open_at:
            self.open = Span(view, evidence, decision.open_at, decision.open_at, seq)
            self.spans.append(self.open)

    @property
    def total(self) -> timedelta:
        return sum((span.end - span.start for span in self.spans), timedelta())


def marks_of(timeline: Timeline) -> list[datetime]:
    return [m for m in (timeline.high_water, timeline.open and timeline.open.end) if m]


SIGNS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from([Evidence.ACTIVE, Evidence.ACTIVE, Evidence.PAGE]),
        st.integers(1, 60),
        st.sampled_from([0, 1, 5, 15, 15, 15, 19, 20, 21, 45, 46, 90, 91, 600, 30000, -3, -7200]),
        st.sampled_from(["", "", "", "final", "stops"]),
    ),
    max_size=60,
)


@settings(max_examples=examples(quick=300, full=2000), deadline=None)
@given(SIGNS)
def test_any_sequence_tells_the_truth(signs: list[tuple[int, Evidence, int, int, str]]) -> None:
    """No overlap, never above wall time, never less than before, replay changes nothing."""
    timeline, now, sent = Timeline(), T0, []
    earliest = latest = T0
    for view, evidence, seq, step, last in signs:
        now += timedelta(seconds=step)
        earliest, latest = min(earliest, now), max(latest, now)
        before = timeline.total
        timeline.receive(view, evidence, seq, now, last)
        sent.append((view, evidence, seq))
        assert timeline.total >= before
    spans = sorted(timeline.spans, key=lambda span: (span.start, span.end))
    for one, following in pairwise(spans):
        assert one.end <= following.start
    assert timeline.total <= latest - earliest
    closed = replace(timeline).total
    for view, evidence, seq in sent:
        timeline.receive(view, evidence, seq, latest + timedelta(seconds=1))
    assert timeline.total == closed


def test_gaps_are_as_stated() -> None:
    assert MAX_GAP[Evidence.ACTIVE] == timedelta(seconds=45)
    assert MAX_GAP[Evidence.PAGE] == timedelta(seconds=90)
