"""Completion: the checklist of a learner, and the one moment when a course becomes complete."""

from datetime import datetime

from sqlalchemy import update

from domain.completion import Requirement, content_completed_at, requirements
from domain.standing import Progress
from extensions import db
from models import Certificate, Enrollment
from services import time_record
from services.enrollments import Study
from services.progress import get_progress


def checklist_for(
    study: Study, progress: Progress, certificate: Certificate | None
) -> tuple[Requirement, ...]:
    """Every requirement of the learner's certificate, met or not."""
    certified_at = certificate.issued_at if certificate is not None else None
    return requirements(study.outline, progress, certified_at)


def complete_if_ready(study: Study, now: datetime) -> None:
    """Fix the completion instant once every requirement is met, and stop recording time.

    Called in the transaction of whatever may have been the last requirement. The conditional
    update sets the instant once, whoever comes first.
    """
    db.session.flush()
    completed_at = content_completed_at(study.outline, get_progress(study.enrollment.id))
    if completed_at is None:
        return
    db.session.execute(
        update(Enrollment)
        .where(Enrollment.id == study.enrollment.id, Enrollment.completed_at.is_(None))
        .values(completed_at=completed_at)
    )
    db.session.refresh(study.enrollment)
    time_record.stop_recording(study.enrollment.person_id, study.enrollment.id, now)
