"""The course page and policies: what anyone may read before deciding."""

from datetime import date
from functools import lru_cache

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import person_id
from blueprints.player.outline import Entry, UnitRow, item_kind
from domain import credit
from domain.outline import Outline, UnitOutline
from domain.post_test_rules import rules_of
from services import approval_ends, catalogue, certification, editions, enrollments, faq
from services.provider import get_policy
from services.provider import list_policies as list_policy_pages

bp = Blueprint("catalog", __name__)
OUTLINES_KEPT = 256


@bp.get("/courses/<slug>")
def show_course(slug: str) -> ResponseReturnValue:
    outline = editions.get_current_outline(slug)
    now = clock.now()
    who = person_id()
    return render_template(
        "catalog/course.html",
        outline=outline,
        about=Markup(outline.about_html),  # noqa: S704 - sanitized at publishing
        faq=Markup(outline.faq_html),  # noqa: S704 - the same
        faq_entries=faq.list_entries(outline.course_id),
        units=_unit_rows(outline),
        hours=credit.in_words(credit.hours(outline.minutes)),
        arithmetic=_arithmetic(outline),
        credits=certification.list_credits(outline, catalogue.provider_day(now)),
        approval_ends=approval_ends.list_ends(outline, catalogue.provider_day(now)),
        enrollment=enrollments.find_open(who, outline.course_id) if who else None,
        is_closed=catalogue.is_enrollment_closed(outline, now),
        reviewed=date.fromisoformat(outline.facts["reviewed"]),
        test_rules=rules_of(outline),
    )


@bp.get("/policies")
def list_policies() -> ResponseReturnValue:
    return render_template("catalog/policies.html", policies=list_policy_pages())


@bp.get("/policies/<slug>")
def show_policy(slug: str) -> ResponseReturnValue:
    policy = get_policy(slug)
    body = Markup(policy.html)  # noqa: S704 - sanitized when it was installed
    return render_template("catalog/policy.html", policy=policy, body=body)


def _arithmetic(outline: Outline) -> str:
    """The sum behind the hours, with minutes of the units and of the tests and evaluation."""
    unit_minutes = tuple(unit.minutes for unit in outline.units)
    return credit.arithmetic(unit_minutes, outline.assessment_minutes, credit.COMMON_RULE)


@lru_cache(maxsize=OUTLINES_KEPT)
def _unit_rows(outline: Outline) -> tuple[UnitRow, ...]:
    """The units as `components/outline.html` takes them, for somebody who has not enrolled."""
    return tuple(_unit_row(unit) for unit in outline.units)


def _unit_row(unit: UnitOutline) -> UnitRow:
    entries = [
        _entry(
            item.title if item.required else f"{item.title} (optional)",
            item_kind(item.kind),
            item.minutes,
        )
        for item in unit.items
    ]
    test = _entry(f"{unit.post_test_title}, {unit.draw} questions", "Post-test")
    return UnitRow(unit.number, unit.title, unit.minutes, "", "waiting", "", (*entries, test))


def _entry(title: str, kind: str, minutes: int | None = None) -> Entry:
    return Entry(title, kind, minutes, href="", state="waiting", status="")
