"""The learner's own time record, as the auditor sees it, and what is missing from it."""

from datetime import UTC, datetime

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.http import commits, identity, page, request_id, see_other
from blueprints.player.correction_form import DECLARED, CorrectionForm, empty_form, sent_form
from blueprints.player.views import bp
from blueprints.time_words import place_in_words, record_context
from domain.numerals import read_whole_number
from domain.refusals import Invalid
from services import recorded_time, time_corrections
from services.audit import Actor
from services.enrollments import Study, get_study_for

LATEST_SECOND = 2**33


@bp.get("/learn/<slug>/time")
def show_time(slug: str) -> ResponseReturnValue:
    return _time_page(get_study_for(identity().person_id, slug))


@bp.get("/learn/<slug>/enrollments/<int:number>/time")
def show_earlier_time(slug: str, number: int) -> ResponseReturnValue:
    return _time_page(get_study_for(identity().person_id, slug, number))


@bp.post("/learn/<slug>/time/corrections")
@commits
def create_correction(slug: str) -> ResponseReturnValue:
    """Ask for a correction, or declare what was read away from the screen."""
    who = identity()
    found = get_study_for(who.person_id, slug)
    form = sent_form(found.outline)
    if not form.validate_on_submit():
        return _time_page(found, form, 422)
    actor, now = Actor(who.person_id, request_id()), clock.now()
    try:
        if form.kind.data == DECLARED:
            time_corrections.declare(found, form.stated(who.time_zone), actor, now)
            flash("Your declaration is kept, beside the measured time.", "success")
        else:
            time_corrections.request_correction(found, form.stated(who.time_zone), actor, now)
            flash("Your request is sent. The decision will stand here, and we mail you.", "success")
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _time_page(found, form, 422)
    return see_other(url_for("player.show_time", slug=slug) + "#corrections")


def _time_page(
    found: Study, form: CorrectionForm | None = None, status: int = 200
) -> ResponseReturnValue:
    zone = identity().time_zone
    item = request.args.get("item", "")
    return page(
        "player/time.html",
        status,
        study=found,
        record=record_context(found.outline, recorded_time.list_lines(found.enrollment.id), zone),
        corrections=[
            (one, place_in_words(found.outline, one.unit_number, one.item_id))
            for one in time_corrections.list_corrections(found.enrollment.id)
        ],
        form=form or empty_form(found.outline, zone, _since(), item),
    )


def _since() -> datetime | None:
    """From when a correction is asked for, as a link after a gap says in its address."""
    seconds = read_whole_number(request.args.get("since", ""), LATEST_SECOND)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
