"""A connection that is kept, and the bytes that a browser or a proxy sends on it."""

import http.client
import socket

FORM = "application/x-www-form-urlencoded"
READ_AT_ONCE = 8192
"""By gunicorn, from a connection."""
PAGE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class KeptConnection:
    """One connection to a server on this machine. Opened at once; raises OSError."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer: status, headers and body. Raises OSError where it breaks off."""
        line = self._answers.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the server closed the connection")
        headers = http.client.parse_headers(self._answers)
        length = int(headers.get("Content-Length", "0"))
        body = self._answers.read(length)
        if len(body) < length or "Date" not in headers:
            raise ConnectionError("the answer broke off")
        return int(line.split()[1]), dict(headers.items()), body

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


def post(path: str, cookie: str, body: str, *more: str) -> bytes:
    """A form as one piece; `more` are further headers as they stand in a request."""
    data = body.encode()
    own = (f"Cookie: {cookie}", f"Content-Type: {FORM}", f"Content-Length: {len(data)}")
    head = "\r\n".join((f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *own, *more))
    return head.encode("latin-1") + b"\r\n\r\n" + data


def hide(request: bytes) -> bytes:
    """A page, and a request whose body ends in this one, which alone is left after the first read.

    The whole asks for two answers.
    """
    head = b"POST /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %05d\r\n\r\n"
    filler = b"x" * (READ_AT_ONCE - len(PAGE) - len(head % 0))
    return PAGE + head % (len(filler) + len(request)) + filler + request
