"""A child process that ends with its parent, also when the parent is killed (Linux)."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def end_with_parent() -> Callable[[], None] | None:
    """For `Popen(preexec_fn=…)`: the kernel sends the child SIGTERM when its parent is gone.

    SIGKILL gives a supervisor no moment to stop what it started; without this, web server and
    worker would run on, unsupervised, and hold the port. The parent has to start the child from
    the thread that lives as long as it does. None where the system has no such thing.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return tie
