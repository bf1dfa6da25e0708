"""Approvals in the panel: what ends soon, recording, renewing, editing with history, profiles."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.approval_forms import (
    FIELD_NAMES,
    ApprovalForm,
    BodyForm,
    RuleForm,
    form_of,
    offer_choices,
)
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other
from blueprints.seen import is_stale, remember
from domain.refusals import Invalid
from domain.wording import day
from models import Approval, ApprovalChange, ApprovingBody
from services import approvals, catalogue, credit_samples, editions
from services.approvals import ApprovalLine

NOTHING_DIFFERS = "Nothing was changed: what you sent is what is recorded."


@bp.get("/admin/approvals")
def list_approvals() -> ResponseReturnValue:
    today = catalogue.provider_day(clock.now())
    lines = approvals.list_approvals(today)
    return render_template(
        "admin/approvals.html",
        rows=[_row(line) for line in lines],
        ending=[line for line in lines if line.ends_soon],
        bodies=[_body_row(body) for body in approvals.list_bodies()],
    )


@bp.get("/admin/approvals/new")
def show_new_approval() -> ResponseReturnValue:
    """An empty form, or one that begins with a profile (?body=) or renews another (?renews=)."""
    renews, body = request.args.get("renews", ""), request.args.get("body", "")
    if renews:
        old = approvals.get_approval(renews)
        empty = {"valid_from": None, "valid_until": None, "renews": renews, "checked_on": None}
        return _new_page(form_of(old, ApprovalForm, **empty))
    if body:
        profile = approvals.get_body(body)
        given = {"body": profile.name, "body_id": profile.id}
        return _new_page(form_of(profile, ApprovalForm, **given))
    return _new_page(form_of(None, ApprovalForm, hour_minutes=60))


@bp.post("/admin/approvals")
@commits
def create_approval() -> ResponseReturnValue:
    form = offer_choices(ApprovalForm())
    if not form.validate_on_submit():
        return _new_page(form, 422)
    renews = form.renews.data or ""
    try:
        added = approvals.add_approval(
            form.values(), form.reason.data, actor(), clock.now(), renews
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _new_page(form, 422)
    flash("The approval is recorded.", "success")
    return see_other(url_for("admin.show_approval", approval_id=added.id))


@bp.get("/admin/approvals/<approval_id>")
def show_approval(approval_id: str) -> ResponseReturnValue:
    row = approvals.get_approval(approval_id)
    return _approval_page(row, remember(form_of(row, ApprovalForm)))


@bp.post("/admin/approvals/<approval_id>")
@commits
def save_approval(approval_id: str) -> ResponseReturnValue:
    row = approvals.get_approval(approval_id)
    form = offer_choices(ApprovalForm())
    if not form.validate_on_submit() or is_stale(form, form_of(row, ApprovalForm)):
        return _approval_page(row, form, 422)
    try:
        changed = approvals.change_approval(
            approval_id, form.values(), form.reason.data, actor(), clock.now()
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _approval_page(row, form, 422)
    flash(
        "Saved. Certificates already issued keep what they print." if changed else NOTHING_DIFFERS
    )
    return see_other(url_for("admin.show_approval", approval_id=approval_id))


@bp.get("/admin/bodies/<body_id>")
def show_body(body_id: str) -> ResponseReturnValue:
    row = approvals.get_body(body_id)
    return _body_page(row, remember(form_of(row, BodyForm)))


@bp.post("/admin/bodies/<body_id>")
@commits
def save_body(body_id: str) -> ResponseReturnValue:
    row = approvals.get_body(body_id)
    form = BodyForm()
    if not form.validate_on_submit() or is_stale(form, form_of(row, BodyForm)):
        return _body_page(row, form, 422)
    changed = approvals.change_body(body_id, form.values(), form.reason.data, actor(), clock.now())
    flash("Saved. Approvals already recorded stay as they are." if changed else NOTHING_DIFFERS)
    return see_other(url_for("admin.show_body", body_id=body_id))


def _new_page(form: RuleForm, status: int = 200) -> ResponseReturnValue:
    assert isinstance(form, ApprovalForm)
    renews = form.renews.data or ""
    return page(
        "admin/approval_new.html",
        status,
        form=offer_choices(form),
        renewed=approvals.get_approval(renews) if renews else None,
    )


def _approval_page(row: Approval, form: RuleForm, status: int = 200) -> ResponseReturnValue:
    assert isinstance(form, ApprovalForm)
    today = catalogue.provider_day(clock.now())
    return page(
        "admin/approval.html",
        status,
        row=row,
        form=offer_choices(form),
        standing=approvals.standing(row, today),
        unconfirmed=_unconfirmed(row.unconfirmed),
        samples=[
            (outline.title, credit_samples.sample(row, outline))
            for outline in editions.list_current_outlines()
            if row.line in outline.facts["approvals"] or row.course_id == outline.course_id
        ],
        changes=_change_rows("approval", row.id),
    )


def _body_page(row: ApprovingBody, form: RuleForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "admin/body.html",
        status,
        row=row,
        form=form,
        unconfirmed=_unconfirmed(row.unconfirmed),
        rules=[
            [rule["topic"], rule["text"], "Yes" if rule["confirmed"] else "No", rule["source"]]
            for rule in row.rules
        ],
        changes=_change_rows("body", row.id),
    )


def _row(line: ApprovalLine) -> list[Any]:
    row = line.approval
    href = url_for("admin.show_approval", approval_id=row.id)
    standing = line.standing.capitalize()
    if line.standing == "in force":
        standing += f", {line.days_left} days left" + (", renewed" if line.is_renewed else "")
    return [
        Markup('<a href="{}">{}</a>').format(href, row.body),
        row.number,
        day(row.valid_from),
        day(row.valid_until),
        standing,
        ", ".join(line.courses) or "None",
        _unconfirmed(row.unconfirmed) or "Nothing",
    ]


def _body_row(body: ApprovingBody) -> list[Any]:
    href = url_for("admin.show_body", body_id=body.id)
    return [
        Markup('<a href="{}">{}</a>').format(href, body.name),
        body.kind.capitalize(),
        f"{body.hour_minutes} min",
        day(body.checked_on),
        _unconfirmed(body.unconfirmed) or "Nothing",
    ]


def _change_rows(kind: str, subject_id: str) -> list[list[Any]]:
    return [
        [change.happened_at, name or "Somebody", change.reason, _differences(change)]
        for change, name in approvals.list_changes(kind, subject_id)
    ]


def _differences(change: ApprovalChange) -> list[tuple[str, str, str]]:
    """Each field that was changed, in words, before and after."""
    return [
        (FIELD_NAMES.get(name, name.replace("_", " ").capitalize()), _shown(old), _shown(new))
        for name, (old, new) in sorted(change.fields.items())
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    return "nothing" if value is None else str(value)


def _unconfirmed(names: list[Any] | None) -> str:
    return ", ".join(FIELD_NAMES.get(name, name) for name in names or [])
