"""kill -9 in the midst of saves: what was acknowledged is never lost, on both databases."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select, text

import clock
from blueprints.accounts import sessions
from config import PROJECT
from extensions import db
from models import Answer
from services import attempts
from tests.at_once import own_app
from tests.effort import examples
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import list_drawn

__all__ = ["own_app"]
KILLS = examples(quick=12, full=200)
LONGEST_LIFE_S = 0.05


@dataclass
class Savers:
    """The process that saves, as the test talks to it."""

    process: "subprocess.Popen[str]"
    acknowledged: int = 0

    def say(self, words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def hear(self, until: str) -> str:
        """Read lines until one begins so; acknowledgments are noted on the way."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            words = line.strip()
            if words.startswith("ack "):
                self.acknowledged = max(self.acknowledged, int(words.split()[1]))
            if words.startswith(until):
                return words
        raise AssertionError("the savers have gone")

    def live_and_die(self, first: int, life_s: float) -> None:
        """Start a saver, wait for its first acknowledgment, kill it a little later."""
        self.say(f"go {first}")
        pid = int(self.hear("pid ").split()[1])
        self.hear("ack ")
        time.sleep(life_s)
        os.kill(pid, signal.SIGKILL)
        self.say("sync")
        self.hear("synced")


@contextmanager
def saving(given: dict[str, Any]) -> Iterator[Savers]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.killed", json.dumps(given)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    savers = Savers(process)
    savers.hear("ready")
    try:
        yield savers
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def place(own_app: Flask) -> dict[str, Any]:
    """Alice's open question that takes a text, and the means to answer it."""
    with own_app.test_request_context("/", method="POST"):
        person = make_person()
        study = make_enrollment(person)
        complete_items(study, unit=1)
        attempt, position = _attempt_with_text(study)
        sessions.begin(person.id)
        csrf = generate_csrf()
        response = own_app.response_class()
        own_app.session_interface.save_session(own_app, session, response)  # type: ignore[arg-type]
        cookie = response.headers["Set-Cookie"].split(";")[0]
        db.session.commit()
    return {
        "data": str(own_app.config["SETTINGS"].data),
        "database_url": own_app.config["SETTINGS"].database_url,
        "path": f"/attempts/{attempt}/questions/{position}",
        "attempt": attempt,
        "position": position,
        "cookie": cookie,
        "csrf": csrf,
        "early": False,
    }


def _attempt_with_text(study) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    """Open an attempt whose draw asks for a text."""
    for seed in range(50):
        with db.session.begin_nested() as savepoint:
            attempt = attempts.open_attempt(study, 1, clock.now(), chance=random.Random(seed))
            found = [q.position for q in list_drawn(attempt.id) if q.kind == "short"]
            if found:
                return attempt.id, found[0]
            savepoint.rollback()
    raise AssertionError("no draw asks for a text")


def kept(app: Flask, place: dict[str, Any]) -> int:
    """The number of the answer that is kept."""
    with app.app_context():
        row = select(Answer.response).where(
            Answer.attempt_id == place["attempt"], Answer.position == place["position"]
        )
        response = db.session.scalar(row)
        db.session.remove()
    return int(response["text"].split()[1]) if response else 0


def test_no_acknowledged_answer_is_lost(own_app: Flask, place: dict[str, Any]) -> None:
    """And the same check notices a product that says "saved" before its commit."""
    chance = random.Random(2026)
    with saving(place) as savers:
        for _ in range(KILLS):
            savers.live_and_die(savers.acknowledged + 1, chance.uniform(0, LONGEST_LIFE_S))
            found = kept(own_app, place)
            assert savers.acknowledged <= found <= savers.acknowledged + 1
            savers.acknowledged = found
    assert savers.acknowledged >= KILLS
    print(f"{KILLS} kills, {savers.acknowledged} answers acknowledged, 0 lost")
    refuse_corruption(own_app)
    assert loses_what_it_says_too_early(own_app, {**place, "early": True}, savers.acknowledged)


def refuse_corruption(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        db.session.remove()


def loses_what_it_says_too_early(app: Flask, place: dict[str, Any], last: int) -> bool:
    with saving(place) as savers:
        savers.acknowledged = last
        for _ in range(60):
            savers.live_and_die(savers.acknowledged + 1, 0)
            if kept(app, place) < savers.acknowledged:
                return True
    return False
