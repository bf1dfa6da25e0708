"""Rosters for boards in the panel: who waits, making a file, noting that it was sent."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

import clock
from blueprints.accounts.forms import refuse, stripped
from blueprints.admin.person_forms import reason_field
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from blueprints.day_fields import DayField
from blueprints.http import actor, commits, page, see_other
from domain.refusals import Conflict, Invalid
from domain.wording import local
from models import BoardRoster
from services import board_rosters
from services.provider import get_provider
from services.provider_days import today_is

A_YEAR = timedelta(days=365)
SHOWN = 100
"""Lines of a roster on its page; the file has all of them."""


class RosterForm(FlaskForm):  # type: ignore[misc]
    """For which body. The choices of `line` are those under which somebody waits."""

    line = SelectField("Approving body", [InputRequired("Choose the body to report to.")])
    since = DayField(
        "Completed since",
        [Optional()],
        invalid_value_message="Enter the day as a date, such as 2026-06-30.",
    )
    intent = HiddenField()


class SentForm(FlaskForm):  # type: ignore[misc]
    """The board's answer to a roster that was sent."""

    receipt = StringField(
        "Receipt",
        [Length(max=200, message="A receipt has at most 200 characters.")],
        filters=[stripped],
    )


class WithdrawalForm(FlaskForm):  # type: ignore[misc]
    """Why a roster does not count any more."""

    reason = reason_field("Why it was not accepted")


@bp.get("/admin/rosters")
def list_board_rosters() -> ResponseReturnValue:
    return _list_page(RosterForm(formdata=None, intent=uuid4().hex))


@bp.post("/admin/rosters")
@commits
def create_board_roster() -> ResponseReturnValue:
    form = _offer_lines(RosterForm())
    if not form.validate_on_submit():
        return _list_page(form, 422)
    try:
        roster = board_rosters.make_roster(
            form.line.data,
            form.since.data or today_is(clock.now()) - A_YEAR,
            form.intent.data or "",
            actor(),
            clock.now(),
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _list_page(form, 422)
    except Conflict as refusal:
        flash(str(refusal), "warning")
        return see_other(url_for("admin.list_board_rosters"))
    flash("The roster is made. Download it, send it, and note that it was sent.", "success")
    return see_other(url_for("admin.show_board_roster", roster_id=roster.id))


@bp.get("/admin/rosters/<int:roster_id>")
def show_board_roster(roster_id: int) -> ResponseReturnValue:
    return _roster_page(board_rosters.get_roster(roster_id), SentForm(formdata=None))


@bp.get("/admin/rosters/<int:roster_id>.csv")
def download_board_roster(roster_id: int) -> ResponseReturnValue:
    roster = board_rosters.get_roster(roster_id)
    return csv_file(f"roster-{roster.id}", roster.heads, board_rosters.list_rows(roster.id))


@bp.post("/admin/rosters/<int:roster_id>/sent")
@commits
def mark_roster_sent(roster_id: int) -> ResponseReturnValue:
    form = SentForm()
    if not form.validate_on_submit():
        return _roster_page(board_rosters.get_roster(roster_id), form, 422)
    board_rosters.mark_sent(roster_id, form.receipt.data or "", actor(), clock.now())
    flash("Noted as sent. None of these learners is reported to this body again.")
    return see_other(url_for("admin.show_board_roster", roster_id=roster_id))


@bp.post("/admin/rosters/<int:roster_id>/withdrawn")
@commits
def withdraw_roster(roster_id: int) -> ResponseReturnValue:
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _roster_page(board_rosters.get_roster(roster_id), None, 422, form)
    board_rosters.withdraw(roster_id, form.reason.data, actor(), clock.now())
    flash("The roster is withdrawn. Its learners wait to be reported again.")
    return see_other(url_for("admin.list_board_rosters"))


def _list_page(form: RosterForm, status: int = 200) -> ResponseReturnValue:
    zone = get_provider().time_zone
    waiting = board_rosters.list_waiting()
    return page(
        "admin/board_rosters.html",
        status,
        form=_offer_lines(form),
        waiting=[[one.body, str(one.learners)] for one in waiting],
        looked_at=board_rosters.LATEST,
        rows=[_row(roster, zone) for roster in board_rosters.list_rosters()],
    )


def _roster_page(
    roster: BoardRoster,
    form: SentForm | None,
    status: int = 200,
    withdrawal_form: WithdrawalForm | None = None,
) -> ResponseReturnValue:
    return page(
        "admin/board_roster.html",
        status,
        roster=roster,
        state=_state(roster),
        reason=board_rosters.get_withdrawal_reason(roster.id) if roster.withdrawn_at else "",
        form=form or SentForm(formdata=None),
        withdrawal_form=withdrawal_form or WithdrawalForm(formdata=None),
        rows=board_rosters.list_rows(roster.id, SHOWN),
    )


def _offer_lines(form: RosterForm) -> RosterForm:
    waiting = [(one.line, one.body) for one in board_rosters.list_lines()]
    sent = form.line.data
    if sent and sent not in dict(waiting):
        waiting.append((sent, "A body that is gone"))
    form.line.choices = [("", "Choose a body"), *waiting]
    return form


def _row(roster: BoardRoster, zone: str) -> list[Any]:
    href = url_for("admin.show_board_roster", roster_id=roster.id)
    return [
        Markup('<a href="{}">Roster {}</a>').format(href, roster.id),
        roster.body,
        local(roster.made_at, zone),
        str(roster.lines),
        _state(roster),
        roster.receipt or "–",
    ]


def _state(roster: BoardRoster) -> str:
    if roster.withdrawn_at is not None:
        return "Withdrawn"
    return "Sent" if roster.sent_at is not None else "Made, not sent yet"
