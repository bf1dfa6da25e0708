"""The walk through a course: outline, items, post-tests with their key, evaluation, certificate."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import identity
from blueprints.instructor.answer_key import key_entries
from blueprints.player.files import is_sound, recording_name
from blueprints.player.outline import item_kind
from blueprints.served_file import served_file
from domain import credit
from domain.evaluation import list_groups
from domain.outline import ItemOutline, Outline, UnitOutline
from domain.post_test_rules import rules_of
from domain.refusals import NotFound
from services import answer_keys, catalogue, certification, reviewers

bp = Blueprint("review", __name__)


@bp.get("/review/<slug>")
def show_review(slug: str) -> ResponseReturnValue:
    outline = _outline(slug)
    now = clock.now()
    return render_template(
        "review/course.html",
        outline=outline,
        units=[_unit_row(outline, unit) for unit in outline.units],
        hours=credit.in_words(credit.hours(outline.minutes)),
        credits=certification.list_credits(outline, catalogue.provider_day(now)),
        rules=rules_of(outline),
    )


@bp.get("/review/<slug>/units/<int:unit>/<item>")
def show_review_item(slug: str, unit: int, item: str) -> ResponseReturnValue:
    outline = _outline(slug)
    place = _item(outline, unit, item)
    items = list(outline.items())
    at = items.index(place)
    return render_template(
        "review/item.html",
        outline=outline,
        item=place,
        kind=item_kind(place.kind),
        is_sound=is_sound(place),
        recording=recording_name(place),
        body=Markup(place.body_html),  # noqa: S704 - sanitized at publishing
        transcript=Markup(place.details.get("transcript_html", "")),  # noqa: S704 - the same
        file_url=lambda name: _file_url(slug, place, name),
        before=_step(outline, items[at - 1] if at else None),
        after=_step(outline, items[at + 1] if at + 1 < len(items) else None),
    )


@bp.get("/review/<slug>/units/<int:unit>/<item>/files/<name>")
def show_review_file(slug: str, unit: int, item: str, name: str) -> ResponseReturnValue:
    return served_file(_item(_outline(slug), unit, item), name, "private, max-age=3600")


@bp.get("/review/<slug>/units/<int:unit>/post-test")
def show_review_test(slug: str, unit: int) -> ResponseReturnValue:
    outline = _outline(slug)
    found = [pair for pair in answer_keys.list_by_unit(outline) if pair[0].number == unit]
    if not found:
        raise NotFound("There is no such unit in this course.")
    return render_template(
        "review/post_test.html",
        outline=outline,
        rules=rules_of(outline),
        units=key_entries(outline, found),
    )


@bp.get("/review/<slug>/evaluation")
def show_review_evaluation(slug: str) -> ResponseReturnValue:
    outline = _outline(slug)
    intro = Markup(outline.evaluation["intro_html"])  # noqa: S704 - sanitized at publishing
    return render_template(
        "review/evaluation.html", outline=outline, groups=list_groups(outline), intro=intro
    )


def _outline(slug: str) -> Outline:
    return reviewers.get_outline_for(identity(), slug, clock.now())


def _item(outline: Outline, unit: int, slug: str) -> ItemOutline:
    found = outline.find_item(unit, slug)
    if found is None:
        raise NotFound("There is no such item in this course.")
    return found


def _file_url(slug: str, item: ItemOutline, name: str) -> str:
    return url_for(
        "review.show_review_file", slug=slug, unit=item.unit_number, item=item.slug, name=name
    )


def _step(outline: Outline, item: ItemOutline | None) -> tuple[str, str] | None:
    return (item.title, _item_url(outline, item)) if item is not None else None


def _item_url(outline: Outline, item: ItemOutline) -> str:
    return url_for(
        "review.show_review_item", slug=outline.slug, unit=item.unit_number, item=item.slug
    )


def _unit_row(outline: Outline, unit: UnitOutline) -> dict[str, object]:
    """A unit as `components/outline.html` takes it, everything open."""
    entries = [
        {
            "title": item.title,
            "kind": item_kind(item.kind),
            "minutes": item.minutes,
            "href": _item_url(outline, item),
            "state": "open",
            "status": "",
            "current": False,
        }
        for item in unit.items
    ]
    test = {
        "title": unit.post_test_title,
        "kind": "Post-test",
        "minutes": None,
        "href": url_for("review.show_review_test", slug=outline.slug, unit=unit.number),
        "state": "open",
        "status": "",
        "current": False,
    }
    return {
        "number": unit.number,
        "title": unit.title,
        "minutes": unit.minutes,
        "href": "",
        "state": "open",
        "status": "",
        "entries": [*entries, test],
    }
