"""Enrolling a list of people in the panel: read it, see what would happen, confirm."""

from uuid import uuid4

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from markupsafe import Markup
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.person_forms import reason_field
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other
from domain.bulk_list import (
    ALREADY,
    ENROLLED,
    FAULT,
    INVITED,
    ListLine,
    UnreadableList,
    decode,
    read_list,
)
from domain.numerals import read_whole_number
from domain.refusals import Conflict
from models import BulkList
from services import bulk_lists, editions
from services.bulk_lists import Plan

LONGEST_LIST = 300_000
BEFORE = {
    INVITED: "A new account is made and invited",
    ENROLLED: "Is enrolled",
    ALREADY: "Is enrolled already: nothing happens",
    FAULT: "Left out",
}
AFTER = {INVITED: "Invited", ENROLLED: "Enrolled", ALREADY: "Was enrolled", FAULT: "Left out"}


class BulkForm(FlaskForm):  # type: ignore[misc]
    """A list as a file or as text, the course, and why."""

    course = SelectField("Course", [InputRequired("Choose the course.")])
    file = FileField("CSV file", [Optional()])
    people = TextAreaField(
        "Or the list itself",
        [Optional(), Length(max=LONGEST_LIST, message="This list is too long. Divide it.")],
    )
    reason = reason_field("Reason, or who pays")
    intent = HiddenField()

    def read(self) -> list[ListLine]:
        """The lines. Raises UnreadableList."""
        sent = self.file.data
        content = sent.read(LONGEST_LIST * 4) if sent else b""
        text = decode(content) if content else self.people.data or ""
        if not text.strip():
            raise UnreadableList("Choose a CSV file, or type the list below.")
        return read_list(text)


@bp.get("/admin/enrollments/list")
def show_bulk_form() -> ResponseReturnValue:
    return _form_page(BulkForm(formdata=None, intent=uuid4().hex))


@bp.post("/admin/enrollments/list")
@commits
def create_bulk_list() -> ResponseReturnValue:
    """Read the list and keep it; nothing happens to anybody before it is confirmed."""
    form = _offered(BulkForm())
    is_valid = form.validate_on_submit()
    try:
        lines = form.read()
    except UnreadableList as fault:
        refuse(form, "people" if not form.file.data else "file", str(fault))
        return _form_page(form, 422)
    if not is_valid:
        return _form_page(form, 422)
    intent = form.intent.data or uuid4().hex
    row = bulk_lists.make_list(
        form.course.data, lines, form.reason.data, intent, actor(), clock.now()
    )
    return see_other(url_for("admin.show_bulk_list", list_id=row.id))


@bp.get("/admin/enrollments/list/<int:list_id>")
def show_bulk_list(list_id: int) -> ResponseReturnValue:
    return _list_page(bulk_lists.get_list(list_id))


@bp.post("/admin/enrollments/list/<int:list_id>/confirmed")
@commits
def confirm_bulk_list(list_id: int) -> ResponseReturnValue:
    shown = tuple(read_whole_number(request.form.get(n, "")) or 0 for n in ("people", "mails"))
    try:
        bulk_lists.confirm(list_id, (shown[0], shown[1]), actor(), clock.now())
    except Conflict as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Confirmed. The list is worked through now, line by line.", "success")
    return see_other(url_for("admin.show_bulk_list", list_id=list_id))


def _form_page(form: BulkForm, status: int = 200) -> ResponseReturnValue:
    recent = [
        (url_for("admin.show_bulk_list", list_id=row.id), title, row)
        for row, title in bulk_lists.list_recent()
    ]
    return page("admin/bulk_form.html", status, form=_offered(form), recent=recent)


def _list_page(row: BulkList) -> ResponseReturnValue:
    plans = bulk_lists.list_plans(row)
    words = BEFORE if row.confirmed_at is None else AFTER
    return page(
        "admin/bulk_list.html",
        row=row,
        course=editions.get_title(row.course_id),
        counts=bulk_lists.count(plans),
        done=bulk_lists.count_done(row.id),
        total=len(plans),
        rows=[_row(one, words, row.confirmed_at is not None) for one in plans],
    )


def _row(one: Plan, words: dict[str, str], is_confirmed: bool) -> list[str | Markup]:
    waits = is_confirmed and not one.line.outcome and not one.line.fault
    told = "Waits" if waits else words[one.outcome]
    name: str | Markup = one.line.name or "–"
    if one.line.person_id is not None:
        href = url_for("admin.show_person", person_id=one.line.person_id)
        name = Markup('<a href="{}">{}</a>').format(href, name)
    if one.twins and not waits:
        accounts = "1 account" if one.twins == 1 else f"{one.twins} accounts"
        told += f", although {accounts} with this address, not confirmed, can be found under People"
    fault = f"{told}: {one.fault}" if one.fault else told
    return [str(one.line.number), name, one.line.email or "–", fault]


def _offered(form: BulkForm) -> BulkForm:
    offered = [SelectChoice(o.slug, o.title) for o in editions.list_current_outlines()]
    form.course.choices = [SelectChoice("", "Choose a course"), *offered]
    return form
