"""Enrollments of all courses in the panel: the list, one of them, and what is done for it."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.enrollment_rows import HEADS, roster_cells, roster_row
from blueprints.admin.listing import read_listing
from blueprints.admin.people import standing
from blueprints.admin.person_forms import ExtendForm, ReasonForm
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from blueprints.http import actor, commits, page, see_other, settings
from blueprints.player.requirements import requirement_rows
from blueprints.time_words import record_context
from domain.refusals import Conflict, Invalid
from services import (
    agencies,
    certification,
    completion,
    course_list,
    enrollment_care,
    enrollment_list,
    recorded_time,
    rosters,
)
from services.enrollment_list import FILTERS, ORDERS
from services.progress import get_progress
from services.provider import get_provider

ENROLLMENT = "/admin/enrollments/<int:enrollment_id>"
STATES = [
    ("", "All"),
    ("open", "Studying"),
    ("expired", "Access ended"),
    ("complete", "Complete"),
    ("withdrawn", "Withdrawn"),
]
SOURCES = {"free": "Free", "key": "Key", "order": "Order", "staff": "By hand"}


@bp.get("/admin/enrollments")
def list_enrollments() -> ResponseReturnValue:
    listing = read_listing("admin.list_enrollments", FILTERS, ORDERS, "enrolled")
    zone, now, order = get_provider().time_zone, clock.now(), listing.order(ORDERS)
    if listing.as_csv:
        lines = enrollment_list.list_all(listing.filters, order, now)
        return csv_file("enrollments", HEADS, [roster_cells(line, zone) for line in lines])
    found = enrollment_list.list_enrollments(listing.filters, order, listing.after, now)
    return render_template(
        "admin/enrollments.html",
        listing=listing,
        heads=HEADS,
        rows=[roster_row(line, zone) for line in found.lines],
        next_after=found.next_after,
        is_cut=found.is_cut,
        courses=[("", "All"), *course_list.list_titles()],
        agencies=[("", "All"), *agencies.list_names()],
        states=STATES,
    )


@bp.get(ENROLLMENT)
def show_enrollment(enrollment_id: int) -> ResponseReturnValue:
    return _enrollment_page(enrollment_id)


@bp.post(f"{ENROLLMENT}/access")
@commits
def extend_access(enrollment_id: int) -> ResponseReturnValue:
    form = ExtendForm(prefix="extend")

    def extend() -> str:
        day, why = form.last_day.data, form.reason.data
        enrollment_care.extend_access(
            enrollment_id, day, why, actor(), settings().base_url, clock.now()
        )
        return "The access is extended. A mail tells the learner."

    return _act(enrollment_id, "extend", form, extend)


@bp.post(f"{ENROLLMENT}/withdrawal")
@commits
def withdraw_enrollment(enrollment_id: int) -> ResponseReturnValue:
    form = ReasonForm(prefix="withdraw")

    def end() -> str:
        enrollment_care.withdraw(enrollment_id, form.reason.data, actor(), clock.now())
        return "The enrollment has ended. What was recorded in it stays. A mail tells the learner."

    return _act(enrollment_id, "withdraw", form, end)


def _act(
    enrollment_id: int, name: str, form: FlaskForm, step: Callable[[], str]
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _enrollment_page(enrollment_id, {name: form}, 422)
    try:
        flash(step(), "success")
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _enrollment_page(enrollment_id, {name: form}, 422)
    except Conflict as refusal:
        form.form_errors.append(str(refusal))
        return _enrollment_page(enrollment_id, {name: form}, 422)
    return see_other(url_for("admin.show_enrollment", enrollment_id=enrollment_id))


def _enrollment_page(
    enrollment_id: int, sent: dict[str, Any] | None = None, status: int = 200
) -> ResponseReturnValue:
    """The enrollment with its evidence; `sent`: the form with errors."""
    learner, study = rosters.get_enrollment(enrollment_id)
    zone = get_provider().time_zone
    found = get_progress(enrollment_id)
    lines = recorded_time.list_lines(enrollment_id)
    certificate = certification.find_certificate_of(enrollment_id)
    rows = requirement_rows(study, completion.checklist_for(study, found, certificate), zone)
    fresh = {
        "extend": ExtendForm(formdata=None, prefix="extend"),
        "withdraw": ReasonForm(formdata=None, prefix="withdraw"),
    }
    return page(
        "admin/enrollment.html",
        status,
        learner=learner,
        study=study,
        standing=standing(study.enrollment, zone),
        source=SOURCES.get(study.enrollment.source, study.enrollment.source),
        requirements=[{**row, "href": "", "action": ""} for row in rows],
        recorded=record_context(study.outline, lines, zone)["total"],
        certificate=certificate,
        seat=enrollment_care.find_seat_place(enrollment_id),
        order_number=enrollment_care.find_order_number(enrollment_id),
        zone=zone,
        steps={**fresh, **(sent or {})},
        errors=next((form for form in (sent or {}).values()), None),
    )
