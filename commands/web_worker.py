"""The web server's worker: gunicorn's threads, with a shorter way for signs of presence.

Signs of presence are most of all requests, and for gunicorn to read one and to write its answer
costs more than the sign. So bytes that wait on a connection are looked at first, and left there.
Where they are one whole sign and nothing else, and the lane answers it, they are taken and the
answer is written at once. Whatever differs in any way is gunicorn's, which finds all as it came.

Connections are kept long, so they have to be spread evenly over the processes: a process that has
more of them than another waits a moment before it takes one more.
"""

import re
import socket
import time
from functools import lru_cache
from io import BytesIO
from typing import Any

from gunicorn import SERVER
from gunicorn.util import http_date
from gunicorn.workers.gthread import TConn, ThreadWorker

from commands.held_connections import HeldConnections

LONGEST = 8192
REQUEST_LINE = b"POST /beats HTTP/1.1\r\n"
PEEK = socket.MSG_PEEK | socket.MSG_DONTWAIT
_HEADER = rb"([!#$%&'*+.^`|~0-9A-Za-z-]+): *([\x20-\x7e]*)\r\n"
"""As in RFC 9112 §5, of what every server reads alike: no underscore, no tab, nothing but ASCII."""
_LINE, _LINES = re.compile(_HEADER), re.compile(rb"(?:%s)*" % _HEADER)
NOT_HERE = {"HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE"}
A_MOMENT_S = 0.001
Environ = dict[str, Any]
HELD = HeldConnections()
"""Made where the processes have not parted yet."""


class WebWorker(ThreadWorker):
    """gunicorn's `gthread`. Serves any application; only one with a sign lane faster."""

    _lane: Any = None

    def notify(self) -> None:
        """Say that this process is alive, as after every event, and how many it holds."""
        super().notify()
        if self.alive:
            HELD.tell(self.age, self.nr_conns, time.monotonic())

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, unless a process that holds fewer does so within a moment."""
        if HELD.has_fewer_elsewhere(self.age, time.monotonic()):
            time.sleep(A_MOMENT_S)
        super().accept(listener)

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self._lane = getattr(self.wsgi, "extensions", {}).get("sign_lane")

    def handle(self, conn: TConn) -> Any:
        """Answer one request; whether the connection is kept. Runs in a thread of the pool."""
        data = self._peek(conn)
        answer = self._answer(data) if data else None
        return super().handle(conn) if answer is None else _send(conn, len(data), answer)

    def _peek(self, conn: TConn) -> bytes:
        """What waits on a plain connection that may be kept; it stays there."""
        if self._lane is None or not self._may_keep() or self.cfg.is_ssl or conn.is_http2:
            return b""
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            return b""  # the request's beginning is no longer on the connection
        try:
            return conn.sock.recv(LONGEST, PEEK)
        except OSError:
            return b""

    def _may_keep(self) -> bool:
        has_room = len(self.keepalived_conns) < self.max_keepalived
        return bool(self.alive and self.cfg.keepalive and has_room)

    def _answer(self, data: bytes) -> bytes | None:
        """The lane's answer; None where gunicorn has to go the whole way, faults included."""
        environ = read_sign(data)
        if environ is None:
            return None
        try:
            answered = self._lane.answer(environ)
        except Exception:
            self.log.exception("The sign lane failed; the application answers.")
            return None
        return None if answered is None else _as_response(*answered)


def read_sign(data: bytes) -> Environ | None:
    """The WSGI environment of a sign of presence, as far as the lane reads it.

    None unless the bytes are one whole request to the signs' address, of known length, and nothing
    after it, with every header once: where two programs could read it differently it is not read.
    """
    head, end, body = data.partition(b"\r\n\r\n")
    if not head.startswith(REQUEST_LINE) or not end:
        return None
    lines = head[len(REQUEST_LINE) :] + b"\r\n"
    if not _LINES.fullmatch(lines):
        return None
    found = _LINE.findall(lines)
    environ: Environ = {_key(name): value.decode("ascii").rstrip(" ") for name, value in found}
    if len(environ) != len(found) or not NOT_HERE.isdisjoint(environ):
        return None
    length, connection = environ.get("CONTENT_LENGTH"), environ.get("HTTP_CONNECTION", "keep-alive")
    if length != str(len(body)) or connection.lower() != "keep-alive":
        return None
    return {
        **environ,
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/beats",
        "QUERY_STRING": "",
        "wsgi.input": BytesIO(body),
    }


@lru_cache(maxsize=256)
def _key(name: bytes) -> str:
    """A header's name in a WSGI environment (PEP 3333)."""
    key = name.decode("ascii").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _as_response(headers: list[tuple[str, str]], body: bytes) -> bytes:
    own = [("Server", SERVER), ("Date", http_date()), ("Connection", "keep-alive")]
    lines = "".join(f"{name}: {value}\r\n" for name, value in (*own, *headers))
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode("latin-1") + body


def _send(conn: TConn, length: int, answer: bytes) -> bool:
    """Take the request from the connection and write its answer; False if the client has gone."""
    try:
        conn.init()
        conn.sock.setblocking(True)
        conn.sock.recv(length, socket.MSG_WAITALL)
        conn.sock.sendall(answer)
    except OSError:
        return False
    return True
