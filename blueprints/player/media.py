"""Recordings and handouts: the files, and how far a recording has been played."""

from flask import Response, abort, make_response, request, send_file
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commits, identity, settings
from blueprints.player import signs
from blueprints.player.files import find_file
from blueprints.player.views import bp
from domain.refusals import Conflict
from services import study
from services.enrollments import get_study_for
from services.media_store import media_path
from services.progress import get_progress

KEPT_BY_BROWSERS = "private, max-age=86400"


@bp.get("/learn/<slug>/units/<int:unit>/<item>/files/<name>")
def show_media(slug: str, unit: int, item: str, name: str) -> ResponseReturnValue:
    """A file of an item the learner may open; byte ranges are answered, for seeking."""
    found = get_study_for(identity().person_id, slug)
    place = study.get_item(found, get_progress(found.enrollment.id), unit, item)
    study.refuse_ended(found, clock.now())
    digest, media_type = find_file(place, name)
    if request.if_none_match.contains(digest):
        return _unchanged(digest)
    response = make_response(
        send_file(
            media_path(settings().media_folder, digest),
            mimetype=media_type,
            conditional=True,
            etag=digest,
            as_attachment=place.kind == "handout",
            download_name=place.details.get("file_name", name),
        )
    )
    response.headers["Cache-Control"] = KEPT_BY_BROWSERS
    return response


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


def _unchanged(digest: str) -> Response:
    """304 without opening the file, which nobody would close."""
    response = make_response("", 304)
    response.set_etag(digest)
    response.headers["Cache-Control"] = KEPT_BY_BROWSERS
    return response
