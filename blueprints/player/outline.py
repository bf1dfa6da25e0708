"""The outline of a course as rows of pages: kinds in words, what is done, what is open."""

from typing import Any

from blueprints.links import address
from domain.outline import ItemOutline, Outline, UnitOutline
from domain.path import are_items_complete, find_blocking_unit, is_unit_finished
from domain.standing import NO_STANDING, Progress

KINDS = {
    "webinar": "Webinar",
    "video": "Video",
    "audio": "Recorded audio",
    "reading": "Reading",
    "handout": "Handout",
    "link": "Link",
}


def item_kind(kind: str) -> str:
    """The kind of an item in words."""
    return KINDS[kind]


def unit_rows(
    outline: Outline, progress: Progress, current: ItemOutline | None
) -> list[dict[str, Any]]:
    """Every unit with its items and post-test, as `components/outline.html` takes them."""
    return [unit_row(outline, unit, progress, current) for unit in outline.units]


def unit_row(
    outline: Outline, unit: UnitOutline, progress: Progress, current: ItemOutline | None
) -> dict[str, Any]:
    """One unit with its items and post-test; `current` is the item whose page this is."""
    is_open = find_blocking_unit(outline, progress, unit.number) is None
    done = sum(progress.is_item_complete(item.id) for item in unit.items)
    finished = is_unit_finished(unit, progress)
    status = "Finished" if finished else f"{done} of {len(unit.items)} items"
    rows = [_item_row(outline, item, progress, is_open, current) for item in unit.items]
    return {
        "number": unit.number,
        "title": unit.title,
        "minutes": unit.minutes,
        "href": "",
        "state": "done" if finished else "open" if is_open else "waiting",
        "status": status if is_open else "Cannot start yet",
        "entries": [*rows, _test_row(outline, unit, progress, is_open)],
    }


def _item_row(
    outline: Outline,
    item: ItemOutline,
    progress: Progress,
    is_open: bool,
    current: ItemOutline | None,
) -> dict[str, Any]:
    complete = progress.is_item_complete(item.id)
    href = address("player.show_item", slug=outline.slug, unit=item.unit_number, item=item.slug)
    return {
        "title": item.title,
        "kind": KINDS[item.kind],
        "minutes": item.minutes,
        "href": href if is_open else "",
        "state": "done" if complete else "open" if is_open else "waiting",
        "status": "Complete" if complete else "",
        "current": current is not None and current.id == item.id,
    }


def _test_row(
    outline: Outline, unit: UnitOutline, progress: Progress, is_open: bool
) -> dict[str, Any]:
    standing = progress.tests.get(unit.post_test_id, NO_STANDING)
    can_start = is_open and are_items_complete(unit, progress)
    href = address("post_tests.show_post_test", slug=outline.slug, unit=unit.number)
    passed = standing.passed_at is not None
    return {
        "title": unit.post_test_title,
        "kind": "Post-test",
        "minutes": None,
        "href": href if can_start else "",
        "state": "done" if passed else "open" if can_start else "waiting",
        "status": "Passed" if passed else "" if can_start else "Cannot start yet",
        "current": False,
    }
