"""Completion: the checklist of a learner, and the one moment when a course becomes complete."""

from datetime import datetime

from sqlalchemy import update

from domain.completion import (
    Requirement,
    can_evaluate,
    content_completed_at,
    requirements,
)
from domain.refusals import Conflict
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


def refuse_early_evaluation(study: Study, progress: Progress) -> None:
    """Raise Conflict while something that comes before the evaluation is missing."""
    if not can_evaluate(study.outline, progress):
        raise Conflict(
            "The evaluation opens when every item is complete and every post-test is passed. The "
            "course home shows what is left."
        )


def complete_if_ready(study: Study, now: datetime) -> None:
    """Fix the completion instant once every requirement is met, and stop recording time.

    Called in the transaction of whatever may have been the last requirement. The conditional
    update sets the instant once, whoever comes first, and never on an enrollment that has ended.
    """
    db.session.flush()
    completed_at = content_completed_at(study.outline, get_progress(study.enrollment.id))
    if completed_at is None or not _set_completed(study.enrollment.id, completed_at):
        return
    db.session.refresh(study.enrollment)
    time_record.stop_recording(study.enrollment.person_id, study.enrollment.id, now)


def _set_completed(enrollment_id: int, completed_at: datetime) -> bool:
    changed = db.session.execute(
        update(Enrollment)
        .where(
            Enrollment.id == enrollment_id,
            Enrollment.completed_at.is_(None),
            Enrollment.ended_at.is_(None),
        )
        .values(completed_at=completed_at)
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    ).first()
    return changed is not None
