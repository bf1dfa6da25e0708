"""The rules of completion: what is required, what is met, and when a course was complete."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.outline import Outline, UnitOutline
from domain.path import are_items_complete, find_blocking_unit, is_test_open, missing_time
from domain.standing import NO_STANDING, Progress, TestStanding


@dataclass(frozen=True)
class Requirement:
    """One thing that stands between the learner and the certificate.

    `kind`: 'items', 'post-test', 'time', 'evaluation' or 'attestation'. `met_at` is when it was
    met, where that is one moment. `is_open`: it can be worked on now.
    """

    kind: str
    title: str
    met: bool
    met_at: datetime | None
    is_open: bool
    evidence: str
    unit_number: int | None = None


def requirements(
    outline: Outline,
    progress: Progress,
    certified_at: datetime | None,
) -> tuple[Requirement, ...]:
    """Every requirement in the order of the path, met or not, with its evidence in words."""
    found: list[Requirement] = []
    for unit in outline.units:
        is_open = find_blocking_unit(outline, progress, unit.number) is None
        found.append(_items(unit, progress, is_open))
        if unit.number in progress.time.required:
            found.append(_time(unit, progress, is_open))
        found.append(_post_test(outline, unit, progress, is_open))
    found.append(_evaluation(outline, progress))
    found.append(_attestation(outline, progress, certified_at))
    return tuple(found)


def content_completed_at(outline: Outline, progress: Progress) -> datetime | None:
    """The moment of the last of items, post-tests and evaluation; None while one is missing.

    A minimum time is met before a post-test opens, so that it never comes last. Attesting later
    does not move the moment (product.md, Rules of completion).
    """
    moments: list[datetime] = []
    for unit in outline.units:
        if not are_items_complete(unit, progress):
            return None
        moments += [progress.completed_items[i.id] for i in unit.items if i.required]
        passed_at = _standing(unit, progress).passed_at
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
        complete,
        latest if complete else None,
        is_open,
        f"{len(done)} of {len(required)} items complete",
        unit.number,
    )


def _post_test(
    outline: Outline, unit: UnitOutline, progress: Progress, is_open: bool
) -> Requirement:
    standing = _standing(unit, progress)
    return Requirement(
        "post-test",
        f"Unit {unit.number}: post-test passed",
        standing.passed_at is not None,
        standing.passed_at,
        is_open and is_test_open(unit, progress),
        _test_evidence(
            outline,
            standing,
            progress.count_attempts_left(unit.post_test_id, outline.attempts_allowed),
        ),
        unit.number,
    )


def _test_evidence(outline: Outline, standing: TestStanding, left: int) -> str:
    if standing.passed_at is not None:
        return f"Passed in attempt {standing.passed_number or standing.attempts_used}"
    if standing.attempts_used == 0:
        return f"{outline.pass_mark} % to pass, {_attempts(left)}"
    return f"Not passed yet, {_attempts(left)} left"


def _attempts(count: int) -> str:
    return f"{count} attempt" if count == 1 else f"{count} attempts"


def _time(unit: UnitOutline, progress: Progress, is_open: bool) -> Requirement:
    return Requirement(
        "time",
        f"Unit {unit.number}: minimum recorded time",
        not missing_time(unit, progress),
        None,
        is_open,
        progress.time.in_words(unit.number),
        unit.number,
    )


def _evaluation(outline: Outline, progress: Progress) -> Requirement:
    done = progress.evaluated_at is not None
    is_open = can_evaluate(outline, progress)
    evidence = "Opens when everything above is done"
    if done:
        evidence = "Submitted"
    elif is_open:
        evidence = "About five minutes, reported without your name"
    return Requirement("evaluation", "Evaluation", done, progress.evaluated_at, is_open, evidence)


def _attestation(
    outline: Outline, progress: Progress, certified_at: datetime | None
) -> Requirement:
    evidence = "Confirm your name and licenses, and that you did the work"
    return Requirement(
        "attestation",
        "Name, licenses and attestation",
        certified_at is not None,
        certified_at,
        content_completed_at(outline, progress) is not None,
        "Attested" if certified_at is not None else evidence,
    )


def _standing(unit: UnitOutline, progress: Progress) -> TestStanding:
    return progress.tests.get(unit.post_test_id, NO_STANDING)
