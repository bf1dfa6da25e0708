"""The transcript: what a learner's certificates add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Total:
    """The hours granted under one body, in that body's unit word."""

    body: str
    unit_word: str
    hours: Decimal
    certificates: int


def totals(credits: Iterable[list[dict[str, Any]]]) -> list[Total]:
    """The total by body, in the order in which bodies first appear.

    `credits` are those of each certificate's facts. Hours of different bodies are never added.
    """
    found: dict[tuple[str, str], Total] = {}
    for granted in (granted for some in credits for granted in some):
        key = (granted["body"], granted["unit_word"])
        before = found.get(key, Total(*key, Decimal(0), 0))
        hours = before.hours + Decimal(granted["hours"])
        found[key] = Total(*key, hours, before.certificates + 1)
    return list(found.values())
