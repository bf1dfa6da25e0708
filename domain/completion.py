"""The rules of completion: what is required, what is met, and when a course was complete."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.outline import Outline, UnitOutline
from domain.path import are_items_complete, find_blocking_unit
from domain.standing import NO_STANDING, Progress, TestStanding
from domain.wording import duration

NOTHING = timedelta(0)


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
    studied: timedelta = NOTHING,
) -> tuple[Requirement, ...]:
    """Every requirement in the order of the path, met or not, with its evidence in words.

    `studied` is the recorded time, which counts only where the course requires a minimum.
    """
    found: list[Requirement] = []
    for unit in outline.units:
        is_open = find_blocking_unit(outline, progress, unit.number) is None
        found.append(_items(unit, progress, is_open))
        found.append(_post_test(outline, unit, progress, is_open))
    if minimum_time(outline) is not None:
        found.append(_time(outline, studied))
    found.append(_evaluation(outline, progress, studied))
    found.append(_attestation(outline, progress, certified_at))
    return tuple(found)


def content_completed_at(outline: Outline, progress: Progress) -> datetime | None:
    """The moment of the last of items, post-tests and evaluation; None while one is missing.

    A minimum time is met before the evaluation opens, so that it never comes last. Attesting
    later does not move the moment (product.md, Rules of completion).
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


def can_evaluate(outline: Outline, progress: Progress, studied: timedelta = NOTHING) -> bool:
    """Whether every item is complete, every post-test passed and a required time recorded."""
    minimum = minimum_time(outline)
    return (minimum is None or studied >= minimum) and all(
        are_items_complete(unit, progress) and progress.is_test_passed(unit.post_test_id)
        for unit in outline.units
    )


def minimum_time(outline: Outline) -> timedelta | None:
    """The time that must be recorded: a share of the units' minutes. None where it is advisory."""
    percent = outline.facts["completion"].get("minimum_percent")
    if percent is None:
        return None
    return timedelta(minutes=sum(unit.minutes for unit in outline.units)) * int(percent) / 100


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
        is_open and are_items_complete(unit, progress),
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


def _time(outline: Outline, studied: timedelta) -> Requirement:
    minimum = minimum_time(outline) or NOTHING
    return Requirement(
        "time",
        "Minimum recorded time",
        studied >= minimum,
        None,
        True,
        f"{duration(studied)} recorded of {duration(minimum)} required",
    )


def _evaluation(outline: Outline, progress: Progress, studied: timedelta) -> Requirement:
    done = progress.evaluated_at is not None
    is_open = can_evaluate(outline, progress, studied)
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
