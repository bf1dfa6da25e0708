"""`flask audit`: verify the audit log, note its head elsewhere."""

from pathlib import Path

import click
from flask import current_app

import clock
from commands.on_database import on_database
from config import Settings
from extensions import db
from services import audit_chain

audit = click.Group("audit", help="The audit log and the chain that seals it.")


@audit.command("verify")
@click.option(
    "--anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of heads noted elsewhere; default: AUDIT_ANCHOR_FILE.",
)
@on_database
def verify(anchors: Path | None) -> None:
    """Find edits, deletions and reorderings, and a log that was cut off. Exit 1 on a fault."""
    settings: Settings = current_app.config["SETTINGS"]
    path = anchors or settings.audit_anchor_file
    text = path.read_text() if path is not None and path.exists() else ""
    try:
        report = audit_chain.verify(audit_chain.parse_anchors(text))
    except ValueError as error:
        raise click.ClickException(f"{path} is no list of anchors: {error}") from error
    unsealed = audit_chain.count_unsealed()
    click.echo(f"{report.sealed} events sealed, {unsealed} not sealed yet")
    click.echo(f"{report.removed} removed when their time of keeping was over")
    click.echo(f"{report.anchors} heads noted elsewhere compared")
    if report.acknowledged:
        click.echo(f"{report.acknowledged} of them cut off by a backup restored on purpose")
    for fault in report.faults:
        click.echo(f"FAULT: {fault}", err=True)
    if report.faults:
        raise SystemExit(1)
    click.echo("The audit log is whole.")


@audit.command("seal")
@on_database
def seal() -> None:
    """Seal what is not sealed yet, as the worker does every half minute."""
    click.echo(f"{audit_chain.seal_everything(clock.now())} events sealed")


@audit.command("head")
@on_database
def head() -> None:
    """Print the head of the chain: one line to keep on another machine."""
    click.echo(audit_chain.anchor_line(audit_chain.get_head(clock.now())))
    db.session.rollback()
