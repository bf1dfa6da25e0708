"""Post-tests in the panel: who has no attempt left, granting attempts, void questions."""

from uuid import uuid4

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.post_test_forms import GrantForm
from blueprints.admin.views import bp
from blueprints.http import commits, identity, page, request_id, see_other, settings
from domain.numerals import read_whole_number
from domain.refusals import Invalid
from domain.wording import local_date
from services import attempt_grants, rulings
from services.attempt_grants import Attempter, NewGrant, TestLine
from services.audit import Actor
from services.rulings import PublishedQuestion


@bp.get("/admin/post-tests")
def list_post_tests() -> ResponseReturnValue:
    zone = identity().time_zone
    return render_template(
        "admin/post_tests.html",
        stuck=[_stuck_row(one) for one in attempt_grants.list_stuck()],
        void=[_void_row(one, zone) for one in rulings.list_rulings()],
    )


@bp.get("/admin/enrollments/<int:enrollment_id>/attempts")
def show_attempts(enrollment_id: int) -> ResponseReturnValue:
    found = attempt_grants.get_attempter(enrollment_id)
    asked = read_whole_number(request.args.get("unit", ""))
    form = GrantForm(formdata=None, unit=str(asked or ""), attempts=1, intent=uuid4().hex)
    return _attempts_page(found, form)


@bp.post("/admin/enrollments/<int:enrollment_id>/attempts")
@commits
def grant_attempts(enrollment_id: int) -> ResponseReturnValue:
    found = attempt_grants.get_attempter(enrollment_id)
    form = _with_units(GrantForm(), found)
    if not form.validate_on_submit():
        return _attempts_page(found, form, 422)
    asked = NewGrant(
        unit_number=int(form.unit.data),
        attempts=form.attempts.data,
        reason=form.reason.data,
        intent=form.intent.data or uuid4().hex,
    )
    actor = Actor(identity().person_id, request_id())
    try:
        attempt_grants.grant(found, asked, actor, settings().base_url, clock.now())
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _attempts_page(found, form, 422)
    flash("The attempts are granted. The learner is told by mail.", "success")
    return see_other(url_for("admin.show_attempts", enrollment_id=enrollment_id))


def _attempts_page(found: Attempter, form: GrantForm, status: int = 200) -> ResponseReturnValue:
    zone = identity().time_zone
    return page(
        "admin/attempts.html",
        status,
        found=found,
        form=_with_units(form, found),
        can_grant=found.study.is_open and any(not line.is_passed for line in found.tests),
        tests=[
            [
                f"Unit {t.unit.number}",
                t.unit.post_test_title,
                str(t.used),
                str(t.left),
                _standing(t),
            ]
            for t in found.tests
        ],
        grants=[
            [local_date(row.granted_at, zone), f"Unit {unit}", str(row.attempts), row.reason]
            for row, unit in found.grants
        ],
    )


def _with_units(form: GrantForm, found: Attempter) -> GrantForm:
    units = [t.unit for t in found.tests if not t.is_passed]
    form.unit.choices = [
        ("", "Choose a post-test"),
        *((str(unit.number), f"Unit {unit.number}: {unit.post_test_title}") for unit in units),
    ]
    return form


def _standing(line: TestLine) -> str:
    if line.is_passed:
        return "Passed"
    return "Not begun" if line.used == 0 else "Not passed"


def _stuck_row(found: Attempter) -> list[str]:
    line = next(t for t in found.tests if not t.is_passed and not t.left)
    enrollment_id, unit = found.study.enrollment.id, line.unit.number
    href = url_for("admin.show_attempts", enrollment_id=enrollment_id, unit=unit)
    name = found.learner.name_on_license
    return [
        name,
        found.study.outline.title,
        f"Unit {unit}: {line.unit.post_test_title}",
        str(line.used),
        Markup('<a href="{}">Grant attempts<span class="visually-hidden"> to {}</span></a>').format(
            href, name
        ),
    ]


def _void_row(found: PublishedQuestion, zone: str) -> list[str]:
    assert found.ruling is not None
    href = url_for("admin.show_ruling", question_id=found.question.id)
    return [
        Markup('<a href="{}">{}</a>').format(href, found.question.key),
        f"{found.outline.title}, edition {found.outline.edition_number}, unit {found.unit_number}",
        local_date(found.ruling.decided_at, zone),
        found.ruling.reason,
    ]
