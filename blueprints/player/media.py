"""Recordings and handouts: the files, and how far a recording has been played."""

from flask import abort, request
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commits, identity
from blueprints.player import signs
from blueprints.player.views import bp
from blueprints.served_file import served_file
from domain.refusals import Conflict
from services import study
from services.enrollments import get_study_for
from services.progress import get_progress

KEPT_BY_BROWSERS = "private, max-age=86400"


@bp.get("/learn/<slug>/units/<int:unit>/<item>/files/<name>")
def show_media(slug: str, unit: int, item: str, name: str) -> ResponseReturnValue:
    """A file of an item the learner may open; byte ranges are answered, for seeking."""
    found = get_study_for(identity().person_id, slug)
    place = study.get_item(found, get_progress(found.enrollment.id), unit, item)
    study.refuse_ended(found, clock.now())
    return served_file(place, name, KEPT_BY_BROWSERS)


@bp.post("/learn/<slug>/units/<int:unit>/<item>/played")
@commits
def save_media_progress(slug: str, unit: int, item: str) -> ResponseReturnValue:
    """Keep where the recording stands and which of its seconds have been played."""
    found = get_study_for(identity().person_id, slug)
    place = study.get_item(found, get_progress(found.enrollment.id), unit, item)
    if not place.is_recording:
        abort(404)
    token = signs.unseal(request.form.get("token", ""), found.enrollment.person_id)
    if (token.item_id, token.enrollment_id) != (place.id, found.enrollment.id):
        raise Conflict("This page belongs to another item. Load it again.")
    if found.is_open:
        study.save_media_progress(
            found,
            place,
            request.form.get("position", "0"),
            request.form.get("ranges", ""),
            token.opened_at,
            clock.now(),
        )
    return "", 204
