"""Profiles of approving bodies: `content/bodies.yaml`, dated, with what is not confirmed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from course_format.course_facts import read_yaml
from course_format.faults import Report
from course_format.fields import Fields
from course_format.files import ID_RULE, is_id
from course_format.source import Fault
from course_format.statement_patterns import find_fault

KEYS = ("bodies",)
BODY_KEYS = (
    "id", "name", "kind", "unit_word", "hour_minutes", "increment", "minimum", "maximum",
    "daily_maximum", "statement", "source", "checked_on", "unconfirmed", "rules",
)  # fmt: skip
RULE_KEYS = ("topic", "text", "source", "confirmed")
KINDS = ("national", "state board")
MAY_BE_UNCONFIRMED = (
    "unit_word", "hour_minutes", "increment", "minimum", "maximum", "daily_maximum", "statement",
)  # fmt: skip
LONGEST_HOUR_MINUTES = 600
"""A CEU is ten hours of 60 minutes."""


@dataclass(frozen=True, slots=True)
class Body:
    """What the field says about an approving body. `rules` are JSON values as in RULE_KEYS."""

    id: str
    name: str
    kind: str
    unit_word: str
    hour_minutes: int
    increment: Decimal
    minimum: Decimal
    maximum: Decimal | None
    daily_maximum: Decimal | None
    statement: str
    source: str
    checked_on: date
    unconfirmed: tuple[str, ...]
    rules: tuple[dict[str, Any], ...]


def read_bodies(path: Path) -> tuple[list[Body], list[Fault]]:
    """Read every profile; those with errors are left out and reported."""
    report = Report()
    mapping = read_yaml(path.parent, path.name, report)
    if mapping is None:
        return [], report.faults()
    fields = Fields(mapping, path.name, report, KEYS)
    found: list[Body] = []
    for one in fields.mappings("bodies", BODY_KEYS, at_least=1):
        body = _body(one)
        if any(other.id == body.id for other in found):
            one.wrong("id", f"“{body.id}” is the id of another body.")
        found.append(body)
    return ([] if report.has_errors else found), report.faults()


def _body(one: Fields) -> Body:
    body = Body(
        id=one.text("id", 60),
        name=one.text("name", 200),
        kind=one.one_of("kind", KINDS),
        unit_word=one.text("unit_word", 60),
        hour_minutes=one.whole("hour_minutes", 30, LONGEST_HOUR_MINUTES),
        increment=one.decimal("increment"),
        minimum=one.decimal("minimum"),
        maximum=one.decimal("maximum") if one.has("maximum") else None,
        daily_maximum=one.decimal("daily_maximum") if one.has("daily_maximum") else None,
        statement=one.text("statement", 2_000),
        source=one.text("source", 300),
        checked_on=one.day("checked_on"),
        unconfirmed=tuple(_unconfirmed(one)),
        rules=tuple(_rule(rule) for rule in one.mappings("rules", RULE_KEYS)),
    )
    if body.id and not is_id(body.id):
        one.wrong("id", f"“{body.id}” is not an id. An id has {ID_RULE}.")
    if one.has("increment") and not 0 < body.increment <= 1:
        one.wrong("increment", "“increment” must be more than 0 and at most 1.")
    fault = find_fault(body.statement)
    if fault:
        one.wrong("statement", fault)
    return body


def _unconfirmed(one: Fields) -> list[str]:
    names = [text for text, _ in one.texts("unconfirmed")]
    for name in names:
        if name not in MAY_BE_UNCONFIRMED:
            one.wrong("unconfirmed", f"“{name}” is not a field of a profile.")
    return names


def _rule(rule: Fields) -> dict[str, Any]:
    return {
        "topic": rule.text("topic", 60),
        "text": rule.text("text", 500),
        "source": rule.text("source", 200),
        "confirmed": rule.flag("confirmed", default=False),
    }
