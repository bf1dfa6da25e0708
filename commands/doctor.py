"""`flask doctor`: what an operator should know before a learner does."""

import click
from flask import current_app
from flask.cli import with_appcontext

import clock
from services import checkup

MARKS = {checkup.OK: "ok     ", checkup.WARNING: "look   ", checkup.FAULT: "WRONG  "}


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look at database, worker, mail, clock, fonts, backups, orders, disk, media, audit log.

    Exit 1 if anything is wrong. Writes nothing; safe while the center runs.
    """
    wrong = 0
    for finding in checkup.examine(current_app.config["SETTINGS"], clock.now()):
        click.echo(f"{MARKS[finding.state]}{finding.name}: {finding.words}")
        wrong += finding.state == checkup.FAULT
    if wrong:
        raise SystemExit(1)
