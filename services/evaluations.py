"""Evaluations: reported without a name, linked to the learner only by the fact of submission."""

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.completion import can_evaluate
from domain.refusals import Conflict
from domain.standing import Progress
from extensions import db
from models import EvaluationResponse, EvaluationSubmission
from services import completion
from services.enrollments import Study
from services.provider import get_provider


def refuse_closed(study: Study, progress: Progress) -> None:
    """Raise Conflict while items or post-tests are missing, or the enrollment has ended."""
    if study.enrollment.ended_at is not None:
        raise Conflict("This enrollment has ended.")
    if not can_evaluate(study.outline, progress):
        raise Conflict("The evaluation opens when every item is complete and every test passed.")


def submit_evaluation(
    study: Study, progress: Progress, answers: dict[str, Any], now: datetime
) -> None:
    """Store the answers under a random key with edition and month; a second submit is ignored."""
    if progress.evaluated_at is not None:
        return
    refuse_closed(study, progress)
    db.session.add(EvaluationSubmission(enrollment_id=study.enrollment.id, submitted_at=now))
    month = now.astimezone(ZoneInfo(get_provider().time_zone))
    db.session.add(
        EvaluationResponse(
            key=secrets.token_hex(16),
            edition_id=study.outline.edition_id,
            month=f"{month:%Y-%m}",
            answers=answers,
        )
    )
    db.session.flush()
    completion.complete_if_ready(study, now)
