"""An edition's outline with the texts of a revision in place of those first published.

What earns credit is never taken from a revision: minutes, order, kinds, objectives, rules.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.outline import ItemOutline, Outline, UnitOutline

CORRECTABLE_FACTS = (
    "references", "system_requirements", "content_notes", "not_accepted_in", "faq_html",
)  # fmt: skip
"""Facts of the course page that a revision may correct (course_format.differences)."""


def apply_content(outline: Outline, content: Mapping[str, Any], revision: int) -> Outline:
    """Return the outline with the content of its latest revision."""
    corrected = {name: content["facts"][name] for name in CORRECTABLE_FACTS}
    instructors = content["facts"]["instructors"]
    return replace(
        outline,
        summary=content["summary"],
        about_html=content["about_html"],
        facts={**outline.facts, **corrected, "instructors": instructors},
        evaluation=content["evaluation"],
        units=tuple(_unit(unit, content) for unit in outline.units),
        revision=revision,
    )


def _unit(unit: UnitOutline, content: Mapping[str, Any]) -> UnitOutline:
    texts = content["units"][str(unit.number)]
    return replace(
        unit,
        title=texts["title"],
        post_test_title=texts["post_test_title"],
        items=tuple(_item(item, content["items"][item.slug]) for item in unit.items),
    )


def _item(item: ItemOutline, texts: Mapping[str, Any]) -> ItemOutline:
    return replace(
        item,
        title=texts["title"],
        words=texts["words"],
        body_html=texts["body_html"],
        details=texts["details"],
    )
