"""The evaluations of an edition summed up, and what was done about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from domain.evaluation import Field, list_fields
from domain.evaluation_summary import (
    Counts,
    FieldSummary,
    batches_of,
    count_answers,
    months_of,
    periods_of,
    summarize,
)
from domain.months import Days
from domain.outline import Outline
from domain.report_spans import last_of_month
from extensions import db
from models import EvaluationAction, EvaluationResponse
from services import audit, editions
from services.audit import Actor
from services.provider import get_provider
from services.reports import summaries
from services.reports.summaries import Report, added

READ_FOR_ONE = 4
"""So many evaluations are read for each text that a page shows: not everybody writes one."""


@dataclass(frozen=True)
class Results:
    """The evaluations of an edition in a period ('' for all): how many, and what they come to.

    `fields` is None where there are too few to show. `texts_cut`: more was written than `fields`
    hold.
    """

    period: str
    periods: list[str]
    count: int
    fields: list[FieldSummary] | None
    texts_cut: bool = False


def get_results(outline: Outline, period: str = "", most_texts: int | None = None) -> Results:
    """The results of one edition, of whole batches. A period that is none counts as all of them.

    `most_texts`: so many of the latest texts of a field; all of them for None.
    """
    months = _read_months(outline.edition_id)
    batches = batches_of({month: figures["count"] for month, figures in months.items()})
    periods = periods_of([batch.last for batch in batches])
    period = period if period in periods else ""
    first, last = months_of(period) if period else ("", "9999-12")
    chosen = [batch for batch in batches if first <= batch.last <= last]
    if not chosen:
        return Results(period, periods, 0, None)
    fields = list_fields(outline)
    counts = _merge(months[month]["fields"] for batch in chosen for month in batch.months)
    texts = _list_texts(outline.edition_id, fields, (chosen[0].first, chosen[-1].last), most_texts)
    return Results(
        period,
        periods,
        sum(batch.count for batch in chosen),
        summarize(fields, counts, texts),
        texts_cut=any(len(found) < counts[name].get("", 0) for name, found in texts.items()),
    )


def _count(days: Days, edition_id: int | None) -> dict[int, Any]:
    """By edition: how many evaluations the months of some days have, and their values."""
    query = select(EvaluationResponse.edition_id, EvaluationResponse.answers).where(
        EvaluationResponse.month.between(f"{days.first:%Y-%m}", f"{days.last:%Y-%m}")
    )
    if edition_id is not None:
        query = query.where(EvaluationResponse.edition_id == edition_id)
    answers: dict[int, list[dict[str, str]]] = {}
    for of, given in db.session.execute(query):
        answers.setdefault(of, []).append(given)
    return {
        of: {
            "count": len(given),
            "fields": count_answers(list_fields(editions.get_outline(of)), given),
        }
        for of, given in answers.items()
    }


REPORT = Report("evaluations", _count, by_date=True, by_month=True)


def _read_months(edition_id: int) -> dict[str, Any]:
    """The figures of every month in which an edition was evaluated."""
    first, last = (
        db.session.scalar(select(end).where(EvaluationResponse.edition_id == edition_id))
        for end in (func.min(EvaluationResponse.month), func.max(EvaluationResponse.month))
    )
    if first is None:
        return {}
    whole = Days(
        date.fromisoformat(f"{first}-01"),
        last_of_month(date.fromisoformat(f"{last}-01")),
        get_provider().time_zone,
    )
    parts = summaries.read(REPORT, whole, edition_id)
    return {month: figures[edition_id] for month, figures in parts if edition_id in figures}


def _merge(parts: Iterable[Counts]) -> Counts:
    found: dict[str, list[dict[str, int]]] = {}
    for counts in parts:
        for name, values in counts.items():
            found.setdefault(name, []).append(values)
    return {name: added(values) for name, values in found.items()}


def _list_texts(
    edition_id: int, fields: Sequence[Field], months: tuple[str, str], most: int | None
) -> dict[str, list[str]]:
    """What was written under each field in some months, the latest months first.

    Within a month by the random key, so that nothing tells who wrote when.
    """
    found: dict[str, list[str]] = {field.name: [] for field in fields if field.kind == "text"}
    query = (
        select(EvaluationResponse.answers)
        .where(
            EvaluationResponse.edition_id == edition_id, EvaluationResponse.month.between(*months)
        )
        .order_by(EvaluationResponse.month.desc(), EvaluationResponse.key.desc())
    )
    if most is not None:
        query = query.limit(most * READ_FOR_ONE)
    for answers in db.session.scalars(query):
        for name, texts in found.items():
            if name in answers and (most is None or len(texts) < most):
                texts.append(answers[name])
    return found


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
