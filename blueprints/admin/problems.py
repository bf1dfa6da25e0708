"""Problem reports and grievances in the panel: the list, one report, answering and closing."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import IntegerField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

import clock
from blueprints.accounts.forms import stripped
from blueprints.admin.listing import read_listing
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from blueprints.http import actor, commits, page, see_other
from domain.problems import KINDS, STATES
from domain.refusals import Conflict
from domain.wording import local
from models import ProblemReport
from services import problems
from services.problems import FILTERS, ORDERS
from services.provider import get_provider

HEADS = ("Number", "When", "Kind", "State", "From", "What")
SHOWN = 80


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer by mail. `seen`: how many events the page showed."""

    answer = TextAreaField(
        "Answer by mail",
        [
            InputRequired("Write the answer."),
            Length(max=5_000, message="Write at most 5,000 characters."),
        ],
        filters=[stripped],
    )
    seen = IntegerField("Seen")


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Another state, with a note for staff."""

    state = SelectField("State", choices=[SelectChoice(*pair) for pair in STATES.items()])
    note = TextAreaField(
        "Note",
        [Optional(), Length(max=2_000, message="Write at most 2,000 characters.")],
        filters=[stripped],
    )
    seen = IntegerField("Seen")


@bp.get("/admin/problems")
def list_problems() -> ResponseReturnValue:
    listing = read_listing("admin.list_problems", FILTERS, ORDERS, "made")
    size = None if listing.as_csv else 50
    found, is_cut = problems.list_reports(
        listing.filters, listing.order(ORDERS), listing.after, size
    )
    reports = [row[0] for row in found.rows]
    if listing.as_csv:
        return csv_file("problems", HEADS, [[one.id, *_cells(one, None)] for one in reports])
    return render_template(
        "admin/problems.html",
        listing=listing,
        rows=[[_link(one), *_cells(one, SHOWN)] for one in reports],
        next_after=found.next_after,
        is_cut=is_cut,
        states=[("", "All"), *STATES.items()],
        kinds=[("", "All"), *KINDS.items()],
    )


@bp.get("/admin/problems/<int:report_id>")
def show_problem(report_id: int) -> ResponseReturnValue:
    return _report_page(problems.get_report(report_id))


@bp.post("/admin/problems/<int:report_id>/answer")
@commits
def answer_problem(report_id: int) -> ResponseReturnValue:
    row, form = problems.get_report(report_id), AnswerForm()
    if not form.validate_on_submit():
        return _report_page(row, form, 422)
    try:
        problems.answer(report_id, form.seen.data or 0, form.answer.data, actor(), clock.now())
    except Conflict as refusal:
        form.form_errors.append(str(refusal))
        return _report_page(row, form, 422)
    flash("The answer is on its way.", "success")
    return see_other(url_for("admin.show_problem", report_id=report_id))


@bp.post("/admin/problems/<int:report_id>/state")
@commits
def move_problem(report_id: int) -> ResponseReturnValue:
    row, form = problems.get_report(report_id), MoveForm()
    if not form.validate_on_submit():
        return _report_page(row, form, 422)
    state, note = form.state.data, form.note.data or ""
    try:
        problems.move(report_id, form.seen.data or 0, state, note, actor(), clock.now())
    except Conflict as refusal:
        form.form_errors.append(str(refusal))
        return _report_page(row, form, 422)
    flash("Saved.", "success")
    return see_other(url_for("admin.show_problem", report_id=report_id))


def _report_page(
    row: ProblemReport, sent: FlaskForm | None = None, status: int = 200
) -> ResponseReturnValue:
    answering = sent if isinstance(sent, AnswerForm) else AnswerForm(formdata=None)
    moving = sent if isinstance(sent, MoveForm) else MoveForm(formdata=None, state=row.state)
    return page(
        "admin/problem.html",
        status,
        report=row,
        kind=KINDS[row.kind],
        state=STATES[row.state],
        states=STATES,
        events=problems.list_events(row.id),
        answering=answering,
        moving=moving,
        errors=sent,
    )


def _link(row: ProblemReport) -> Markup:
    href = url_for("admin.show_problem", report_id=row.id)
    return Markup('<a href="{}">Report {}</a>').format(href, row.id)


def _cells(row: ProblemReport, most: int | None) -> list[str]:
    """`most`: so many characters of the text; None for all."""
    text = " ".join(row.text.split())
    cut = f"{text[:most]}…" if most is not None and len(text) > most else text
    when = local(row.made_at, get_provider().time_zone)
    return [when, KINDS[row.kind], STATES[row.state], row.email, cut if most else row.text]
