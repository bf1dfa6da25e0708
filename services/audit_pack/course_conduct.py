"""What a pack says of how a course went: evaluations and actions, answers on time, complaints."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from domain.months import Days
from domain.outline import Outline
from extensions import db
from models import Person, ReplyPromise
from services import evaluation_results
from services.audit_pack.complaints import make_complaints
from services.audit_pack.tables import StepOutput, Table
from services.evaluation_results import Results

TOO_FEW = "fewer than 5"


def make_conduct(outlines: Sequence[Outline], days: Days) -> StepOutput:
    """The tables about evaluations, actions, answers that were due, and complaints."""
    results = list_results(outlines, days)
    return StepOutput(
        [
            _summary(results),
            _distribution(results),
            _comments(results),
            _actions(outlines),
            _promises(outlines[0].course_id, days),
            *make_complaints(outlines[-1], days),
        ]
    )


EditionResults = tuple[int, Results]
"""The number of an edition and its evaluations in one period."""


def list_results(outlines: Sequence[Outline], days: Days) -> list[EditionResults]:
    """The evaluations of each edition, for each calendar year that the days touch.

    The same years, of the same batches, as on the page of evaluations: with other periods,
    comparing two summaries could tell what one learner answered.
    """
    years = [str(year) for year in range(days.first.year, days.last.year + 1)]
    found = []
    for outline in outlines:
        for year in years:
            results = evaluation_results.get_results(outline, year)
            if results.period == year:
                found.append((outline.edition_number, results))
    return found


def _summary(found: Sequence[EditionResults]) -> Table:
    rows: list[tuple[object, ...]] = []
    for edition, results in found:
        if results.fields is None:
            rows.append((edition, results.period, TOO_FEW, "", "", "", "", ""))
        for field in results.fields or ():
            mean = None if field.mean is None else round(field.mean, 4)
            head = (edition, results.period, results.count, field.field.name, field.field.kind)
            rows.append((*head, field.field.label, field.given, mean))
    heads = ("edition", "period", "evaluations", "field", "kind", "label", "answers", "mean")
    return Table("evaluation/summary", heads, rows)


def _distribution(found: Sequence[EditionResults]) -> Table:
    rows = [
        (edition, results.period, field.field.name, position, words, times)
        for edition, results in found
        for field in results.fields or ()
        for position, (words, times) in enumerate(field.counts, start=1)
    ]
    heads = ("edition", "period", "field", "value", "words", "times")
    return Table("evaluation/distribution", heads, rows)


def _comments(found: Sequence[EditionResults]) -> Table:
    rows = [
        (edition, results.period, field.field.name, text)
        for edition, results in found
        for field in results.fields or ()
        for text in field.texts
    ]
    return Table("evaluation/comments", ("edition", "period", "field", "comment"), rows)


def _actions(outlines: Sequence[Outline]) -> Table:
    numbers = {o.edition_id: o.edition_number for o in outlines}
    actions = evaluation_results.list_actions(outlines[0].course_id)
    names = _names({one.noted_by_id for one in actions})
    rows = [
        (numbers.get(one.edition_id), one.noted_at, one.text, names.get(one.noted_by_id))
        for one in actions
    ]
    return Table("evaluation/actions-taken", ("edition", "at", "action", "by"), rows)


def _promises(course_id: int, days: Days) -> Table:
    rows = db.session.execute(
        select(
            ReplyPromise.question_id,
            ReplyPromise.asked_at,
            ReplyPromise.due_at,
            ReplyPromise.answered_at,
        )
        .where(
            ReplyPromise.course_id == course_id,
            ReplyPromise.due_at >= days.start,
            ReplyPromise.due_at < days.end,
        )
        .order_by(ReplyPromise.due_at, ReplyPromise.id)
    )
    heads = ("question", "asked_at", "due_at", "answered_at")
    return Table("course/answers-on-time", heads, [tuple(row) for row in rows])


def _names(ids: Iterable[int]) -> dict[int, str]:
    rows: Any = db.session.execute(
        select(Person.id, Person.name_on_license).where(Person.id.in_(list(ids)))
    )
    return dict(rows.all())
