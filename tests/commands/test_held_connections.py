"""Connections are kept for minutes, so no process may end up with nearly all of them."""

from collections import Counter
from collections.abc import Iterator
from statistics import median

import pytest

from commands.held_connections import HEARD_S, HeldConnections
from tests.bench.server import Server, serve
from tests.commands.telling_app import PROCESS
from tests.kept_connection import PAGE, KeptConnection

BURSTS = 25
AT_ONCE = 24


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve("tests.commands.telling_app:app", {}, processes=2) as found:
        yield found


def test_connections_opened_at_once_are_spread_over_the_processes(server: Server) -> None:
    """By chance alone, half of such bursts leave a process with three or fewer of them."""
    assert median(_fewest(server) for _ in range(BURSTS)) >= AT_ONCE // 4


def test_who_holds_more_than_another_steps_back() -> None:
    held = HeldConnections()
    held.tell(1, 3, 100.0)
    held.tell(2, 2, 100.0)
    assert held.has_fewer_elsewhere(1, 100.5)
    assert not held.has_fewer_elsewhere(2, 100.5)
    held.tell(2, 3, 100.5)
    assert not held.has_fewer_elsewhere(1, 100.5)


def test_who_has_not_been_heard_of_is_not_waited_for() -> None:
    held = HeldConnections()
    held.tell(1, 3, 100.0)
    assert not held.has_fewer_elsewhere(1, 100.0), "there is nobody else"
    held.tell(2, 0, 100.0)
    assert held.has_fewer_elsewhere(1, 100.0 + HEARD_S / 2)
    assert not held.has_fewer_elsewhere(1, 100.0 + HEARD_S)


def _fewest(server: Server) -> int:
    """How many of a burst of connections the process has that got fewer."""
    connections = [KeptConnection(server.port) for _ in range(AT_ONCE)]
    for connection in connections:
        connection.send(PAGE)
    told = Counter(connection.receive()[1][PROCESS] for connection in connections)
    for connection in connections:
        connection.close()
    return min(told[str(process)] for process in server.workers())
