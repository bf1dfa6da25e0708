"""Audit packs in the panel: asking for one, seeing it grow, downloading and deleting it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import EmailField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length

import clock
from blueprints.accounts.forms import refuse, stripped
from blueprints.admin.views import bp
from blueprints.day_fields import DayField
from blueprints.http import (
    actor,
    commits,
    page,
    region,
    see_other,
    settings,
    wants_fragment,
)
from domain.plain_days import read_day
from domain.refusals import Invalid
from domain.wording import day, local, local_date
from services import people, time_reports
from services.audit_pack import packs
from services.audit_pack.packs import PackLine
from services.provider import get_provider
from services.provider_days import today_is

A_YEAR = timedelta(days=365)


class CoursePackForm(FlaskForm):  # type: ignore[misc]
    """Which course, and which days."""

    course = SelectField("Course", [InputRequired("Choose a course.")])
    first = DayField("First day", [InputRequired("Enter the day as a date, such as 2026-06-30.")])
    last = DayField("Last day", [InputRequired("Enter the day as a date, such as 2026-06-30.")])
    intent = HiddenField()


class LearnerPackForm(FlaskForm):  # type: ignore[misc]
    """Which learner."""

    email = EmailField(
        "E-mail address of the learner",
        [
            InputRequired("Enter the learner's e-mail address."),
            Length(max=254, message="An e-mail address has at most 254 characters."),
        ],
        filters=[stripped],
    )
    intent = HiddenField()


@bp.get("/admin/audit-packs")
def list_audit_packs() -> ResponseReturnValue:
    return _list_page(_new_course_form(), _new_learner_form())


@bp.post("/admin/audit-packs")
@commits
def create_course_pack() -> ResponseReturnValue:
    form = CoursePackForm()
    form.course.choices = _courses()
    if not form.validate_on_submit():
        return _list_page(form, _new_learner_form(), 422)
    asked = (form.course.data, form.first.data, form.last.data, form.intent.data or "")
    try:
        pack = packs.ask_for_course(*asked, actor(), clock.now())
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _list_page(form, _new_learner_form(), 422)
    return see_other(url_for("admin.show_audit_pack", pack_id=pack.id))


@bp.post("/admin/audit-packs/learners")
@commits
def create_learner_pack() -> ResponseReturnValue:
    form = LearnerPackForm()
    if not form.validate_on_submit():
        return _list_page(_new_course_form(), form, 422)
    try:
        pack = packs.ask_for_learner(form.email.data, form.intent.data or "", actor(), clock.now())
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _list_page(_new_course_form(), form, 422)
    return see_other(url_for("admin.show_audit_pack", pack_id=pack.id))


@bp.post("/admin/people/<int:person_id>/audit-pack")
@commits
def create_person_pack(person_id: int) -> ResponseReturnValue:
    intent = request.form.get("intent", "")
    pack = packs.ask_for_person(people.get_person(person_id), intent, actor(), clock.now())
    return see_other(url_for("admin.show_audit_pack", pack_id=pack.id))


@bp.get("/admin/audit-packs/<int:pack_id>")
def show_audit_pack(pack_id: int) -> ResponseReturnValue:
    """The page of a pack; for htmx only the part that tells how far it is."""
    line = packs.get_pack(pack_id)
    if wants_fragment():
        return region("admin/_audit_pack_state.html", line=line)
    zone = get_provider().time_zone
    return page("admin/audit_pack.html", line=line, facts=_facts(line, zone))


@bp.get("/admin/audit-packs/<int:pack_id>.zip")
def download_audit_pack(pack_id: int) -> ResponseReturnValue:
    line = packs.get_pack(pack_id)
    path = packs.get_file(pack_id, settings().audit_pack_folder)
    of = "course" if line.pack.course_id is not None else "learner"
    response = send_file(
        path,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"audit-pack-{of}-{line.pack.first_day}-{line.pack.last_day}.zip",
        max_age=0,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/admin/audit-packs/<int:pack_id>/deletion")
@commits
def delete_audit_pack(pack_id: int) -> ResponseReturnValue:
    packs.delete_pack(pack_id, actor(), clock.now())
    flash("The audit pack is deleted. That it was made stays in this list.", "success")
    return see_other(url_for("admin.list_audit_packs"))


def _list_page(
    course_form: CoursePackForm, learner_form: LearnerPackForm, status: int = 200
) -> ResponseReturnValue:
    zone = get_provider().time_zone
    return page(
        "admin/audit_packs.html",
        status,
        course_form=course_form,
        learner_form=learner_form,
        problems=[
            (field.id, message)
            for form in (course_form, learner_form)
            for field in form
            for message in field.errors
        ],
        rows=[_row(line, zone) for line in packs.list_packs()],
    )


def _courses() -> list[tuple[str, str]]:
    return time_reports.list_course_titles()


def _new_course_form() -> CoursePackForm:
    """The course and days of the address, or the year until today."""
    today = today_is(clock.now())
    form = CoursePackForm(
        formdata=None,
        course=request.args.get("course", ""),
        first=_day("first", today - A_YEAR),
        last=_day("last", today),
        intent=uuid4().hex,
    )
    form.course.choices = _courses()
    return form


def _day(name: str, otherwise: date) -> date:
    return read_day(request.args.get(name, "")) or otherwise


def _new_learner_form() -> LearnerPackForm:
    return LearnerPackForm(formdata=None, email=request.args.get("email", ""), intent=uuid4().hex)


def _row(line: PackLine, zone: str) -> list[Any]:
    href = url_for("admin.show_audit_pack", pack_id=line.pack.id)
    return [
        Markup('<a href="{}">Pack {}</a>').format(href, line.pack.id),
        _of(line),
        f"{day(line.pack.first_day)} to {day(line.pack.last_day)}",
        line.maker,
        local(line.pack.made_at, zone),
        state_in_words(line),
    ]


def _of(line: PackLine) -> str:
    return f"{'Course' if line.pack.course_id is not None else 'Learner'}: {line.of}"


def state_in_words(line: PackLine) -> str:
    """How a pack stands: 'Ready', 'Being built, 2 of 5 steps', 'Deleted'."""
    if line.pack.deleted_at is not None:
        return "Deleted"
    if line.is_ready:
        return "Ready"
    if line.pack.steps_total is None:
        return "Waiting for the worker"
    return f"Being built, {line.pack.steps_done} of {line.pack.steps_total} steps"


def _facts(line: PackLine, zone: str) -> list[tuple[str, str]]:
    pack = line.pack
    found = [
        ("Of", _of(line)),
        ("Days", f"{day(pack.first_day)} to {day(pack.last_day)}"),
        ("Had made by", f"{line.maker}, {local(pack.made_at, zone)}"),
    ]
    if line.is_ready:
        assert pack.size_bytes is not None
        found += [
            ("Size", _size(pack.size_bytes)),
            ("SHA-256 of the file", pack.sha256 or ""),
            ("Kept until", local_date(pack.expires_at, zone)),
        ]
    if pack.deleted_at is not None:
        found.append(("Deleted", local(pack.deleted_at, zone)))
    return found


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{count / 1000:.0f} kB"
