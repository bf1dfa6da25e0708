"""How a course's post-tests are taken: limits, waiting, feedback. From the facts of an edition."""

from dataclasses import dataclass
from datetime import timedelta

from domain.outline import ItemOutline, Outline, UnitOutline

NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class PostTestRules:
    """The rules of one edition.

    `time_limit` is None where tests are untimed. `not_passed` is 'objectives' or 'score', `passed`
    is 'rationales', 'answers' or 'score': what a learner sees of an attempt that is over.
    """

    time_limit: timedelta | None = None
    time_limit_reason: str = ""
    retry_after: timedelta = NO_WAIT
    not_passed: str = "objectives"
    passed: str = "rationales"


def rules_of(outline: Outline) -> PostTestRules:
    """The rules of an edition; what it does not say is as by default."""
    said = outline.facts["completion"].get("post_tests") or {}
    minutes = said.get("time_limit_minutes")
    return PostTestRules(
        time_limit=timedelta(minutes=minutes) if minutes else None,
        time_limit_reason=said.get("time_limit_reason", ""),
        retry_after=timedelta(hours=said.get("retry_after_hours", 0)),
        not_passed=said.get("feedback_not_passed", "objectives"),
        passed=said.get("feedback_passed", "rationales"),
    )


def items_that_teach(outline: Outline, unit: UnitOutline, objective: int) -> list[ItemOutline]:
    """Where to review an objective: the items that name it, those of the test's unit first.

    Where no item of the course says what it teaches, every item of the unit may.
    """
    naming = [item for item in outline.items() if objective in _taught(item)]
    if not naming and not any(_taught(item) for item in outline.items()):
        return list(unit.items)
    open_by_now = [item for item in naming if item.unit_number <= unit.number]
    return sorted(open_by_now or naming, key=lambda item: item.unit_number != unit.number)


def _taught(item: ItemOutline) -> list[int]:
    found: list[int] = item.details.get("objectives") or []
    return found
