"""The first item of a course, free for everybody to read or watch. No time is recorded."""

from flask import url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.catalog.views import bp
from blueprints.http import page
from blueprints.player.files import is_sound, recording_name
from blueprints.player.outline import item_kind
from blueprints.served_file import served_file
from domain.outline import ItemOutline
from domain.refusals import NotFound
from services import editions

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
    return served_file(_first_item(slug), name, KEPT_BY_BROWSERS)


def _first_item(slug: str) -> ItemOutline:
    """Raises NotFound where a course has no item."""
    item = next(iter(editions.get_current_outline(slug).items()), None)
    if item is None:
        raise NotFound("This course has no preview.")
    return item
