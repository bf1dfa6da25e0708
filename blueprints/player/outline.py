"""The outline of a course as rows of pages: kinds in words, what is done, what is open."""

from dataclasses import dataclass
from functools import lru_cache

from blueprints.links import address
from domain.outline import ItemOutline, Outline, UnitOutline
from domain.path import are_items_complete, find_blocking_unit, missing_time
from domain.standing import Progress

KINDS = {
    "webinar": "Webinar",
    "video": "Video",
    "audio": "Recorded audio",
    "reading": "Reading",
    "handout": "Handout",
    "link": "Link",
}
ROWS_KEPT = 4096


@dataclass(frozen=True)
class UnitState:
    """How a learner stands in a unit: whether it is open, the items done, its test passed.

    `needs_time`: a required minimum time is missing before its post-test.
    """

    is_open: bool
    done: frozenset[int]
    items_complete: bool
    is_passed: bool
    needs_time: bool

    @property
    def is_finished(self) -> bool:
        return self.items_complete and self.is_passed


@dataclass(frozen=True)
class Entry:
    """An item or a post-test, as `components/outline.html` takes it."""

    title: str
    kind: str
    minutes: int | None
    href: str
    state: str
    status: str
    current: bool = False


@dataclass(frozen=True)
class UnitRow:
    """A unit with its entries, as `components/outline.html` takes it."""

    number: int
    title: str
    minutes: int
    href: str
    state: str
    status: str
    entries: tuple[Entry, ...]


def item_kind(kind: str) -> str:
    """The kind of an item in words."""
    return KINDS[kind]


def unit_rows(outline: Outline, progress: Progress) -> tuple[UnitRow, ...]:
    """Every unit with its items and post-test."""
    return tuple(
        _unit_row(outline, unit, unit_state(outline, unit, progress)) for unit in outline.units
    )


def unit_state(outline: Outline, unit: UnitOutline, progress: Progress) -> UnitState:
    """How the learner of this progress stands in a unit."""
    return UnitState(
        is_open=find_blocking_unit(outline, progress, unit.number) is None,
        done=frozenset(item.id for item in unit.items if progress.is_item_complete(item.id)),
        items_complete=are_items_complete(unit, progress),
        is_passed=progress.is_test_passed(unit.post_test_id),
        needs_time=bool(missing_time(unit, progress)),
    )


@lru_cache(maxsize=ROWS_KEPT)
def unit_entries(
    outline: Outline, unit: UnitOutline, state: UnitState, current: ItemOutline | None = None
) -> tuple[Entry, ...]:
    """The items of a unit and its post-test; `current` is the item whose page this is."""
    rows = [_item_entry(outline, item, state, item is current) for item in unit.items]
    return (*rows, _test_entry(outline, unit, state))


@lru_cache(maxsize=ROWS_KEPT)
def _unit_row(outline: Outline, unit: UnitOutline, state: UnitState) -> UnitRow:
    done = "Finished" if state.is_finished else f"{len(state.done)} of {len(unit.items)} items"
    return UnitRow(
        number=unit.number,
        title=unit.title,
        minutes=unit.minutes,
        href="",
        state="done" if state.is_finished else "open" if state.is_open else "waiting",
        status=done if state.is_open else "Cannot start yet",
        entries=unit_entries(outline, unit, state),
    )


def _item_entry(outline: Outline, item: ItemOutline, state: UnitState, current: bool) -> Entry:
    complete = item.id in state.done
    href = address("player.show_item", slug=outline.slug, unit=item.unit_number, item=item.slug)
    return Entry(
        title=item.title,
        kind=KINDS[item.kind],
        minutes=item.minutes,
        href=href if state.is_open else "",
        state="done" if complete else "open" if state.is_open else "waiting",
        status="Complete" if complete else "",
        current=current,
    )


def _test_entry(outline: Outline, unit: UnitOutline, state: UnitState) -> Entry:
    can_start = state.is_open and state.items_complete and not state.needs_time
    href = address("post_tests.show_post_test", slug=outline.slug, unit=unit.number)
    status = "" if can_start else "Cannot start yet"
    return Entry(
        title=unit.post_test_title,
        kind="Post-test",
        minutes=None,
        href=href if can_start else "",
        state="done" if state.is_passed else "open" if can_start else "waiting",
        status="Passed" if state.is_passed else status,
    )
