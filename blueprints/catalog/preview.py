"""The first item of a course, free for everybody to read or watch. No time is recorded."""

from flask import Response, make_response, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.catalog.views import bp
from blueprints.http import page, settings
from blueprints.player.files import find_file, is_sound, recording_name
from blueprints.player.outline import item_kind
from domain.outline import ItemOutline
from domain.refusals import NotFound
from services import editions
from services.media_store import media_path

KEPT_BY_BROWSERS = "public, max-age=3600"


@bp.get("/courses/<slug>/preview")
def show_preview(slug: str) -> ResponseReturnValue:
    outline = editions.get_current_outline(slug)
    item = _first_item(slug)
    transcript = item.details.get("transcript_html", "")
    return page(
        "catalog/preview.html",
        outline=outline,
        item=item,
        kind=item_kind(item.kind),
        is_sound=is_sound(item),
        recording=recording_name(item),
        body=Markup(item.body_html),  # noqa: S704 - sanitized at publishing
        transcript=Markup(transcript),  # noqa: S704 - the same
        file_url=lambda name: url_for("catalog.show_preview_file", slug=slug, name=name),
    )


@bp.get("/courses/<slug>/preview/files/<name>")
def show_preview_file(slug: str, name: str) -> ResponseReturnValue:
    """A file of the first item; byte ranges are answered, for seeking. No other item's file."""
    item = _first_item(slug)
    digest, media_type = find_file(item, name)
    if request.if_none_match.contains(digest):
        response = make_response("", 304)
        response.set_etag(digest)
        return _kept(response)
    return _kept(
        make_response(
            send_file(
                media_path(settings().media_folder, digest),
                mimetype=media_type,
                conditional=True,
                etag=digest,
                as_attachment=item.kind == "handout",
                download_name=item.details.get("file_name", name),
            )
        )
    )


def _first_item(slug: str) -> ItemOutline:
    """Raises NotFound where a course has no item."""
    item = next(iter(editions.get_current_outline(slug).items()), None)
    if item is None:
        raise NotFound("This course has no preview.")
    return item


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = KEPT_BY_BROWSERS
    return response
