"""The course home and the pages of items."""

from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commits, identity, see_other
from blueprints.player import item_page, signs
from blueprints.player.outline import unit_rows
from blueprints.player.requirements import requirement_rows
from blueprints.steps import step_url
from domain.outline import ItemOutline
from domain.path import are_items_complete, next_step
from domain.refusals import Conflict, Invalid
from domain.standing import Progress
from services import (
    access,
    certification,
    completion,
    key_offers,
    learner_questions,
    recorded_time,
    revisions,
    study,
)
from services.enrollments import Study, get_reading_for, get_study_for
from services.minimum_time import get_progress_for
from services.my_courses import NEEDS_ACCESS

bp = Blueprint("player", __name__)


@bp.get("/learn/<slug>")
def show_course_home(slug: str) -> ResponseReturnValue:
    found = get_reading_for(identity().person_id, slug)
    progress = get_progress_for(found, clock.now())
    certificate = certification.find_certificate_of(found.enrollment.id)
    step = next_step(found.outline, progress, certified=certificate is not None)
    now = clock.now()
    return render_template(
        "player/course_home.html",
        study=found,
        certificate=certificate,
        step=step,
        step_href=step_url(found.outline.slug, step, certificate),
        units=unit_rows(found.outline, progress),
        requirements=requirement_rows(
            found, completion.checklist_for(found, progress, certificate), identity().time_zone
        ),
        seconds_by_unit=_seconds_by_unit(found),
        corrections=revisions.list_revisions(found.outline),
        can_study=found.can_study(now),
        is_step_open=found.can_study(now) or step.kind not in NEEDS_ACCESS,
        extension=access.find_offer(found, now),
        agency=key_offers.find_agency_of(found.enrollment),
        new_answers=learner_questions.count_new_answers(identity().person_id).get(
            found.enrollment.course_id, 0
        ),
    )


@bp.get("/learn/<slug>/units/<int:unit>/<item>")
def show_item(slug: str, unit: int, item: str) -> ResponseReturnValue:
    """The player. Its token says when the item was opened; nothing is written."""
    now = clock.now()
    found = get_reading_for(identity().person_id, slug)
    progress, place = _open_place(found, unit, item, now)
    return item_page.show(found, progress, place, now)


@bp.post("/learn/<slug>/units/<int:unit>/<item>")
@commits
def finish_item(slug: str, unit: int, item: str) -> ResponseReturnValue:
    """The item's own form: mark as complete, or move on; time of a page without signs counts."""
    now = clock.now()
    found = get_study_for(identity().person_id, slug)
    progress, place = _open_place(found, unit, item, now)
    token = signs.unseal(request.form.get("token", ""), found.enrollment.person_id)
    if (token.item_id, token.enrollment_id) != (place.id, found.enrollment.id):
        raise Conflict("This page belongs to another item. Load it again.")
    study.finish_view(found, place, signs.with_view(token).page_view_id, now)
    action = request.form.get("action", "")
    if action == "complete":
        study.complete_item(found, place, now)
        return see_other(_item_url(found, place) + "#item-actions")
    if action not in ("next", "previous", "record"):
        raise Invalid("action", "Use one of the buttons of the page.")
    return see_other(_target(found, progress, place, action))


def _open_place(found: Study, unit: int, item: str, now: datetime) -> tuple[Progress, ItemOutline]:
    progress = get_progress_for(found, now)
    place = study.get_item(found, progress, unit, item)
    study.refuse_ended(found, now)
    return progress, place


def _item_url(found: Study, item: ItemOutline) -> str:
    return url_for(
        "player.show_item", slug=found.outline.slug, unit=item.unit_number, item=item.slug
    )


def _target(found: Study, progress: Progress, item: ItemOutline, action: str) -> str:
    around = study.neighbors(found, item)
    if action == "record":
        return _item_url(found, item)
    if action == "previous" and around.previous is not None:
        return _item_url(found, around.previous)
    if action == "next" and around.next_item is not None:
        return _item_url(found, around.next_item)
    unit = study.get_unit(found, item.unit_number)
    if action == "next" and are_items_complete(unit, progress):
        return url_for("post_tests.show_post_test", slug=found.outline.slug, unit=unit.number)
    return url_for("player.show_course_home", slug=found.outline.slug)


def _seconds_by_unit(found: Study) -> dict[int | None, int]:
    by_place = recorded_time.seconds_by_place(
        found.enrollment.id, with_declared=found.outline.counts_declared
    )
    units = {number for number, _ in by_place}
    return {
        unit: sum(seconds for (number, _), seconds in by_place.items() if number == unit)
        for unit in units
    }
