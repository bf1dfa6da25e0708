"""A look at everything an operator should know of before a learner does: `flask doctor`.

Each check answers with one finding: in order, worth a look, or wrong. None of them writes.
"""

import shutil
import smtplib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from config import Settings
from domain import orders
from extensions import db
from models import AuditEvent, EditionFile, Enrollment, Job, Order, Person, StudyInterval
from models.safety import UnsafeDatabase, refuse_unsafe
from models.schema_version import is_at_head
from services import audit_chain, mail, printed_names
from services.media_store import media_path

OK, WARNING, FAULT = "ok", "warning", "fault"
LONGEST_WAIT = timedelta(minutes=10)
LARGEST_CLOCK_ERROR = timedelta(seconds=5)
OLDEST_BACKUP = timedelta(hours=26)
LEAST_FREE = 0.10
LEAST_FREE_BYTES = 1 << 30
NAMES_READ = 2000
NAMES_TOLD = 3


@dataclass(frozen=True)
class Finding:
    """What one check found: `state` is OK, WARNING or FAULT; `words` say what, and what to do."""

    name: str
    state: str
    words: str


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Every check in turn. After a fault of the database nothing more can be asked of it."""
    database = _database()
    yield database
    if database.state != FAULT:
        for check in CHECKS:
            yield check(settings, now)
            db.session.rollback()


def _database() -> Finding:
    """Does it answer, is it migrated, is it durable, do its guards stand."""
    try:
        connection = db.session.connection()
        if not is_at_head(connection):
            return Finding("Database", FAULT, "Migrations are pending: flask center prepare.")
        refuse_unsafe(connection)
    except UnsafeDatabase as unsafe:
        return Finding("Database", FAULT, str(unsafe))
    except Exception as error:
        return Finding("Database", FAULT, f"It does not answer: {type(error).__name__}.")
    finally:
        db.session.rollback()
    return Finding("Database", OK, "Answers, is migrated, loses nothing, guards its facts.")


def _worker(_: Settings, now: datetime) -> Finding:
    late = _count_jobs(Job.state == "queued", Job.run_at < now - LONGEST_WAIT)
    if late:
        return Finding("Worker", FAULT, f"{late} jobs are late: the worker does not run.")
    return Finding("Worker", OK, "No job waits longer than it should.")


def _mail(settings: Settings, _: datetime) -> Finding:
    failed = _count_jobs(Job.state == "failed", Job.kind == "mail")
    if settings.smtp_url is None:
        state = WARNING if settings.production else OK
        return Finding(
            "Mail", state, f"No SMTP server is set: mail is written to {settings.mail_folder}."
        )
    try:
        with mail.connect(settings.smtp_url) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("Mail", FAULT, f"The SMTP server refuses us: {error}")
    if failed:
        return Finding("Mail", WARNING, f"The server answers; {failed} mails were given up.")
    return Finding("Mail", OK, "The SMTP server answers and lets us in.")


def _clock(_: Settings, now: datetime) -> Finding:
    """Compared with the database's clock, and with what was written before."""
    if db.engine.dialect.name == "postgresql":
        there = db.session.scalar(text("SELECT clock_timestamp()"))
        if there is not None and abs(there - now) > LARGEST_CLOCK_ERROR:
            return Finding("Clock", FAULT, f"The database's clock says {there.isoformat()}.")
    latest = max(
        filter(
            None,
            (
                db.session.scalar(select(func.max(AuditEvent.happened_at))),
                db.session.scalar(select(func.max(StudyInterval.ended_at))),
            ),
        ),
        default=None,
    )
    if latest is not None and latest > now + LARGEST_CLOCK_ERROR:
        words = f"Something was written at {latest.isoformat()}, which is still to come."
        return Finding("Clock", FAULT, f"{words} Set the clock right; time is recorded by it.")
    return Finding("Clock", OK, f"It is {now.isoformat(timespec='seconds')}.")


def _fonts(_: Settings, __: datetime) -> Finding:
    """Real names, drawn with the fonts of the certificates: the newest that are not ASCII."""
    names = db.session.scalars(
        select(Person.name_on_license).order_by(Person.id.desc()).limit(NAMES_READ)
    )
    found = {name: printed_names.find_missing(name) for name in names if not name.isascii()}
    poor = [f"“{missing}”" for missing in found.values() if missing]
    if poor:
        told = ", ".join(poor[:NAMES_TOLD])
        words = f"{len(poor)} names have letters that no font holds: {told}."
        return Finding("Fonts", WARNING, f"{words} Install fonts-noto-core and fonts-noto-cjk.")
    missing = printed_names.find_missing("Nguyễn Ольга 王小明 محمد नरेंद्र")
    if missing:
        return Finding("Fonts", FAULT, f"Fonts are missing: they do not hold {missing}.")
    return Finding(
        "Fonts", OK, f"Every letter of {len(found)} names that need more than ASCII is there."
    )


def _backups(settings: Settings, now: datetime) -> Finding:
    files = sorted(settings.backup_folder.glob("*.tar"), key=lambda path: path.stat().st_mtime)
    if not files:
        state = WARNING if settings.production else OK
        words = f"None in {settings.backup_folder}. Run flask backup each night."
        return Finding("Backups", state, words)
    age = timedelta(seconds=now.timestamp() - files[-1].stat().st_mtime)
    hours = int(age.total_seconds() // 3600)
    if age > OLDEST_BACKUP:
        return Finding("Backups", FAULT, f"The latest, {files[-1].name}, is {hours} hours old.")
    return Finding("Backups", OK, f"The latest, {files[-1].name}, is {hours} hours old.")


def _orders(_: Settings, __: datetime) -> Finding:
    """Paid for and not enrolled: what a learner would write about first."""
    numbers = db.session.scalars(
        select(Order.number)
        .outerjoin(Enrollment, Enrollment.id == Order.enrollment_id)
        .where(Order.state == orders.PAID, Enrollment.id.is_(None))
        .limit(20)
    ).all()
    if numbers:
        listed = ", ".join(str(number) for number in numbers)
        return Finding("Orders", FAULT, f"Paid but not enrolled: {listed}.")
    return Finding("Orders", OK, "Every order that is paid has its enrollment.")


def _disk(settings: Settings, _: datetime) -> Finding:
    usage = shutil.disk_usage(settings.data)
    words = f"{usage.free / (1 << 30):.1f} GiB free of {usage.total / (1 << 30):.1f} GiB."
    if usage.free < LEAST_FREE_BYTES:
        return Finding("Disk", FAULT, words)
    return Finding("Disk", WARNING if usage.free < usage.total * LEAST_FREE else OK, words)


def _media(settings: Settings, _: datetime) -> Finding:
    """Every file of every edition is there, in its full size."""
    rows = db.session.execute(
        select(EditionFile.sha256, EditionFile.size_bytes).where(EditionFile.text.is_(None))
    )
    missing = [sha for sha, size in set(rows.all()) if not _is_whole(settings, sha, size)]
    if missing:
        return Finding("Media", FAULT, f"{len(missing)} files of courses are missing or cut off.")
    return Finding("Media", OK, "Every file of every edition is there.")


def _audit_log(settings: Settings, _: datetime) -> Finding:
    began = time.monotonic()
    anchors = []
    file = settings.audit_anchor_file
    if file is not None and file.exists():
        anchors = audit_chain.parse_anchors(file.read_text())
    report = audit_chain.verify(anchors)
    if report.faults:
        return Finding("Audit log", FAULT, f"{report.faults[0]}. See flask audit verify.")
    words = f"{report.sealed} events verified in {time.monotonic() - began:.1f} s"
    if file is None:
        state = WARNING if settings.production else OK
        return Finding("Audit log", state, f"{words}; AUDIT_ANCHOR_FILE is not set.")
    return Finding("Audit log", OK, f"{words}, {report.anchors} heads noted elsewhere compared.")


CHECKS: tuple[Callable[[Settings, datetime], Finding], ...] = (
    _worker,
    _mail,
    _clock,
    _fonts,
    _backups,
    _orders,
    _disk,
    _media,
    _audit_log,
)


def _count_jobs(*conditions: object) -> int:
    found = select(func.count()).select_from(Job).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(found) or 0


def _is_whole(settings: Settings, sha256: str, size: int) -> bool:
    path: Path = media_path(settings.media_folder, sha256)
    return path.exists() and path.stat().st_size == size
