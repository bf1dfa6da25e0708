"""The results of evaluations, and notes of what was done about them."""

from uuid import uuid4

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

import clock
from blueprints.accounts.forms import stripped
from blueprints.csv_file import csv_file
from blueprints.http import commits, identity, page, request_id, see_other
from blueprints.instructor.views import bp
from domain.evaluation_summary import FEWEST, FieldSummary
from domain.numerals import read_whole_number
from services import evaluation_results
from services.audit import Actor
from services.evaluation_results import Results
from services.instructed_courses import InstructedEdition, get_edition_for

HEADS = ("Question", "Answer", "How often", "Answers in all", "Mean")
MOST_TEXTS = 50


class ActionForm(FlaskForm):  # type: ignore[misc]
    """What was done."""

    text = TextAreaField(
        "What we did",
        [
            DataRequired("Write what was done."),
            Length(max=2000, message="Write at most 2,000 characters."),
        ],
        filters=[stripped],
    )
    intent = HiddenField()


@bp.get("/instructor/courses/<slug>/evaluation")
def show_evaluation_results(slug: str) -> ResponseReturnValue:
    found = _edition(slug)
    as_csv = request.args.get("format") == "csv"
    results = _results(found, None if as_csv else MOST_TEXTS)
    if as_csv:
        rows = [row for one in results.fields or () for row in _csv_rows(one)]
        name = f"{slug}-edition-{found.outline.edition_number}-evaluation"
        return csv_file(name, HEADS, rows)
    return _page(found, results, ActionForm(formdata=None, intent=uuid4().hex))


@bp.post("/instructor/courses/<slug>/evaluation")
@commits
def create_evaluation_action(slug: str) -> ResponseReturnValue:
    found = _edition(slug)
    form = ActionForm()
    if not form.validate_on_submit():
        return _page(found, _results(found), form, 422)
    actor = Actor(identity().person_id, request_id())
    evaluation_results.add_action(
        found.outline, form.text.data, form.intent.data or "", actor, clock.now()
    )
    flash("Noted.", "success")
    edition = request.args.get("edition") or None
    return see_other(url_for("instructor.show_evaluation_results", slug=slug, edition=edition))


def _edition(slug: str) -> InstructedEdition:
    return get_edition_for(identity(), slug, read_whole_number(request.args.get("edition", "")))


def _results(found: InstructedEdition, most_texts: int | None = MOST_TEXTS) -> Results:
    period = request.args.get("period", "")
    return evaluation_results.get_results(found.outline, period, most_texts)


def _csv_rows(one: FieldSummary) -> list[list[object]]:
    mean = f"{one.mean:.2f}" if one.mean is not None else ""
    counts = [[one.field.label, words, count, one.given, mean] for words, count in one.counts]
    return counts + [[one.field.label, text, 1, one.given, ""] for text in one.texts]


def _page(
    found: InstructedEdition, results: Results, form: ActionForm, status: int = 200
) -> ResponseReturnValue:
    return page(
        "instructor/evaluation.html",
        status,
        outline=found.outline,
        numbers=found.numbers,
        is_current=read_whole_number(request.args.get("edition", "")) is None,
        results=results,
        fewest=FEWEST,
        summaries=[_summary(one) for one in results.fields or ()],
        scales=[_scale_row(one) for one in results.fields or () if one.field.kind == "scale"],
        form=form,
        actions=evaluation_results.list_actions(found.outline.course_id),
    )


def _scale_row(one: FieldSummary) -> list[str]:
    mean = f"{one.mean:.2f}" if one.mean is not None else ""
    return [one.field.label, str(one.given), mean, *(str(count) for _, count in one.counts)]


def _summary(one: FieldSummary) -> dict[str, object]:
    """A field for the page: bars with their numbers, the mean in words, what was written."""
    return {
        "label": one.field.label,
        "given": one.given,
        "mean": f"{one.mean:.2f}" if one.mean is not None else "",
        "bars": [(words, count, str(count), "") for words, count in one.counts],
        "most": max((count for _, count in one.counts), default=0),
        "texts": one.texts,
        "is_text": one.field.kind == "text",
    }
