"""Evaluations: reported without a name, linked to the learner only by the fact of submission."""

import secrets
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.completion import printed_date
from domain.refusals import Conflict
from domain.standing import Progress
from extensions import db
from models import EvaluationResponse, EvaluationSubmission
from services import completion
from services.enrollments import Study
from services.provider import get_provider
from services.study import finish_place


def refuse_closed(study: Study, progress: Progress) -> None:
    """Raise Conflict where the enrollment has ended or something before it is missing."""
    if study.enrollment.ended_at is not None:
        raise Conflict("You are no longer enrolled in this course.")
    completion.refuse_early_evaluation(study, progress)


def submit_evaluation(
    study: Study, progress: Progress, answers: dict[str, str], now: datetime
) -> None:
    """Store the answers under a random key with edition and month; a second submit is ignored.

    Nothing but the fact and the moment of submission is kept with the enrollment.
    """
    refuse_closed(study, progress)
    if not _note_submission(study.enrollment.id, now):
        return
    db.session.add(
        EvaluationResponse(
            key=secrets.token_hex(16),
            edition_id=study.outline.edition_id,
            month=f"{printed_date(now, get_provider().time_zone):%Y-%m}",
            answers=answers,
        )
    )
    completion.complete_if_ready(study, now)


def finish_view(study: Study, page_view_id: int, now: datetime) -> None:
    """Credit the time of an evaluation page that sent no signs, by its own form."""
    finish_place(study, study.outline.assessment_minutes, page_view_id, now)


def _note_submission(enrollment_id: int, now: datetime) -> bool:
    """Whether this submission is the first: decided by the row's own key."""
    make = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    noted = db.session.execute(
        make(EvaluationSubmission)
        .values(enrollment_id=enrollment_id, submitted_at=now)
        .on_conflict_do_nothing()
        .returning(EvaluationSubmission.enrollment_id)
    ).first()
    return noted is not None
