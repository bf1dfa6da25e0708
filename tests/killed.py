"""A process that saves answers until it is killed: `python -m tests.killed <json>`.

Reads commands from its input: "go <n>" forks a saver that begins with answer n; "sync" says what
has been said. A saver writes "ack <n>" as soon as the product has answered that n is saved. With
"early": true it lies, as a product would that says "saved" before the commit.
"""

import json
import os
import signal
import sys
from pathlib import Path

from app import create_app
from extensions import db
from tests.conftest import test_settings


def main() -> None:
    given = json.loads(sys.argv[1])
    app = create_app(test_settings(Path(given["data"]), given["database_url"]))
    with app.app_context():
        db.engine.dispose()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say("ready")
    for line in sys.stdin:
        command, _, first = line.strip().partition(" ")
        if command == "sync":
            say("synced")
        else:
            pid = os.fork()
            if pid == 0:
                save_for_ever(app, given, int(first))
            say(f"pid {pid}")


def save_for_ever(app, given: dict, number: int) -> None:  # type: ignore[no-untyped-def, type-arg]
    """Send one form after the other, as a browser does."""
    client = app.test_client()
    name, _, value = given["cookie"].partition("=")
    client.set_cookie(name, value)
    while True:
        fields = {
            "csrf_token": given["csrf"],
            "instance": f"{'0' * 16}.0",
            "seq": str(number),
            "answer": f"answer {number}",
        }
        if given["early"]:
            say(f"ack {number}")
        response = client.post(given["path"], data=fields)
        if response.status_code != 303:
            say(f"refused {response.status_code}")
            os._exit(1)
        if not given["early"]:
            say(f"ack {number}")
        number += 1


def say(words: str) -> None:
    """One line at once: a line written before a kill is never cut."""
    os.write(1, (words + "\n").encode())


if __name__ == "__main__":
    main()
