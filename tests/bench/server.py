"""A production server for measuring: gunicorn as in `flask center run`, and its CPU time."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commands.center import KEEP_ALIVE_S, WORKER_CLASS
from config import PROJECT
from tests.ports import free_port

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(
    target: str,
    environ: dict[str, str],
    processes: int = 2,
    worker: str = WORKER_CLASS,
) -> Iterator["Server"]:
    """Serve a WSGI target until the block ends."""
    port = free_port()
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [gunicorn, "-k", worker, "-w", str(processes), "--threads", "8"]
    command += ["--keep-alive", str(KEEP_ALIVE_S)]
    command += ["-b", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "error", target]
    process = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, **environ}, stderr=subprocess.DEVNULL
    )
    server = Server(process, port)
    try:
        server.wait_until_ready()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


class Server:
    """A running server and what it costs."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/", timeout=2).read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def cpu_seconds(self) -> dict[int, float]:
        """CPU time of each worker process so far."""
        return {pid: cpu_of(pid) for pid in self.workers()}

    def memory_mib(self) -> list[int]:
        """Resident memory of each worker in MiB."""
        found = []
        for pid in self.workers():
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            found.append(pages * os.sysconf("SC_PAGE_SIZE") // 1024**2)
        return found

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
