"""The management panel: today, enrollment keys."""

from uuid import uuid4

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.forms import KeyForm
from blueprints.admin.rows import key_state, last_day
from blueprints.admin.sections import navigation
from blueprints.admin.today_lines import ending_lines, up_to, waiting_lines
from blueprints.http import actor, commits, identity, page, see_other
from domain.enrollment_key import shown_code
from domain.numerals import read_whole_number
from domain.refusals import Invalid
from services import editions, enrollment_keys, provider_days, today
from services.enrollment_keys import NewKey
from services.provider import get_provider

bp = Blueprint("admin", __name__)
bp.context_processor(lambda: {"panel_navigation": navigation})


@bp.get("/admin")
def show_today() -> ResponseReturnValue:
    now = clock.now()
    found = today.get_today(identity(), now, provider_days.today_is(now))
    return render_template(
        "admin/today.html",
        lines=[line for line in waiting_lines(found) if line.count],
        endings=ending_lines(found.endings),
        enrolled=up_to(found.enrolled_this_week),
        certified=up_to(found.certificates_this_week),
    )


@bp.get("/admin/keys")
def list_keys() -> ResponseReturnValue:
    return _keys_page(_key_form(intent=uuid4().hex))


@bp.post("/admin/keys")
@commits
def create_key() -> ResponseReturnValue:
    form = _key_form()
    if not form.validate_on_submit():
        return _keys_page(form, 422)
    asked = NewKey(
        slug=form.course.data,
        seats=form.seats.data,
        last_day=form.last_day.data,
        note=form.note.data or "",
        intent=form.intent.data or "",
    )
    try:
        key = enrollment_keys.make_key(asked, actor(), clock.now())
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _keys_page(form, 422)
    flash(f"The key {shown_code(key.code)} is made. Give it to whoever may enroll.", "success")
    return see_other(url_for("admin.list_keys"))


@bp.post("/admin/keys/<int:key_id>/revoked")
@commits
def revoke_key(key_id: int) -> ResponseReturnValue:
    key = enrollment_keys.revoke_key(key_id, actor(), clock.now())
    flash(f"The key {shown_code(key.code)} is withdrawn. Who has enrolled with it stays enrolled.")
    return see_other(url_for("admin.list_keys"))


def _before() -> int | None:
    """Where the next page of a list begins, from the address; nothing there is an error."""
    return read_whole_number(request.args.get("before", ""))


def _key_form(intent: str | None = None) -> KeyForm:
    """A new form with an intent of its own, or the one that was sent."""
    form = KeyForm() if intent is None else KeyForm(formdata=None, seats=1, intent=intent)
    offered = [o for o in editions.list_current_outlines() if "key" in o.facts["enrollment"]]
    form.course.choices = [("", "Choose a course"), *((o.slug, o.title) for o in offered)]
    return form


def _keys_page(form: KeyForm, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    lines, older_than = enrollment_keys.list_keys(_before())
    zone = get_provider().time_zone
    return page(
        "admin/keys.html",
        status,
        form=form,
        older_than=older_than,
        keys=[
            (line, shown_code(line.key.code), key_state(line, now), last_day(line, zone))
            for line in lines
        ],
    )
