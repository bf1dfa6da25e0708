"""Signs that wait together: one statement for all, and each gets its own answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from domain.time_record import Evidence
from extensions import db
from services import accounts, growing, growing_sqlite, growing_together, transactions_alone
from services.growing import Sent
from services.growing_rule import Grown, Signs
from tests.factories import make_enrollment, make_person
from tests.services.test_time_record import Tab, at, intervals

on_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


class Learner:
    """A learner whose session is live and whose interval is open since T0."""

    def __init__(self, email: str) -> None:
        person = make_person(email)
        self.study = make_enrollment(person)
        self.token = accounts.open_session(person.id, "Firefox", at(0))
        self.tab = Tab(self.study)
        self.tab.sign(0)

    def given(self, second: int, seq: int) -> dict[str, object]:
        sent = Sent(self.tab.view, Evidence.ACTIVE, seq)
        return {
            **growing._parameters(self.tab.person_id, sent, at(second)),
            **accounts.session_parameters(self.token),
        }

    def wait(self, second: int, seq: int) -> growing_together.Waiting:
        """Stand in line, as somebody does while another writes."""
        waiting = growing_together.Waiting(self.given(second, seq))
        growing_together.line_of(db.engine).waiting.append(waiting)
        return waiting

    def grow(self, second: int, seq: int) -> Grown | None:
        return growing_together.grow(db.engine, self.given(second, seq))

    def seconds(self) -> list[tuple[int, int]]:
        return [(begun, ended) for begun, ended, _ in intervals(self.study)]


@pytest.fixture
def learners(context: Flask) -> list[Learner]:
    growing_together.line_of.cache_clear()
    found = [Learner(f"learner{number}@example.org") for number in range(3)]
    db.session.commit()
    return found


def test_whoever_writes_writes_for_all_who_wait(
    learners: list[Learner], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[object] = []
    run = transactions_alone.Alone.run
    monkeypatch.setattr(
        transactions_alone.Alone,
        "run",
        lambda self, statement, given: ran.append(statement) or run(self, statement, given),  # type: ignore[func-returns-value]
    )
    first, second, third = learners
    for at_second, seq in ((10, 2), (25, 3)):
        waiting = [first.wait(at_second, seq), second.wait(at_second, seq)]
        mine = third.grow(at_second, seq)
        assert [one.is_done for one in waiting] == [True, True]
        for grown in (*(one.grown for one in waiting), mine):
            assert grown is not None
            assert grown[1:] == (at(0), at(at_second))
    is_sqlite = db.engine.dialect.name == "sqlite"
    assert len(ran) == 3 if is_sqlite else 2, "one statement for three signs"
    assert ran.count(growing_sqlite._GROWN) == is_sqlite, "starts are read once, if at all"
    assert [one.seconds() for one in learners] == [[(0, 25)]] * 3


def test_each_is_told_of_their_own(learners: list[Learner]) -> None:
    first, second, third = learners
    accounts.end_session(accounts.list_sessions(first.tab.person_id)[0].id, at(5))
    db.session.commit()
    ended, too_late = first.wait(10, 2), second.wait(46, 2)
    assert third.grow(12, 2) is not None
    assert (ended.grown, too_late.grown) == (None, None)
    assert [one.seconds() for one in learners] == [[(0, 0)], [(0, 0)], [(0, 12)]]


def test_of_one_persons_two_signs_at_once_one_is_written(learners: list[Learner]) -> None:
    one = learners[0].wait(10, 2)
    assert learners[0].grow(11, 3) is None
    assert one.grown is not None
    assert learners[0].seconds() == [(0, 10)]


def test_somebody_elses_session_grows_nothing(learners: list[Learner]) -> None:
    first, second, _ = learners
    first.token = second.token
    waiting = second.wait(10, 2)
    assert first.grow(10, 2) is None
    assert waiting.grown is not None
    assert first.seconds() == [(0, 0)]


def test_an_interval_opened_anew_is_told_with_its_own_start(learners: list[Learner]) -> None:
    learner = learners[0]
    assert learner.grow(10, 2) is not None
    learner.tab.sign(300, 3)
    db.session.commit()
    if learner.grow(320, 4) is None:
        assert db.engine.dialect.name == "sqlite", "which knew another interval"
        learner.tab.sign(320, 4)
        db.session.commit()
    grown = learner.grow(330, 5)
    assert grown is not None
    assert grown[1:] == (at(300), at(330))
    assert learner.seconds() == [(0, 10), (300, 330)]


def test_a_database_that_refuses_leaves_nobody_waiting(
    learners: list[Learner], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    first, second, _ = learners
    with monkeypatch.context() as patched:
        patched.setattr(transactions_alone.Alone, "run", refuse)
        waiting = first.wait(10, 2)
        with pytest.raises(OperationalError):
            second.grow(10, 2)
    assert waiting.is_done
    assert waiting.grown is None
    assert second.grow(11, 3) is not None


@on_sqlite
def test_no_more_is_kept_than_there_is_room_for(
    learners: list[Learner], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing_sqlite, "INTERVALS_KEPT", 2)
    for second, seq in ((10, 2), (20, 3)):
        assert all(learner.grow(second, seq) for learner in learners)
    assert len(growing_together.line_of(db.engine).writer._known) == 2  # type: ignore[union-attr]


class Slow:
    """A writer that writes nothing, and tells what it was given when it is let go."""

    def __init__(self) -> None:
        self.given: list[set[int]] = []
        self.is_writing, self.may_end = Event(), Event()

    def write(self, signs: Signs) -> dict[int, Grown]:
        self.given.append(set(signs))
        self.is_writing.set()
        assert self.may_end.wait(60)
        return {person: (person, at(0), at(9)) for person in signs}


def test_those_who_come_while_one_writes_are_written_by_the_first_of_them(
    learners: list[Learner], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, slow = db.engine, Slow()
    line = growing_together.line_of(engine)
    monkeypatch.setattr(line, "writer", slow)
    with ThreadPoolExecutor(6) as threads:
        first = threads.submit(growing_together.grow, engine, {"person": 0})
        assert slow.is_writing.wait(60)
        rest = [threads.submit(growing_together.grow, engine, {"person": n}) for n in range(1, 6)]
        while len(line.waiting) < len(rest):
            assert not first.done()
        slow.may_end.set()
        told = [one.result(60) for one in (first, *rest)]
    assert slow.given == [{0}, {1, 2, 3, 4, 5}]
    assert told == [(number, at(0), at(9)) for number in range(6)]
    assert growing_together.grow(engine, {"person": 7}) is not None, "nobody is left at work"
