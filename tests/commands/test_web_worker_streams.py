"""Any stream of requests is read by the product's worker as gunicorn alone reads it.

Requests come one by one, one behind the other, in pieces of any size, and so that what gunicorn
reads at once ends where a sign begins, which then stands in another request's body.
"""

from collections.abc import Iterator
from random import Random

import pytest

from tests.bench.server import serve
from tests.commands.telling_app import LEFT_ALONE, SHORT_WAY
from tests.effort import examples
from tests.kept_connection import PAGE, READ_AT_ONCE, KeptConnection, hide, post

Told = tuple[int, bytes]


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """Of a server with the product's worker, and of one with gunicorn's own."""
    target = "tests.commands.telling_app:app"
    with (
        serve(target, {}, 1) as ours,
        serve(target, {}, 1, worker="gthread") as plain,
    ):
        yield ours.port, plain.port


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
        return [hide(_make_sign(chance))], 2, False
    data, pieces = b"".join(requests), []
    while data:
        size = chance.choice([1, 50, 500, 4096, READ_AT_ONCE, 20_000])
        pieces.append(data[:size])
        data = data[size:]
    return pieces, len(requests), False


def _make_request(chance: Random) -> bytes:
    body = chance.randbytes(chance.choice([0, 3, 400, 9000])).hex()
    return chance.choice(
        [
            _make_sign(chance),
            _make_sign(chance),
            post("/beats", "s=1", body, "X_Odd: 1"),
            post("/elsewhere", "s=1", _make_sign(chance).decode()),
            b"POST /beats HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(body) + 1, body.encode() + b"."),
            PAGE.replace(b"/ ", b"/beats ", 1),
        ]
    )


def _make_sign(chance: Random) -> bytes:
    body = f"seq={chance.randrange(9999)}&token=" + "t" * chance.choice([1, 40, 7000])
    more = chance.choice(["X: y", "Connection: keep-alive", "Cookie: s=9"])
    cookie = f"s={chance.randrange(9)}"
    return post("/beats", cookie, body + chance.choice(["", "", LEFT_ALONE.decode()]), more)
