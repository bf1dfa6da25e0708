"""Chores: done when due, by one worker, again after a failure."""

from datetime import timedelta

import pytest
from flask import Flask

import clock
from services import chores
from services.chores import Duty

HOUR = timedelta(hours=1)


def test_a_chore_is_done_when_due_and_not_before(context: Flask) -> None:
    turns = []
    duties = {"count": Duty(HOUR, turns.append)}
    now = clock.now()
    assert chores.do_due(duties, now) == 1
    assert chores.do_due(duties, now + HOUR / 2) == 0
    assert chores.do_due(duties, now + HOUR) == 1
    assert turns == [now, now + HOUR]


def test_only_one_worker_takes_a_turn(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw that it is due; the second finds it moved on."""
    now = clock.now()
    turns: list[object] = []
    duty = Duty(HOUR, turns.append)
    assert chores._do("count", duty, now)
    assert not chores._do("count", duty, now)
    assert len(turns) == 1


def test_a_failing_chore_stops_no_other_and_comes_again(context: Flask) -> None:
    def fail(_now: object) -> None:
        raise RuntimeError("no luck")

    turns: list[object] = []
    now = clock.now()
    duties = {"a failing one": Duty(HOUR, fail), "the next": Duty(HOUR, turns.append)}
    assert chores.do_due(duties, now) == 1
    assert len(turns) == 1
    assert chores.do_due({"a failing one": Duty(HOUR, turns.append)}, now + HOUR) == 1
