"""`flask retention`: delete what has been kept as long as it must."""

import click

import clock
from commands.on_database import on_database
from services import retention as rules
from services.retention import Due

retention = click.Group("retention", help="Delete what has been kept long enough.")


@retention.command("sweep")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@on_database
def sweep(dry_run: bool) -> None:
    """Delete the records of long completed enrollments, old events of the log, sent mail.

    Certificates stay. Safe to stop and begin again.
    """
    now = clock.now()
    if dry_run:
        click.echo(_in_words(rules.count_due(now), "Would delete"))
        return
    due = rules.count_due(now)
    with click.progressbar(length=max(due.enrollments, 1), label="Enrollments") as bar:
        done = rules.sweep(now, lambda count: bar.update(count - bar.pos))
    click.echo(_in_words(done, "Deleted"))


def _in_words(due: Due, verb: str) -> str:
    return (
        f"{verb}: the time records, attempts and messages of {due.enrollments} enrollments"
        f" completed or given up more than {due.years} years ago; {due.events} events of the"
        f" audit log; {due.mails} mails sent long ago; {due.reports} reports of problems and"
        f" grievances last dealt with as long ago."
    )
