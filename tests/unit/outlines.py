"""Small outlines for rules: two units of two items, the second item of unit 1 optional."""

from datetime import date
from typing import Any

from domain.outline import ItemOutline, Outline, UnitOutline


def make_outline(**completion: Any) -> Outline:
    """Units of 30 and 20 minutes; `completion` changes rules such as `minimum_percent`."""
    rules = {"order": "units", "minimum_percent": None, **completion}
    return Outline(
        edition_id=1,
        edition_number=1,
        course_id=1,
        slug="small-course",
        code="SML-101",
        title="A Small Course",
        summary="",
        about_html="",
        price_cents=0,
        currency="USD",
        assessment_minutes=10,
        pass_mark=80,
        attempts_allowed=3,
        access_days=365,
        released=date(2026, 9, 1),
        expires=date(2029, 8, 31),
        content_hash="0" * 64,
        facts={"completion": rules, "objectives": ["Identify one", "Describe two"]},
        evaluation={"questions": []},
        units=(_unit(1, 30), _unit(2, 20)),
    )


def _unit(number: int, minutes: int) -> UnitOutline:
    items = tuple(_item(number, position, required=position == 1) for position in (1, 2))
    return UnitOutline(number, number, f"Unit {number}", minutes, items, 100 + number, "", 3)


def _item(unit: int, position: int, *, required: bool) -> ItemOutline:
    return ItemOutline(
        id=10 * unit + position,
        unit_number=unit,
        position=position,
        slug=f"item-{unit}-{position}",
        title=f"Item {unit}.{position}",
        kind="reading",
        minutes=10,
        required=required,
        words=100,
        body_html="",
        details={},
    )
