"""Corrections of the time record in the panel: what waits, deciding, and a learner's record."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

import clock
from blueprints.accounts.forms import refuse, stripped
from blueprints.admin.views import bp
from blueprints.http import commits, identity, page, request_id, see_other, settings
from blueprints.time_words import place_in_words, record_context
from domain.refusals import Invalid
from services import recorded_time, rosters, time_corrections
from services.audit import Actor
from services.time_corrections import Case

MOST_MINUTES = 720


class CorrectionDecisionForm(FlaskForm):  # type: ignore[misc]
    """A signed number of minutes, and the reason that the learner reads."""

    minutes = IntegerField(
        "Minutes to add",
        [
            Optional(),
            NumberRange(-MOST_MINUTES, MOST_MINUTES, "Enter at most 720 minutes either way."),
        ],
        invalid_value_message="Enter the minutes as a whole number, such as 25 or -10.",
    )
    reason = TextAreaField(
        "Reason",
        [
            DataRequired("Write a reason: the learner and an auditor read it."),
            Length(max=2000, message="Write at most 2,000 characters."),
        ],
        filters=[stripped],
    )


@bp.get("/admin/corrections")
def list_corrections() -> ResponseReturnValue:
    return render_template(
        "admin/corrections.html",
        waiting=time_corrections.list_waiting(),
        decided=time_corrections.list_decided(),
        place=_place,
    )


@bp.get("/admin/corrections/<int:correction_id>")
def show_correction(correction_id: int) -> ResponseReturnValue:
    case = time_corrections.get_case(correction_id)
    asked = CorrectionDecisionForm(formdata=None, minutes=case.correction.seconds // 60)
    return _case_page(case, asked)


@bp.post("/admin/corrections/<int:correction_id>/granted")
@commits
def grant_correction(correction_id: int) -> ResponseReturnValue:
    case, form = time_corrections.get_case(correction_id), CorrectionDecisionForm()
    valid = form.validate_on_submit()
    if form.minutes.data is None and not form.minutes.errors:
        refuse(form, "minutes", "Enter how many minutes to add, or to take away with a minus.")
        valid = False
    return _decide(case, form, form.minutes.data) if valid else _case_page(case, form, 422)


@bp.post("/admin/corrections/<int:correction_id>/refused")
@commits
def refuse_correction(correction_id: int) -> ResponseReturnValue:
    case, form = time_corrections.get_case(correction_id), CorrectionDecisionForm()
    if not form.validate_on_submit():
        return _case_page(case, form, 422)
    return _decide(case, form, None)


@bp.get("/admin/enrollments/<int:enrollment_id>/time")
def show_time_record(enrollment_id: int) -> ResponseReturnValue:
    """A learner's time record: the same query and the same page as the learner's own."""
    learner, study = rosters.get_enrollment(enrollment_id)
    lines = recorded_time.list_lines(enrollment_id)
    return render_template(
        "admin/time_record.html",
        learner=learner,
        study=study,
        record=record_context(study.outline, lines, learner.time_zone),
    )


def _decide(case: Case, form: CorrectionDecisionForm, minutes: int | None) -> ResponseReturnValue:
    actor = Actor(identity().person_id, request_id())
    try:
        time_corrections.decide(
            case, minutes, form.reason.data, actor, settings().base_url, clock.now()
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _case_page(case, form, 422)
    flash(f"Decided. {case.learner.name_on_license} is told by mail.", "success")
    return see_other(url_for("admin.list_corrections"))


def _case_page(case: Case, form: CorrectionDecisionForm, status: int = 200) -> ResponseReturnValue:
    """The request beside the measured record of the learner."""
    lines = recorded_time.list_lines(case.study.enrollment.id)
    return page(
        "admin/correction.html",
        status,
        case=case,
        place=_place(case),
        form=form,
        record=record_context(case.study.outline, lines, case.learner.time_zone),
    )


def _place(case: Case) -> str:
    asked = case.correction
    return place_in_words(case.study.outline, asked.unit_number, asked.item_id)
