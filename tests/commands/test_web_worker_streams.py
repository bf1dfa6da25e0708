"""Any stream of requests is read by the product's worker as gunicorn alone reads it.

Requests come one by one, one behind the other, in pieces of any size, and so that what gunicorn
reads at once ends where a sign begins, which then stands in another request's body.
"""

from collections.abc import Iterator
from random import Random

import pytest

from tests.bench.ports import free_port
from tests.bench.server import serve
from tests.commands.telling_app import LEFT_ALONE, SHORT_WAY
from tests.effort import examples
from tests.kept_connection import KeptConnection

READ_AT_ONCE = 8192
"""By gunicorn, from a connection."""
Told = tuple[int, bytes]


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """Of a server with the product's worker, and of one with gunicorn's own."""
    target = "tests.commands.telling_app:app"
    with (
        serve(target, free_port(), {}, 1) as ours,
        serve(target, free_port(), {}, 1, worker="gthread") as plain,
    ):
        yield _port(ours.url), _port(plain.url)


def test_any_stream_is_read_as_gunicorn_reads_it(ports: tuple[int, int]) -> None:
    chance, short = Random(11), 0
    for _ in range(examples(quick=150, full=5000)):
        stream = _make_stream(chance)
        (ours, ways), (plain, _) = (_talk(port, *stream) for port in ports)
        assert ours == plain, stream
        short += ways
    assert short, "no sign went the short way"


def _talk(port: int, pieces: list[bytes], answers: int, by_turns: bool) -> tuple[list[Told], int]:
    """What each request was understood as, and how many went the short way."""
    connection = KeptConnection(port)
    told = []
    try:
        for piece in pieces:
            connection.send(piece)
            if by_turns:
                told.append(connection.receive())
        while len(told) < answers:
            told.append(connection.receive())
    finally:
        connection.close()
    short = sum(SHORT_WAY in headers for _, headers, _ in told)
    return [(status, body) for status, _, body in told], short


def _make_stream(chance: Random) -> tuple[list[bytes], int, bool]:
    """Pieces to send, how many answers they ask for, whether each is waited for."""
    requests = [_make_request(chance) for _ in range(chance.randint(1, 5))]
    kind = chance.choice(["by turns", "pieces", "hidden"])
    if kind == "by turns":
        return requests, len(requests), True
    if kind == "hidden":
        return [_hide_a_sign(chance)], 2, False
    data, pieces = b"".join(requests), []
    while data:
        size = chance.choice([1, 50, 500, 4096, READ_AT_ONCE, 20_000])
        pieces.append(data[:size])
        data = data[size:]
    return pieces, len(requests), False


def _make_request(chance: Random) -> bytes:
    body = chance.randbytes(chance.choice([0, 3, 400, 9000])).hex().encode()
    return chance.choice(
        [
            _make_sign(chance),
            _make_sign(chance),
            _post(b"/beats", body, b"X_Odd: 1"),
            _post(b"/elsewhere", _make_sign(chance)),
            b"POST /beats HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(body) + 1, body + b"."),
            b"GET /beats HTTP/1.1\r\nHost: a\r\n\r\n",
        ]
    )


def _make_sign(chance: Random) -> bytes:
    body = b"seq=%d&token=" % chance.randrange(9999) + b"t" * chance.choice([1, 40, 7000])
    more = chance.choice(
        [b"X: y", b"Connection: keep-alive", b"Cookie: s=%d" % chance.randrange(9)]
    )
    return _post(b"/beats", body + chance.choice([b"", b"", LEFT_ALONE]), more)


def _hide_a_sign(chance: Random) -> bytes:
    """A page, and a request whose body ends in a sign that alone is left after the first read."""
    page, sign = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", _make_sign(chance)
    head = b"POST /elsewhere HTTP/1.1\r\nHost: a\r\nContent-Length: %05d\r\n\r\n"
    filler = b"x" * (READ_AT_ONCE - len(page) - len(head % 0))
    return page + head % (len(filler) + len(sign)) + filler + sign


def _post(path: bytes, body: bytes, more: bytes = b"X: z") -> bytes:
    return b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%b\r\n\r\n%b" % (
        path,
        len(body),
        more,
        body,
    )


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])
