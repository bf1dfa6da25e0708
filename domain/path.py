"""The learner's path through a course: which unit is open, and what to do next."""

from dataclasses import dataclass
from datetime import timedelta

from domain.outline import ItemOutline, Outline, UnitOutline
from domain.standing import Progress
from domain.wording import duration


@dataclass(frozen=True)
class Step:
    """The next thing to do. `kind`: 'item', 'time' (more study of a unit), 'post-test', 'attempt',
    'no-attempts' (another has to be granted), 'evaluation', 'completion' or 'certificate'."""

    kind: str
    label: str
    unit_number: int | None = None
    item_slug: str | None = None
    attempt_id: int | None = None


def is_unit_finished(unit: UnitOutline, progress: Progress) -> bool:
    """Every required item complete and the post-test passed."""
    return are_items_complete(unit, progress) and progress.is_test_passed(unit.post_test_id)


def are_items_complete(unit: UnitOutline, progress: Progress) -> bool:
    return all(progress.is_item_complete(item.id) for item in unit.items if item.required)


def missing_time(unit: UnitOutline, progress: Progress) -> timedelta:
    """What must still be recorded in a unit before its post-test; nothing once it is passed."""
    if progress.is_test_passed(unit.post_test_id):
        return timedelta(0)
    return progress.time.missing(unit.number)


def is_test_open(unit: UnitOutline, progress: Progress) -> bool:
    """Whether all that comes before a unit's post-test within the unit is done."""
    return are_items_complete(unit, progress) and not missing_time(unit, progress)


def find_blocking_unit(
    outline: Outline, progress: Progress, unit_number: int
) -> UnitOutline | None:
    """The earlier unit to finish before this one opens; None where the unit is open."""
    if not outline.units_in_order:
        return None
    earlier = [unit for unit in outline.units if unit.number < unit_number]
    return next((unit for unit in earlier if not is_unit_finished(unit, progress)), None)


def find_next_item(unit: UnitOutline, progress: Progress) -> ItemOutline | None:
    """The first required item of a unit that is not complete."""
    open_items = (
        item for item in unit.items if item.required and not progress.is_item_complete(item.id)
    )
    return next(open_items, None)


def next_step(outline: Outline, progress: Progress, *, certified: bool) -> Step:
    """The one thing to do next, for the course home and the list of courses."""
    if certified:
        return Step("certificate", "See your certificate")
    for unit in outline.units:
        if not is_unit_finished(unit, progress):
            return _step_in(unit, outline, progress)
    if progress.evaluated_at is None:
        return Step("evaluation", "Evaluate the course")
    return Step("completion", "Confirm your name and get your certificate")


def _step_in(unit: UnitOutline, outline: Outline, progress: Progress) -> Step:
    item = find_next_item(unit, progress)
    if item is not None:
        return Step("item", item.title, unit.number, item.slug)
    standing = progress.tests.get(unit.post_test_id)
    if standing is not None and standing.open_attempt_id is not None:
        label = f"Go on with the post-test of unit {unit.number}"
        return Step("attempt", label, unit.number, attempt_id=standing.open_attempt_id)
    missing = missing_time(unit, progress)
    if missing:
        label = f"Study unit {unit.number} for another {duration(missing)}, then take its post-test"
        return Step("time", label, unit.number, unit.items[0].slug)
    if not progress.count_attempts_left(unit.post_test_id, outline.attempts_allowed):
        label = f"Ask for another attempt at the post-test of unit {unit.number}"
        return Step("no-attempts", label, unit.number)
    return Step("post-test", f"Take the post-test of unit {unit.number}", unit.number)
