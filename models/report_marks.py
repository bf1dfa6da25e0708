"""Triggers that note for the reports what has changed, whoever changes it, on both databases.

Migrations create them together with the guards (`append_only.create_triggers`).
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

TABLE = "report_change"


@dataclass(frozen=True)
class Mark:
    """After an event of a table, notes its rows in `report_change`.

    `sources` are the ends of `SELECT <report>, …`, in the words of SQLite and of PostgreSQL.
    """

    table: str
    event: str
    sources: tuple[tuple[str, str, str], ...]
    columns: str = ""

    @property
    def name(self) -> str:
        return f"mark_{self.table}_{self.event.lower()}"


def _at(report: str, instant: str) -> tuple[str, str, str]:
    told = f"{instant} WHERE {instant} IS NOT NULL"
    return report, told, told


def _on(report: str, day: str) -> tuple[str, str, str]:
    """A day without a time, kept as the first instant of that day in UTC."""
    return report, f"{day} || ' 00:00:00.000000'", f"({day})::timestamp AT TIME ZONE 'UTC'"


def _attempt(row: str) -> tuple[str, str, str]:
    told = f"submitted_at FROM attempt WHERE id = {row}.attempt_id AND submitted_at IS NOT NULL"
    return "post-tests", told, told


def _adjustment(row: str) -> tuple[str, str, str]:
    told = f"completed_at FROM enrollment WHERE id = {row}.enrollment_id"
    told += " AND completed_at IS NOT NULL"
    return "study-time", told, told


def _enrollment(*rows: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        _at(report, f"{row}.{column}")
        for row in rows
        for report, column in (
            ("completions", "enrolled_at"),
            ("completions", "completed_at"),
            ("study-time", "completed_at"),
        )
    )


_COUNTED = "completed_at, enrolled_at, course_id, records_deleted_at"

MARKS = (
    Mark("enrollment", "INSERT", _enrollment("NEW")),
    Mark("enrollment", "UPDATE", _enrollment("OLD", "NEW"), _COUNTED),
    Mark("enrollment", "DELETE", _enrollment("OLD")),
    Mark("time_adjustment", "INSERT", (_adjustment("NEW"),)),
    Mark("time_adjustment", "DELETE", (_adjustment("OLD"),)),
    Mark("study_interval", "DELETE", (_at("long-study", "OLD.started_at"),)),
    Mark("attempt", "UPDATE", (_at("post-tests", "OLD.submitted_at"),
                               _at("post-tests", "NEW.submitted_at")), "submitted_at"),
    Mark("attempt", "DELETE", (_at("post-tests", "OLD.submitted_at"),)),
    Mark("grade", "INSERT", (_attempt("NEW"),)),
    Mark("grade", "DELETE", (_attempt("OLD"),)),
    Mark("reply_promise", "INSERT", (_at("answers", "NEW.due_at"),)),
    Mark("reply_promise", "UPDATE", (_at("answers", "OLD.due_at"), _at("answers", "NEW.due_at"))),
    Mark("reply_promise", "DELETE", (_at("answers", "OLD.due_at"),)),
    Mark("payment", "INSERT", (_on("money", "NEW.moved_on"),)),
    Mark("payment", "DELETE", (_on("money", "OLD.moved_on"),)),
    Mark("evaluation_response", "INSERT", (_on("evaluations", "(NEW.month || '-01')"),)),
    Mark("evaluation_response", "DELETE", (_on("evaluations", "(OLD.month || '-01')"),)),
)  # fmt: skip


def create_marks(connection: Connection, tables: set[str]) -> None:
    """Create the triggers anew, once the table they write to is there."""
    if TABLE not in tables:
        return
    sqlite = connection.dialect.name == "sqlite"
    drop_marks(connection, tables)
    for mark in (mark for mark in MARKS if mark.table in tables):
        for statement in _sqlite_ddl(mark) if sqlite else _postgresql_ddl(mark):
            connection.exec_driver_sql(statement)


def drop_marks(connection: Connection, tables: set[str]) -> None:
    """Drop the triggers of the tables there are."""
    sqlite = connection.dialect.name == "sqlite"
    for mark in (mark for mark in MARKS if mark.table in tables):
        on_table = "" if sqlite else f" ON {mark.table}"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {mark.name}{on_table}"))


def _sqlite_ddl(mark: Mark) -> list[str]:
    notes = " ".join(_note(report, told) for report, told, _ in mark.sources)
    return [f"CREATE TRIGGER {mark.name} AFTER {_event(mark)} ON {mark.table} BEGIN {notes} END"]


def _postgresql_ddl(mark: Mark) -> list[str]:
    notes = " ".join(_note(report, told) for report, _, told in mark.sources)
    return [
        f"CREATE OR REPLACE FUNCTION {mark.name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN {notes} RETURN NULL; END $$",
        f"CREATE TRIGGER {mark.name} AFTER {_event(mark)} ON {mark.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {mark.name}()",
    ]


def _event(mark: Mark) -> str:
    return f"{mark.event} OF {mark.columns}" if mark.columns else mark.event


def _note(report: str, told: str) -> str:
    return f"INSERT INTO {TABLE} (report, at) SELECT '{report}', {told};"
