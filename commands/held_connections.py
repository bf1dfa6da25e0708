"""How many connections each process of the web server holds, known to all of them.

Connections are kept for minutes. Left to chance, those that a proxy opens at once often all end up
in one process, and the other cores have nothing to do (docs/decisions/0018).
"""

import mmap

LINES = 64
"""More than there are processes at a time. Which is whose goes by the number gunicorn gives it."""
HEARD_S = 3.0
"""gunicorn's processes say every second that they are alive."""


class HeldConnections:
    """A line for each process, in memory that processes share which parted after it was made."""

    def __init__(self) -> None:
        self._held = memoryview(mmap.mmap(-1, 8 * LINES)).cast("q")
        self._heard_s = memoryview(mmap.mmap(-1, 8 * LINES)).cast("d")

    def tell(self, process: int, held: int, now_s: float) -> None:
        """This process is alive and holds so many. `now_s` is of a clock that only goes forward."""
        self._held[process % LINES] = held
        self._heard_s[process % LINES] = now_s

    def has_fewer_elsewhere(self, process: int, now_s: float) -> bool:
        """Whether a process heard of within `HEARD_S` seconds holds fewer than this one."""
        own = self._held[process % LINES]
        lines = zip(self._held, self._heard_s, strict=True)
        return any(held < own and heard_s > now_s - HEARD_S for held, heard_s in lines)
