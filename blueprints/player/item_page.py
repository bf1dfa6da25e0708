"""The page of an item. A reading's is only filled in; a recording's, which stands where its
learner left it, and one that tells of something once, are drawn in full.
"""

from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from flask import Response, make_response, request
from markupsafe import Markup

from blueprints.filled_pages import slot
from blueprints.http import identity, page
from blueprints.page_context import filled, has_flashes
from blueprints.player import signs
from blueprints.player.files import file_url, is_sound, recording_name
from blueprints.player.outline import item_kind, unit_entries, unit_state
from blueprints.player.signs import TimeSigns
from blueprints.player.signs_region import slotted
from domain import wording
from domain.numerals import read_whole_number
from domain.outline import ItemOutline
from domain.path import missing_time
from domain.standing import Progress
from services import study
from services.enrollments import Study

TEMPLATE = "player/item.html"
BODIES_KEPT = 1024


def show(found: Study, progress: Progress, item: ItemOutline, now: datetime) -> Response:
    """The page, opened now."""
    time_signs = signs.open_item(found, item, now)
    gap = signs.gap_before(found, time_signs, now)
    shared = _shared(found, progress, item)
    own = _own(found, progress, item)
    if gap is None and not item.is_recording and not has_flashes():
        return signs.with_panel(_filled(shared, own, time_signs))
    recording = _recording(found, item) if item.is_recording else {}
    context = {"study": found, "time_signs": time_signs, "gap": gap, **shared, **own, **recording}
    return signs.with_panel(page(TEMPLATE, **context))


def _filled(shared: dict[str, Any], own: dict[str, str], time_signs: TimeSigns) -> Response:
    slots, values = slotted(time_signs)
    given = {
        **shared,
        **{name: slot(name) if value else "" for name, value in own.items()},
        "gap": None,
        "time_signs": slots,
    }
    return make_response(filled(TEMPLATE, identity(), given, {**own, **values}))


def _shared(found: Study, progress: Progress, item: ItemOutline) -> dict[str, Any]:
    """What the page says to everybody who stands at the same place of the course."""
    outline = found.outline
    unit = study.get_unit(found, item.unit_number)
    state = unit_state(outline, unit, progress)
    is_handout = item.kind == "handout"
    return {
        "outline": outline,
        "unit": unit,
        "item": item,
        "kind": item_kind(item.kind),
        "body": _body(item),
        "unit_state": state,
        "neighbors": study.neighbors(found, item),
        "entries": unit_entries(outline, unit, state, item),
        "handout": file_url(outline.slug, item, item.details["file_name"]) if is_handout else "",
    }


def _own(found: Study, progress: Progress, item: ItemOutline) -> dict[str, str]:
    """The learner's own words of the page; '' where there is nothing to say."""
    completed_at = progress.completed_items.get(item.id)
    missing = missing_time(study.get_unit(found, item.unit_number), progress)
    return {
        "completed_on": wording.local(completed_at, identity().time_zone) if completed_at else "",
        "missing_time": wording.duration(missing) if missing else "",
    }


@lru_cache(maxsize=BODIES_KEPT)
def _body(item: ItemOutline) -> Markup:
    return Markup(item.body_html)  # noqa: S704 - sanitized at publishing


def _recording(found: Study, item: ItemOutline) -> dict[str, Any]:
    played = study.find_media_progress(found.enrollment.id, item.id)
    duration = item.details["media"]["duration"]
    return {
        "transcript": Markup(item.details.get("transcript_html", "")),  # noqa: S704 - the same
        "file": partial(file_url, found.outline.slug, item),
        "recording_name": recording_name(item),
        "is_sound": is_sound(item),
        "percent_played": study.percent_played(played, duration),
        "start_at": _start_at(played, duration),
    }


def _start_at(played: object, duration: int) -> int:
    """Where the recording starts: `?t=` of a link, else where it was left."""
    asked = read_whole_number(request.args.get("t", ""))
    if asked is not None:
        return min(asked, duration)
    left_at: int = getattr(played, "position_seconds", 0)
    return left_at if left_at < duration - 2 else 0
