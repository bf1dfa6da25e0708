"""The course page and policies: what anyone may read before deciding."""

from datetime import date
from functools import lru_cache

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import person_id
from blueprints.player.outline import Entry, UnitRow, item_kind
from domain import credit
from domain.acceptance import Practice
from domain.enrollment_ways import ways_into
from domain.licenses import JURISDICTIONS, PROFESSIONS
from domain.outline import Outline, UnitOutline
from domain.post_test_rules import rules_of
from services import (
    acceptance,
    approval_ends,
    catalogue,
    certificate_facts,
    editions,
    enrollments,
    faq,
    orders,
)
from services.provider import get_policy, get_provider
from services.provider import list_policies as list_policy_pages

bp = Blueprint("catalog", __name__)
OUTLINES_KEPT = 256
PROFESSION_CHOICES = [("", "Choose a profession"), *((name, name) for name in PROFESSIONS)]
STATE_CHOICES = [("", "Choose a state"), *((name, name) for name in JURISDICTIONS)]


@bp.get("/courses/<slug>")
def show_course(slug: str) -> ResponseReturnValue:
    """The same for everybody, but for what `_personal` adds."""
    outline = editions.get_current_outline(slug)
    now = clock.now()
    today = catalogue.provider_day(now)
    granting = certificate_facts.list_granting(outline, get_provider(), today)
    return render_template(
        "catalog/course.html",
        outline=outline,
        about=Markup(outline.about_html),  # noqa: S704 - sanitized at publishing
        faq=Markup(outline.faq_html),  # noqa: S704 - the same
        faq_entries=faq.list_entries(outline.course_id),
        units=_unit_rows(outline),
        hours=credit.in_words(credit.hours(outline.minutes)),
        credits=[granted for _, granted in granting],
        counted=_counted(outline, [certificate_facts.hour_rule(a) for a, _ in granting]),
        approval_ends=approval_ends.list_ends(outline, today),
        is_closed=catalogue.is_enrollment_closed(outline, now),
        reviewed=date.fromisoformat(outline.facts["reviewed"]),
        test_rules=rules_of(outline),
        ways=ways_into(outline),
        **_personal(outline, today),
    )


def _personal(outline: Outline, today: date) -> dict[str, object]:
    """What the page says to this visitor alone: their enrollment, order, licenses, questions."""
    who = person_id()
    own = acceptance.list_practices_of(who) if who else []
    asked = Practice(request.args.get("profession", ""), request.args.get("state", ""))
    is_asked = asked.profession in PROFESSIONS and asked.jurisdiction in JURISDICTIONS
    order = orders.find_open_order(who, outline.course_id) if who else None
    return {
        "enrollment": enrollments.find_open(who, outline.course_id) if who else None,
        "completed": enrollments.find_last_completed(who, outline.course_id) if who else None,
        "order": order if order and not orders.is_needless(order) else None,
        "own_licenses": own,
        "asked": asked,
        "license_answers": acceptance.list_answers(outline, [asked] if is_asked else own, today),
        "professions": PROFESSION_CHOICES,
        "jurisdictions": STATE_CHOICES,
    }


@bp.get("/policies")
def list_policies() -> ResponseReturnValue:
    return render_template("catalog/policies.html", policies=list_policy_pages())


@bp.get("/policies/<slug>")
def show_policy(slug: str) -> ResponseReturnValue:
    policy = get_policy(slug)
    body = Markup(policy.html)  # noqa: S704 - sanitized when it was installed
    return render_template("catalog/policy.html", policy=policy, body=body)


def _counted(outline: Outline, rules: list[credit.HourRule]) -> list[str]:
    """The sum behind the hours, once for each way of counting: bodies differ in their hour."""
    minutes = tuple(unit.minutes for unit in outline.units)
    ways = list(dict.fromkeys(rules)) or [credit.COMMON_RULE]
    return [credit.arithmetic(minutes, outline.assessment_minutes, rule) for rule in ways]


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
