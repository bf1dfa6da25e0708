"""Images and linked files of courses, at addresses that change with the file."""

from flask import make_response, send_file
from flask.typing import ResponseReturnValue

import clock
from blueprints.catalog.views import bp
from blueprints.http import find_identity, settings
from services import served_files
from services.media_store import media_path

KEPT_FOR_GOOD = "private, max-age=31536000, immutable"
SHOWN_AS_TEXT = {"text/markdown": "text/plain", "text/vtt": "text/plain"}


@bp.get("/courses/<slug>/files/<digest>/<name>")
def show_course_file(slug: str, digest: str, name: str) -> ResponseReturnValue:
    """A file that a text of the course shows or links to."""
    media_type = served_files.get_media_type(slug, digest, name, find_identity(), clock.now())
    response = make_response(
        send_file(
            media_path(settings().media_folder, digest),
            mimetype=SHOWN_AS_TEXT.get(media_type, media_type),
            conditional=True,
            etag=digest,
            download_name=name,
        )
    )
    response.headers["Cache-Control"] = KEPT_FOR_GOOD
    return response
