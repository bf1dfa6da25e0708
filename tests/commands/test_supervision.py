"""The supervisor of `flask center run`: whatever ends it, nothing it started stays behind."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import PROJECT
from tests.conftest import close, install, test_settings
from tests.ports import free_port

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
LONGEST_WAIT_S = 40.0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A supervisor whose web server answers and whose worker runs."""
    settings = test_settings(tmp_path / "data")
    close(install(settings))
    port = free_port()
    environ = {
        "CONTACT_HOUR_DATA": str(settings.data),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "PORT": str(port),
    }
    flask = str(Path(sys.executable).with_name("flask"))
    process = subprocess.Popen(
        [flask, "--app", "app:create_app", "center", "run", "--processes", "2"],
        cwd=PROJECT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until(lambda: _answers(port) and len(_descendants(process.pid)) >= 4)
        yield process
    finally:
        left = _descendants(process.pid)
        process.kill()
        process.wait()
        for pid in left:
            if _is_alive(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_stays_behind(running: subprocess.Popen[bytes], how: signal.Signals) -> None:
    started = _descendants(running.pid)
    commands = " ".join(map(_command, started))
    assert "gunicorn" in commands
    assert "worker" in commands
    assert len(started) >= 4, "the web server, its two processes, the worker"
    running.send_signal(how)
    running.wait(LONGEST_WAIT_S)
    _wait_until(lambda: not [pid for pid in started if _is_alive(pid)])


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _descendants(pid: int) -> list[int]:
    """What of the center runs below a process; not what a library starts for a moment."""
    below = _all_below(pid)
    return [one for one in below if re.search("gunicorn|flask", _command(one))]


def _all_below(pid: int) -> list[int]:
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").glob("[0-9]*")}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _parent(entry: Path) -> int:
    found = _stat(entry)
    return int(found[1]) if found else 0


def _is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended may wait for somebody to ask how."""
    found = _stat(Path(f"/proc/{pid}"))
    return bool(found) and found[0] != "Z"


def _stat(entry: Path) -> list[str]:
    """State and parent of a process; nothing once it is gone."""
    try:
        return (entry / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _command(pid: int) -> str:
    """Its words; nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
