"""The evaluations of an edition summed up, and what was done about them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from domain.evaluation import list_fields
from domain.evaluation_summary import (
    FieldSummary,
    may_be_shown,
    months_of,
    periods_of,
    summarize,
)
from domain.outline import Outline
from extensions import db
from models import EvaluationAction, EvaluationResponse
from services import audit
from services.audit import Actor


@dataclass(frozen=True)
class Results:
    """The evaluations of an edition in a period ('' for all): how many, and what they come to.

    `fields` is None where there are too few to show; `count` is then not told exactly either.
    """

    period: str
    periods: list[str]
    count: int
    fields: list[FieldSummary] | None


def get_results(outline: Outline, period: str = "") -> Results:
    """The results of one edition. A period that is none counts as all of them."""
    months = dict(
        db.session.execute(
            select(EvaluationResponse.month, func.count())
            .where(EvaluationResponse.edition_id == outline.edition_id)
            .group_by(EvaluationResponse.month)
        ).all()
    )
    periods = periods_of(list(months))
    period = period if period in periods else ""
    first, last = months_of(period) if period else ("", "9999-12")
    count = sum(number for month, number in months.items() if first <= month <= last)
    if not may_be_shown(count, sum(months.values())):
        return Results(period, periods, count, None)
    return Results(period, periods, count, _summarize(outline, first, last))


def list_actions(course_id: int) -> list[EvaluationAction]:
    """What was done about evaluations of a course, the newest first."""
    return list(
        db.session.scalars(
            select(EvaluationAction)
            .where(EvaluationAction.course_id == course_id)
            .order_by(EvaluationAction.id.desc())
        )
    )


def add_action(outline: Outline, text: str, intent: str, actor: Actor, now: datetime) -> None:
    """Note what was done about the evaluations of an edition; once per intent."""
    row = EvaluationAction(
        course_id=outline.course_id,
        edition_id=outline.edition_id,
        text=text,
        noted_by_id=actor.person_id,
        noted_at=now,
        intent=f"{actor.person_id}-{intent}"[:64] if intent else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return
    audit.record_act(actor, "evaluation.action-noted", f"course:{outline.course_id}", note=row.id)


def _summarize(outline: Outline, first: str, last: str) -> list[FieldSummary]:
    answers = db.session.scalars(
        select(EvaluationResponse.answers).where(
            EvaluationResponse.edition_id == outline.edition_id,
            EvaluationResponse.month.between(first, last),
        )
    ).all()
    return summarize(list_fields(outline), answers)
