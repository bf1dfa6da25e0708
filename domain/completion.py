"""The rules of completion: what is required, what is met, and when a course was complete."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.outline import Outline, UnitOutline
from domain.path import are_items_complete, find_blocking_unit
from domain.standing import NO_STANDING, Progress


@dataclass(frozen=True)
class Requirement:
    """One thing that stands between the learner and the certificate.

    `kind`: 'items', 'post-test', 'evaluation' or 'attestation'. `is_open`: can be worked on now.
    """

    kind: str
    title: str
    met_at: datetime | None
    is_open: bool
    evidence: str
    unit_number: int | None = None


def requirements(
    outline: Outline, progress: Progress, certified_at: datetime | None
) -> tuple[Requirement, ...]:
    """Every requirement in the order of the path, met or not, with its evidence in words."""
    found: list[Requirement] = []
    for unit in outline.units:
        is_open = find_blocking_unit(outline, progress, unit.number) is None
        found.append(_items(unit, progress, is_open))
        found.append(_post_test(outline, unit, progress, is_open))
    found.append(_evaluation(outline, progress))
    found.append(_attestation(outline, progress, certified_at))
    return tuple(found)


def content_completed_at(outline: Outline, progress: Progress) -> datetime | None:
    """The moment of the last of items, post-tests and evaluation; None while one is missing.

    Attesting later does not move it.
    """
    moments: list[datetime] = []
    for unit in outline.units:
        if not are_items_complete(unit, progress):
            return None
        moments += [progress.completed_items[i.id] for i in unit.items if i.required]
        passed_at = progress.tests.get(unit.post_test_id, NO_STANDING).passed_at
        if passed_at is None:
            return None
        moments.append(passed_at)
    if progress.evaluated_at is None:
        return None
    return max([*moments, progress.evaluated_at])


def can_evaluate(outline: Outline, progress: Progress) -> bool:
    """Whether every item is complete and every post-test passed."""
    return all(
        are_items_complete(unit, progress) and progress.is_test_passed(unit.post_test_id)
        for unit in outline.units
    )


def printed_date(instant: datetime, provider_zone: str) -> date:
    """The completion date as printed: the calendar day in the provider's time zone."""
    return instant.astimezone(ZoneInfo(provider_zone)).date()


def _items(unit: UnitOutline, progress: Progress, is_open: bool) -> Requirement:
    required = [item for item in unit.items if item.required]
    done = [item for item in required if progress.is_item_complete(item.id)]
    complete = len(done) == len(required)
    latest = max((progress.completed_items[item.id] for item in done), default=None)
    return Requirement(
        "items",
        f"Unit {unit.number}: all required items",
        latest if complete else None,
        is_open,
        f"{len(done)} of {len(required)} items complete",
        unit.number,
    )


def _post_test(
    outline: Outline, unit: UnitOutline, progress: Progress, is_open: bool
) -> Requirement:
    standing = progress.tests.get(unit.post_test_id, NO_STANDING)
    left = outline.attempts_allowed - standing.attempts_used
    if standing.passed_at is not None:
        evidence = f"Passed in attempt {standing.passed_number or standing.attempts_used}"
    elif standing.attempts_used == 0:
        evidence = f"{outline.pass_mark} % to pass, {left} attempts"
    else:
        evidence = f"Not passed yet; {max(left, 0)} of {outline.attempts_allowed} attempts left"
    return Requirement(
        "post-test",
        f"Unit {unit.number}: post-test passed",
        standing.passed_at,
        is_open and are_items_complete(unit, progress),
        evidence,
        unit.number,
    )


def _evaluation(outline: Outline, progress: Progress) -> Requirement:
    is_open = can_evaluate(outline, progress)
    evidence = "Submitted" if progress.evaluated_at else "Opens when every post-test is passed"
    if is_open and not progress.evaluated_at:
        evidence = "About five minutes; reported without your name"
    return Requirement("evaluation", "Evaluation", progress.evaluated_at, is_open, evidence)


def _attestation(
    outline: Outline, progress: Progress, certified_at: datetime | None
) -> Requirement:
    is_open = content_completed_at(outline, progress) is not None
    evidence = "Confirm your name and licenses, and that you did the work"
    return Requirement("attestation", "Name, licenses and attestation", certified_at, is_open, evidence)
