"""Facts are append-only: triggers refuse to change or delete them, on both databases.

Migrations create the triggers (`create_triggers`); a batch migration of a guarded table drops
them and must create them again; the start of the program verifies that all are there.

What has been kept as long as it must is deleted in a transaction that holds a pass
(`may_delete`): the guards against deletion step aside for that transaction alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from models.report_marks import MARKS, create_marks


@dataclass(frozen=True)
class Guard:
    """Refuses one kind of change of one table, where `condition` (about OLD and NEW) holds."""

    table: str
    event: str
    condition: str = ""

    @property
    def name(self) -> str:
        return f"guard_{self.table}_{self.event.lower()}"


def _facts(*tables: str) -> tuple[Guard, ...]:
    return tuple(Guard(table, event) for table in tables for event in ("UPDATE", "DELETE"))


_FIXED_AT_ORDER = " OR ".join(
    f"OLD.{column} <> NEW.{column}"
    for column in (
        "number",
        "person_id",
        "course_id",
        "edition_id",
        "currency",
        "list_cents",
        "discount_cents",
        "tax_cents",
        "total_cents",
        "facts",
    )
)
"""An order's price and what its invoice says never change after it was placed."""

GUARDS = (
    *_facts(
        "access_extension",
        "agency_seat_event",
        "approval_change",
        "audit_break",
        "attempt_grant",
        "audit_event",
        "audit_seal",
        "audit_segment",
        "certificate",
        "certificate_document",
        "certificate_event",
        "credit_worksheet",
        "edition_file",
        "edition_revision",
        "evaluation_submission",
        "grade",
        "item_completion",
        "late_answer",
        "order_document",
        "order_event",
        "payment",
        "provider_image",
        "question",
        "time_adjustment",
        "question_ruling",
        "revision_file",
    ),
    Guard("course_order", "DELETE"),
    Guard("course_order", "UPDATE", _FIXED_AT_ORDER),
    Guard("edition", "UPDATE"),
    Guard("study_interval", "UPDATE", "OLD.closed_at IS NOT NULL"),
    Guard("study_interval", "DELETE"),
    Guard("answer", "DELETE"),
    Guard("attempt", "UPDATE", "OLD.submitted_at IS NOT NULL"),
    Guard("attempt", "DELETE"),
    Guard("enrollment", "DELETE"),
    Guard("board_roster", "DELETE"),
    Guard("board_roster_entry", "DELETE"),
)


def create_triggers(connection: Connection) -> None:
    """Create the guards and marks of every table there is anew, dropping those of their names."""
    tables = set(inspect(connection).get_table_names())
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text(_POSTGRESQL_FUNCTION))
    for guard in (guard for guard in GUARDS if guard.table in tables):
        _drop(connection, guard, sqlite)
        connection.execute(text(_sqlite_ddl(guard) if sqlite else _postgresql_ddl(guard)))
    create_marks(connection, tables)


@contextmanager
def may_delete(session: Session, reason: str) -> Iterator[None]:
    """Let the block delete guarded rows; the pass is gone before anybody else could see it."""
    session.execute(text("INSERT INTO retention_pass (reason) VALUES (:r)"), {"r": reason[:200]})
    yield
    session.flush()
    session.execute(text("DELETE FROM retention_pass"))


def list_missing_triggers(connection: Connection) -> list[str]:
    """Names of guards and marks that the database lacks, in their order."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    present = set(connection.execute(text(query)).scalars())
    names = [guard.name for guard in GUARDS] + [mark.name for mark in MARKS]
    return [name for name in names if name not in present]


def _drop(connection: Connection, guard: Guard, sqlite: bool) -> None:
    on_table = "" if sqlite else f" ON {guard.table}"
    connection.execute(text(f"DROP TRIGGER IF EXISTS {guard.name}{on_table}"))


def _sqlite_ddl(guard: Guard) -> str:
    conditions = [f"({guard.condition})"] if guard.condition else []
    if guard.event == "DELETE":
        conditions.append("NOT EXISTS (SELECT 1 FROM retention_pass)")
    when = f"WHEN {' AND '.join(conditions)} " if conditions else ""
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{guard.table} is append-only'); END"
    )


def _postgresql_ddl(guard: Guard) -> str:
    when = f"WHEN ({guard.condition}) " if guard.condition else ""
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()"
    )


_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM retention_pass) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""
