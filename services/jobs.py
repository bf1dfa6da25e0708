"""Jobs for the worker: rows added in the business transaction, claimed with a lease, retried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update

import clock
from extensions import db
from models import Job

LEASE = timedelta(seconds=120)
MOST_TRIES = 20
"""With doubling waits capped at six hours, twenty tries span more than three days."""
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class Claim:
    """A job this worker holds until its lease ends."""

    id: int
    kind: str
    subject_id: int
    tries: int


def enqueue(kind: str, subject_id: int, key: str | None = None) -> None:
    """Add a job to the transaction in progress; a rollback leaves none."""
    db.session.add(
        Job(kind=kind, subject_id=subject_id, state="queued", run_at=clock.now(), key=key)
    )
    db.session.flush()


def is_any_due(now: datetime) -> bool:
    """Whether there is work. Reads only, so that an idle worker takes no write lock."""
    with db.engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        return connection.scalar(select(Job.id).where(_due(now)).limit(1)) is not None


def claim(worker: str, now: datetime) -> Claim | None:
    """Take the job that is due longest, for LEASE; None if another worker was faster. Commits."""
    due = (
        select(Job.id)
        .where(_due(now))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db.session.execute(
        update(Job)
        .where(Job.id == due.scalar_subquery(), _due(now))
        .values(state="running", run_at=now + LEASE, tries=Job.tries + 1, worker=worker)
        .returning(Job.id, Job.kind, Job.subject_id, Job.tries)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.commit()
    return Claim(*row) if row else None


def finish(claimed: Claim, worker: str, now: datetime, error: str | None = None) -> bool:
    """Record the outcome; False if the lease was lost to another worker. Commits."""
    values: dict[str, object] = {"state": "done", "error": None}
    if error is not None:
        spent = claimed.tries >= MOST_TRIES
        wait = min(timedelta(seconds=2**claimed.tries), LONGEST_WAIT)
        values = {
            "state": "failed" if spent else "queued",
            "run_at": now + wait,
            "error": error[:500],
        }
    fence = (Job.id == claimed.id, Job.worker == worker, Job.tries == claimed.tries)
    statement = update(Job).where(*fence).values(**values).returning(Job.id)
    held = db.session.execute(statement.execution_options(synchronize_session=False)).first()
    db.session.commit()
    return held is not None


def work_off(worker: str, handlers: dict[str, Callable[[int], None]]) -> int:
    """Do every job that is due; returns how many were tried. A failing job is put off."""
    done = 0
    while is_any_due(clock.now()):
        claimed = claim(worker, clock.now())
        if claimed is None:
            continue
        error = _run(claimed, handlers)
        finish(claimed, worker, clock.now(), error)
        done += 1
    return done


def _run(claimed: Claim, handlers: dict[str, Callable[[int], None]]) -> str | None:
    try:
        handlers[claimed.kind](claimed.subject_id)
    except Exception as error:
        db.session.rollback()
        return f"{type(error).__name__}: {error}"
    return None


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(Job.state.in_(("queued", "running")), Job.run_at <= now)
