"""The credit worksheet of a course's edition: every figure, warnings, approval, history."""

from dataclasses import replace
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

import clock
from blueprints.accounts.forms import refuse, stripped
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other
from domain.credit_worksheet import (
    DIFFICULTIES,
    METHODS,
    RATES,
    Inputs,
    read_pilot,
    shown,
)
from domain.outline import Outline
from domain.refusals import Conflict, Invalid
from services import credit_worksheets, editions
from services.credit_worksheets import Worksheet


class WorksheetForm(FlaskForm):  # type: ignore[misc]
    """What staff add to the edition's own figures, and the method they approve."""

    rate = IntegerField(
        "Words a minute",
        [InputRequired("Enter how many words are read in a minute, such as 200.")],
        invalid_value_message="Enter a whole number, such as 200.",
    )
    difficulty = IntegerField(
        "Difficulty, from 1 (easy) to 5 (hard)",
        [InputRequired("Enter a difficulty from 1 to 5.")],
        invalid_value_message="Enter a whole number from 1 to 5.",
    )
    pilot = TextAreaField("Minutes of pilot readers", [Optional(), Length(max=1_000)])
    method = SelectField("Method that the hours rest on", choices=[])
    reason = StringField(
        "Why this method",
        [InputRequired("Say why: a reviewer will ask."), Length(max=500)],
        filters=[stripped],
    )

    def validate_rate(self, field: IntegerField) -> None:
        if field.data is not None and not RATES[0] <= field.data <= RATES[1]:
            raise ValidationError(f"Enter {RATES[0]} to {RATES[1]} words a minute.")

    def validate_difficulty(self, field: IntegerField) -> None:
        if field.data is not None and not DIFFICULTIES[0] <= field.data <= DIFFICULTIES[1]:
            raise ValidationError("Enter a difficulty from 1 to 5.")

    def validate_pilot(self, field: TextAreaField) -> None:
        if read_pilot(field.data or "") is None:
            raise ValidationError("Enter minutes only, such as 55, 61, 58.")


@bp.get("/admin/courses/<slug>/credit")
def show_worksheet(slug: str) -> ResponseReturnValue:
    worksheet = credit_worksheets.get_worksheet(editions.get_current_outline(slug))
    inputs = worksheet.inputs
    form = WorksheetForm(
        formdata=None,
        rate=inputs.rate,
        difficulty=inputs.difficulty,
        pilot=", ".join(shown(minutes) for minutes in inputs.pilot),
        method=worksheet.approved.method if worksheet.approved else "declared",
    )
    return _worksheet_page(worksheet, form)


@bp.post("/admin/courses/<slug>/credit")
@commits
def approve_worksheet(slug: str) -> ResponseReturnValue:
    outline = editions.get_current_outline(slug)
    form = WorksheetForm()
    form.method.choices = list(METHODS.items())
    if not form.validate_on_submit():
        return _worksheet_page(credit_worksheets.get_worksheet(outline), form, 422)
    inputs = _inputs(outline, form)
    try:
        row = credit_worksheets.approve(
            outline, inputs, form.method.data, form.reason.data, actor(), clock.now()
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _worksheet_page(credit_worksheets.get_worksheet(outline, inputs), form, 422)
    except Conflict as refusal:
        flash(str(refusal), "warning")
        return see_other(url_for("admin.show_worksheet", slug=slug))
    flash(f"Worksheet {row.number} of this edition is approved.", "success")
    return see_other(url_for("admin.show_worksheet", slug=slug))


def _inputs(outline: Outline, form: WorksheetForm) -> Inputs:
    return replace(
        credit_worksheets.gather(outline),
        rate=form.rate.data,
        difficulty=form.difficulty.data,
        pilot=read_pilot(form.pilot.data or "") or (),
    )


def _worksheet_page(
    worksheet: Worksheet, form: WorksheetForm, status: int = 200
) -> ResponseReturnValue:
    form.method.choices = list(METHODS.items())
    return page(
        "admin/worksheet.html",
        status,
        worksheet=worksheet,
        outline=worksheet.outline,
        form=form,
        methods=METHODS,
        figures=[_figure(name, minutes) for name, minutes in _figures(worksheet)],
        history=[
            [
                row.number,
                row.approved_at,
                name,
                METHODS[row.method],
                shown(row.results[row.method]),
                row.reason,
            ]
            for row, name in credit_worksheets.list_approved(worksheet.outline.edition_id)
        ],
    )


def _figures(worksheet: Worksheet) -> list[tuple[str, float | None]]:
    return [(METHODS[name], value) for name, value in worksheet.results.by_method().items()]


def _figure(name: str, minutes: float | None) -> list[Any]:
    if minutes is None:
        return [name, "No figure yet", "–"]
    return [name, shown(minutes), f"{minutes / 60:.2f}"]
