"""Jobs that were given up or are late: mail that was not sent, certificates not drawn."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal_column, select, update

from domain.refusals import NotFound
from extensions import db
from models import Job, OutgoingMail
from services import audit
from services.audit import Actor
from services.today import is_late

MOST_SHOWN = 100


@dataclass(frozen=True)
class StuckJob:
    """A job, and to whom its mail was to go ('' for other jobs)."""

    job: Job
    recipient: str


def list_failed() -> list[StuckJob]:
    """Those given up after every try, the latest first, as far as MOST_SHOWN."""
    return _read(literal_column("job.state = 'failed'"))


def list_late(now: datetime) -> list[StuckJob]:
    """Those that are due and wait, as far as MOST_SHOWN."""
    return _read(*is_late(now))


def try_again(job_id: int, actor: Actor, now: datetime) -> None:
    """Give a job that was given up all its tries again. Once; raises NotFound."""
    tried = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "failed")
        .values(state="queued", run_at=now, tries=0, error=None)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).first()
    if tried is not None:
        audit.record_act(actor, "job.tried-again", f"job:{job_id}")
    elif db.session.get(Job, job_id) is None:
        raise NotFound("There is no such job.")


def _read(*conditions) -> list[StuckJob]:  # type: ignore[no-untyped-def]
    rows = db.session.execute(
        select(Job, OutgoingMail.recipient)
        .outerjoin(OutgoingMail, (Job.kind == "mail") & (OutgoingMail.id == Job.subject_id))
        .where(*conditions)
        .order_by(Job.id.desc())
        .limit(MOST_SHOWN)
    )
    return [StuckJob(job, recipient or "") for job, recipient in rows]
