"""kill -9 of the server under signs of presence: what was acknowledged is in the database."""

import contextlib
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commands.center import WORKER_CLASS
from config import PROJECT
from tests.bench.cast import Cast, prepare
from tests.effort import examples
from tests.kept_connection import KeptConnection, post
from tests.ports import free_port

LEARNERS = 6
SHOWN = re.compile(rb"This item: (\d+) min (\d+) s")
TOTALS = """
SELECT person_id, SUM(CAST(strftime('%s', ended_at) AS INTEGER)
                      - CAST(strftime('%s', started_at) AS INTEGER))
FROM study_interval GROUP BY person_id ORDER BY person_id
"""
OVERLAPS = """
SELECT COUNT(*) FROM study_interval a JOIN study_interval b
ON a.person_id = b.person_id AND a.id < b.id
AND a.started_at < b.ended_at AND b.started_at < a.ended_at
"""


@dataclass
class Sender:
    """One learner's browser: sends signs as fast as they are answered, until told to stop."""

    place: int
    port: int
    request: tuple[str, str, str]
    cookie: str = ""
    seq: int = 0
    acknowledged_s: int = 0
    answers: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        _, self.cookie, _ = self.request
        while not self.stopped.is_set():
            with (
                contextlib.suppress(OSError),
                contextlib.closing(KeptConnection(self.port)) as kept,
            ):
                self._send_on(kept)

    def _send_on(self, kept: KeptConnection) -> None:
        path, _, body = self.request
        while not self.stopped.is_set():
            self.seq += 1
            kept.send(post(path, self.cookie, body.replace("%d", str(self.seq))))
            self._note(*kept.receive())

    def _note(self, status: int, headers: dict[str, str], answer: bytes) -> None:
        self.cookie = headers.get("Set-Cookie", self.cookie).partition(";")[0]
        found = SHOWN.search(answer)
        if found and status == 200:
            shown = int(found[1]) * 60 + int(found[2])
            self.acknowledged_s = max(self.acknowledged_s, shown)
            self.answers += 1


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return prepare(tmp_path, LEARNERS)


def test_no_acknowledged_sign_is_lost_by_killing_the_server(cast: Cast, tmp_path: Path) -> None:
    began, chance = time.time(), random.Random(7)
    port = free_port()
    senders = [Sender(place, port, request) for place, request in enumerate(cast.beats())]
    threads = [threading.Thread(target=sender.run, daemon=True) for sender in senders]
    process = _start(tmp_path, port, began)
    for thread in threads:
        thread.start()
    for _ in range(examples(quick=2, full=200)):
        _wait_for_answers(senders)
        _kill_after(process, chance.random() / 5)
        _check(tmp_path, senders)
        process = _start(tmp_path, port, began)
    for sender in senders:
        sender.stopped.set()
    _kill_after(process, 0)
    for thread in threads:
        thread.join(10)
    _check(tmp_path, senders)


def _check(folder: Path, senders: list[Sender]) -> None:
    """Every acknowledged second is there, nothing overlaps, the file is sound."""
    acknowledged = [sender.acknowledged_s for sender in senders]
    with contextlib.closing(sqlite3.connect(next(folder.glob("*.sqlite3")))) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        totals = [int(seconds) for _, seconds in database.execute(TOTALS)]
        assert database.execute(OVERLAPS).fetchone() == (0,)
    assert len(totals) == len(senders)
    for kept, shown in zip(totals, acknowledged, strict=True):
        assert kept >= shown, f"{shown} s were acknowledged, {kept} s are in the database"


def _wait_for_answers(senders: list[Sender]) -> None:
    """Until every learner has been answered again since the server was started."""
    before = [sender.answers for sender in senders]
    deadline = time.monotonic() + 180
    while any(s.answers <= b for s, b in zip(senders, before, strict=True)):
        assert time.monotonic() < deadline, "the server does not answer"
        threading.Event().wait(0.01)


def _kill_after(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Kill the server and its workers at once, at a moment of chance under load."""
    threading.Event().wait(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def _start(folder: Path, port: int, began: float) -> "subprocess.Popen[bytes]":
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [gunicorn, "-k", WORKER_CLASS, "-w", "2", "--threads", "4"]
    command += ["-b", f"127.0.0.1:{port}"]
    command += ["--no-control-socket", "--log-level", "critical", "tests.services.killed_app:app"]
    environ = {**os.environ, "CONTACT_HOUR_DATA": str(folder)}
    environ["CONTACT_HOUR_TEST_BEGAN"] = str(began)
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
