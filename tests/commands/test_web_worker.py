"""The web server's worker: a sign of presence the short way, and everything else as by gunicorn."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from commands.web_worker import WebWorker, read_sign
from tests.bench.cast import prepare
from tests.bench.server import serve
from tests.kept_connection import FORM, PAGE, READ_AT_ONCE, KeptConnection, hide, post

Answer = tuple[int, dict[str, str], bytes]
WHOLE_WAY = "X-Whole-Way"
"""Said by `served_app`, which is the product itself and not imported here."""
OF_ONE_ANSWER = {"Date", "X-Request-Id", "Content-Length", WHOLE_WAY}
LONGEST_WAIT_S = 30
A_SECOND_S = 1.1 / 20
"""On the server's clock."""
SIGN = post("/beats", "session=abc", "seq=1&token=t&csrf_token=c", "Origin: http://127.0.0.1")


@dataclass
class Learner:
    """One learner's browser and what it sends: signs, each with the next number."""

    connection: KeptConnection
    path: str
    cookie: str
    body: str
    seq: int = 0

    def sign(self, *more: str) -> bytes:
        self.seq += 1
        return post(self.path, self.cookie, self.body.replace("%d", str(self.seq)), *more)

    def pass_a_second(self) -> None:
        """Look at pages until the next sign is not too early."""
        until = time.monotonic() + A_SECOND_S
        while time.monotonic() < until:
            self.connection.send(PAGE)
            self.connection.receive()

    def ask(self, data: Callable[[], bytes]) -> Answer:
        """The answer, once a second has passed on the server's clock since the last sign."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() < deadline:
            self.connection.send(data())
            answer = self.connection.receive()
            if answer[0] != 429:
                return answer
        raise AssertionError("it was always too early")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Any]]:
    """The port of a server of one process, and the learners it knows."""
    folder = tmp_path_factory.mktemp("served")
    cast = prepare(folder, 8)
    environ = {"CONTACT_HOUR_DATA": str(folder), "CONTACT_HOUR_TEST_BEGAN": str(time.time())}
    with serve("tests.commands.served_app:app", environ, processes=1) as server:
        yield server.port, iter(cast.beats())


@pytest.fixture
def learner(place: tuple[int, Any]) -> Iterator[Learner]:
    """Somebody whose page has been heard of once, and who has a connection."""
    port, requests = place
    path, cookie, body = next(requests)
    found = Learner(KeptConnection(port), path, cookie, body)
    assert found.ask(found.sign)[0] == 200
    yield found
    found.connection.close()


def test_a_sign_goes_the_short_way_and_is_answered_alike(learner: Learner) -> None:
    short = learner.ask(learner.sign)
    while WHOLE_WAY in short[1] and _seconds(short[2]) < LONGEST_WAIT_S:
        short = learner.ask(learner.sign)  # the first ones, within a second
    whole = learner.ask(lambda: learner.sign("X_Odd: 1"))
    assert WHOLE_WAY not in short[1]
    assert whole[1][WHOLE_WAY] == "yes"
    assert short[0] == whole[0] == 200
    assert _lasting(short[1]) == _lasting(whole[1])
    assert _seconds(whole[2]) > _seconds(short[2]) > 0
    assert _without_times(short[2]) == _without_times(whole[2])


def test_what_the_lane_refuses_is_told_by_the_application(learner: Learner) -> None:
    learner.body = learner.body.replace("csrf_token=", "csrf_token=x")
    status, headers, _ = learner.ask(learner.sign)
    assert status in (400, 401, 403)
    assert headers[WHOLE_WAY] == "yes"


def test_a_sign_in_two_pieces_is_read_whole(learner: Learner) -> None:
    data = learner.sign()
    learner.connection.send(data[:-5])
    learner.connection.send(data[-5:])
    assert learner.connection.receive()[0] in (200, 429)
    assert learner.ask(learner.sign)[0] == 200


def test_requests_one_behind_the_other_are_all_answered(learner: Learner) -> None:
    learner.connection.send(learner.sign() + PAGE + PAGE[:9])
    assert learner.connection.receive()[0] in (200, 429)
    assert learner.connection.receive()[0] == 200
    learner.connection.send(PAGE[9:] + learner.sign())
    assert learner.connection.receive()[0] == 200
    assert learner.connection.receive()[0] in (200, 429)
    assert learner.ask(learner.sign)[0] == 200


def test_a_sign_in_the_body_of_another_request_is_no_sign(learner: Learner) -> None:
    """What alone is left on the connection is the rest of a request whose beginning was read."""
    learner.pass_a_second()
    hidden = learner.sign()
    data = hide(hidden)
    assert data.index(hidden) == READ_AT_ONCE
    learner.connection.send(data)
    assert learner.connection.receive()[0] == 200
    assert learner.connection.receive()[0] in (400, 401, 403, 404)
    learner.connection.send(PAGE)
    assert learner.connection.receive()[0] == 200
    assert learner.ask(learner.sign)[0] == 200


def test_a_sign_that_closes_its_connection_is_answered_and_the_connection_closed(
    learner: Learner,
) -> None:
    learner.connection.send(learner.sign("Connection: close"))
    status, headers, _ = learner.connection.receive()
    assert status in (200, 429)
    assert headers["Connection"] == "close"


def test_a_fault_in_the_lane_is_logged_and_left_to_the_application(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Faulty:
        def answer(self, environ: dict[str, Any]) -> None:
            raise RuntimeError("broken")

    worker = object.__new__(WebWorker)
    worker._lane, worker.log = Faulty(), logging.getLogger("gunicorn.test")
    assert worker._answer(SIGN) is None
    assert "broken" in caplog.text


def test_a_whole_sign_is_read_as_gunicorn_reads_it() -> None:
    environ = read_sign(SIGN)
    assert environ is not None
    assert environ.pop("wsgi.input").read() == b"seq=1&token=t&csrf_token=c"
    assert environ == {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/beats",
        "QUERY_STRING": "",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": "26",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": "session=abc",
        "HTTP_ORIGIN": "http://127.0.0.1",
    }


@pytest.mark.parametrize(
    ("why", "data"),
    [
        ("another address", SIGN.replace(b"/beats", b"/beatsx", 1)),
        ("a query", SIGN.replace(b"/beats", b"/beats?a=1", 1)),
        ("another method", SIGN.replace(b"POST", b"PUT", 1)),
        ("another version", SIGN.replace(b"HTTP/1.1", b"HTTP/1.0", 1)),
        ("not all of it is there", SIGN[:-1]),
        ("no end of the headers", SIGN.partition(b"\r\n\r\n")[0]),
        ("something comes after it", SIGN + b"GET / HTTP/1.1\r\n"),
        ("no length", SIGN.replace(b"Content-Length: 26\r\n", b"")),
        ("two lengths", SIGN.replace(b"Origin:", b"Content-Length: 26\r\nOrigin:")),
        ("a length with a sign", SIGN.replace(b"Length: 26", b"Length: +26")),
        ("a length with a zero", SIGN.replace(b"Length: 26", b"Length: 026")),
        ("chunks", SIGN.replace(b"Origin:", b"Transfer-Encoding: chunked\r\nOrigin:")),
        ("two cookies", SIGN.replace(b"Origin:", b"cookie: session=other\r\nOrigin:")),
        ("an underscore", SIGN.replace(b"Origin:", b"Content_Length: 3\r\nOrigin:")),
        ("a space before the colon", SIGN.replace(b"Origin:", b"Origin :")),
        ("a folded line", SIGN.replace(b"Origin:", b"X: a\r\n b\r\nOrigin:")),
        ("a bare newline", SIGN.replace(b"Origin:", b"X: a\nCookie: b\r\nOrigin:")),
        ("a NUL", SIGN.replace(b"Origin:", b"X: \0\r\nOrigin:")),
        ("a letter past ASCII", SIGN.replace(b"Origin:", b"X: \xe9\r\nOrigin:")),
        ("to be closed", SIGN.replace(b"Origin:", b"Connection: close\r\nOrigin:")),
        ("to be upgraded", SIGN.replace(b"Origin:", b"Upgrade: h2c\r\nOrigin:")),
        ("waits to be asked on", SIGN.replace(b"Origin:", b"Expect: 100-continue\r\nOrigin:")),
        ("nothing", b""),
    ],
)
def test_what_could_be_read_in_two_ways_is_left_to_gunicorn(why: str, data: bytes) -> None:
    assert data != SIGN, why
    assert read_sign(data) is None, why


def _lasting(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in OF_ONE_ANSWER}


def _seconds(body: bytes) -> int:
    minutes, seconds = re.search(rb"This item: (\d+) min (\d+) s", body).groups()  # type: ignore[union-attr]
    return int(minutes) * 60 + int(seconds)


def _without_times(body: bytes) -> str:
    return re.sub(r'width="[0-9.]+"|\d+ min \d+ s', "", body.decode())
