"""A file of an item as an answer: byte ranges for seeking, 304 for what the browser has."""

from flask import Response, make_response, request, send_file

from blueprints.http import settings
from blueprints.player.files import find_file
from domain.outline import ItemOutline
from services.media_store import media_path


def served_file(item: ItemOutline, name: str, cache_control: str) -> Response:
    """The file of this name. Raises NotFound where the item has none such."""
    digest, media_type = find_file(item, name)
    if request.if_none_match.contains(digest):
        response = make_response("", 304)
        response.set_etag(digest)
    else:
        response = make_response(
            send_file(
                media_path(settings().media_folder, digest),
                mimetype=media_type,
                conditional=True,
                etag=digest,
                as_attachment=item.kind == "handout",
                download_name=item.details.get("file_name", name),
            )
        )
    response.headers["Cache-Control"] = cache_control
    return response
