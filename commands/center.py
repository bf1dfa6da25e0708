"""`flask center`: prepare an installation; run it, web server and worker supervised together."""

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

import clock
from commands import demonstration
from commands.lifeline import end_with_parent
from config import PROJECT, Settings
from extensions import db
from services import installation, readiness

LOG = logging.getLogger("contact_hour.center")
LONGEST_BACKOFF_S = 30.0
GRACE_S = 15.0
WORKER_CLASS = "commands.web_worker.WebWorker"
KEEP_ALIVE_S = 125
"""Longer than proxies do (nginx 60, Caddy 120), so that what they send on is not just closed."""
center = click.Group("center", help="Prepare and run the learning center.")


@center.command("prepare")
@click.option("--demonstration", "with_demonstration", is_flag=True, help="Add demo accounts.")
@with_appcontext
def prepare(with_demonstration: bool) -> None:
    """Bring the database and what ships with the product up to date. Safe to run again."""
    settings: Settings = current_app.config["SETTINGS"]
    upgrade(directory=str(PROJECT / "migrations"))
    for line in installation.install_content(settings.content, settings.media_folder, clock.now()):
        click.echo(line)
    db.session.commit()
    if with_demonstration:
        demonstration.ensure_accounts(clock.now())
        db.session.commit()
        click.echo(demonstration.in_words(settings.base_url))


@center.command("run")
@click.option("--processes", default=os.cpu_count() or 2, show_default=True)
@with_appcontext
def run(processes: int) -> None:
    """Run the web server and one worker until stopped; start again whichever dies."""
    settings: Settings = current_app.config["SETTINGS"]
    if readiness.check()["migrations"] != readiness.OK:
        raise click.ClickException(
            "The database is not migrated to this version. Run `flask center prepare` first."
        )
    db.engine.dispose()
    sys.exit(supervise([_web(settings, processes), _worker()]))


@dataclass
class Child:
    """A supervised process."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_s: float = 0.0
    backoff_s: float = field(default=0.5)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command, cwd=PROJECT, preexec_fn=end_with_parent()
        )
        self.started_s = time.monotonic()

    def has_died(self) -> bool:
        return self.process is None or self.process.poll() is not None


def supervise(children: list[Child]) -> int:
    """Keep every child running until SIGTERM or SIGINT; returns the exit status."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    for child in children:
        child.start()
    while not stopping:
        time.sleep(0.2)
        for child in children:
            if child.has_died() and not stopping:
                _start_again(child)
    _stop(children)
    return 0


def _start_again(child: Child) -> None:
    lived_s = time.monotonic() - child.started_s
    child.backoff_s = 0.5 if lived_s > LONGEST_BACKOFF_S else child.backoff_s
    if lived_s < child.backoff_s:
        return
    LOG.error("%s ended; starting it again", child.name)
    child.backoff_s = min(child.backoff_s * 2, LONGEST_BACKOFF_S)
    child.start()


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + GRACE_S
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()


def _web(settings: Settings, processes: int) -> Child:
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    options = [
        *("--worker-class", WORKER_CLASS),
        *("--workers", str(processes)),
        *("--threads", "8"),
        *("--bind", f"127.0.0.1:{settings.port}"),
        *("--keep-alive", str(KEEP_ALIVE_S)),
        *("--max-requests", "200000"),
        *("--max-requests-jitter", "20000"),
        "--no-control-socket",
        *("--log-level", "warning"),
    ]
    return Child("the web server", [gunicorn, *options, "app:create_app()"])


def _worker() -> Child:
    flask = str(Path(sys.executable).with_name("flask"))
    return Child("the worker", ["nice", "-n", "10", flask, "worker"])
