"""A process of its own that draws documents, so that it can be killed without harm.

The worker keeps one such process: fonts and stylesheet are made once, and a document takes a
fraction of a second. The process has limits on memory and on the time of a drawing, gets none of
the worker's secrets, and ends by itself when it is idle or the worker is gone.
"""

import io
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[2]
LONGEST_DRAWING_S = 30.0
LAST_ALARM_S = 40
"""A drawing that hangs is killed by the worker; by this, if the worker is gone too."""
MOST_MEMORY_BYTES = 2 * 1024**3
IDLE_END_S = 60.0
PASSED_ON = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")
LENGTH = struct.Struct(">?I")
"""Before every message: whether it is a drawing (or facts), and its length in bytes."""


class DrawingFailed(Exception):
    """The process could not draw a document; the message says why."""


class DrawingProcess:
    """Draws documents one after the other in one process, started when first needed."""

    def __init__(self, longest_drawing_s: float = LONGEST_DRAWING_S) -> None:
        self._longest_drawing_s = longest_drawing_s
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> "DrawingProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def draw(self, template: str, facts: dict[str, Any]) -> bytes:
        """The PDF of a document, drawn from a template of `services.pdf.draw.SHEETS`.

        Raises DrawingFailed; the next drawing starts afresh.
        """
        message = json.dumps({"template": template, "facts": facts}).encode()
        with self._one_at_a_time:
            answer = self._ask(message) or self._ask(message)
        if answer is None:
            raise DrawingFailed("the drawing process ended, ran out of memory or took too long")
        is_drawing, content = answer
        if not is_drawing:
            raise DrawingFailed(content.decode())
        return content

    def end(self) -> None:
        """End the process. It is started again when it is needed."""
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        self._process = None

    def _ask(self, message: bytes) -> tuple[bool, bytes] | None:
        """One exchange; None if the process ended before its answer, for whatever reason."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        killer = threading.Timer(self._longest_drawing_s, process.kill)
        killer.start()
        try:
            _write(process.stdin, True, message)
            answer = _read(process.stdout)
        except BrokenPipeError:
            answer = None
        finally:
            killer.cancel()
        if answer is None:
            self.end()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.pdf.drawing_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=PROJECT,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        return self._process


def main() -> None:
    """Read facts, write drawings, until the worker is gone or has been silent for a while."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from services.pdf.draw import draw

    questions = io.FileIO(sys.stdin.fileno(), closefd=False)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while select.select([questions], [], [], IDLE_END_S)[0]:
        asked = _read(questions)
        if asked is None:
            return
        signal.alarm(LAST_ALARM_S)
        try:
            _write(answers, True, draw(**json.loads(asked[1])))
        except Exception as error:
            _write(answers, False, f"{type(error).__name__}: {error}".encode())
        signal.alarm(0)


def _write(stream: IO[bytes], is_drawing: bool, content: bytes) -> None:
    stream.write(LENGTH.pack(is_drawing, len(content)) + content)
    stream.flush()


def _read(stream: Any) -> tuple[bool, bytes] | None:
    """The next message; None at the end of the stream, even in the middle of a message."""
    head = _read_whole(stream, LENGTH.size)
    if head is None:
        return None
    is_drawing, length = LENGTH.unpack(head)
    content = _read_whole(stream, length)
    return None if content is None else (is_drawing, content)


def _read_whole(stream: Any, length: int) -> bytes | None:
    content = b""
    while len(content) < length:
        part = stream.read(length - len(content))
        if not part:
            return None
        content += part
    return content


if __name__ == "__main__":
    main()
