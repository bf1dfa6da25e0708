"""Studying: opening an item, completing it, where a recording stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain import media
from domain.outline import ItemOutline, UnitOutline
from domain.path import find_blocking_unit
from domain.refusals import Conflict, Invalid, NotFound
from domain.standing import Progress
from extensions import db
from models import ItemCompletion, MediaProgress
from services import accommodations, completion, open_finish
from services.enrollments import Study


@dataclass(frozen=True)
class Neighbors:
    """What comes before and after an item: items, and after a unit's last its post-test."""

    previous: ItemOutline | None
    next_item: ItemOutline | None


def get_item(study: Study, progress: Progress, unit_number: int, slug: str) -> ItemOutline:
    """An item the learner may open. Raises NotFound, or Conflict where it is not open yet."""
    item = study.outline.find_item(unit_number, slug)
    if item is None:
        raise NotFound("There is no such item in this course.")
    refuse_closed_unit(study, progress, unit_number)
    return item


def get_unit(study: Study, unit_number: int) -> UnitOutline:
    unit = study.outline.find_unit(unit_number)
    if unit is None:
        raise NotFound("There is no such unit in this course.")
    return unit


def refuse_closed_unit(study: Study, progress: Progress, unit_number: int) -> None:
    """Raise Conflict where the units before this one are not finished."""
    blocking = find_blocking_unit(study.outline, progress, unit_number)
    if blocking is not None:
        raise Conflict(
            f"Unit {unit_number} opens when unit {blocking.number} is finished: all its items "
            "complete and its post-test passed."
        )


def refuse_ended(study: Study, now: datetime) -> None:
    """Raise Conflict where the content is no longer open to the learner."""
    if not study.can_study(now):
        raise Conflict(
            "Your access to this course has ended. Your time record, your attempts and your "
            "certificate stay where they are."
        )


def neighbors(study: Study, item: ItemOutline) -> Neighbors:
    """The items around an item within its unit."""
    items = get_unit(study, item.unit_number).items
    place = items.index(item)
    return Neighbors(
        previous=items[place - 1] if place > 0 else None,
        next_item=items[place + 1] if place + 1 < len(items) else None,
    )


def complete_item(study: Study, item: ItemOutline, now: datetime) -> None:
    """Note that an item is complete; the first time counts and stays.

    The route says what is known: 'played' where the recording was covered, 'stated' for a
    recording without it (played without scripts, or the transcript read), else 'read'.
    """
    if not study.is_open:
        return
    values = {
        "enrollment_id": study.enrollment.id,
        "item_id": item.id,
        "completed_at": now,
        "route": _route(study, item),
    }
    postgresql = db.engine.dialect.name == "postgresql"
    make = postgresql_insert if postgresql else sqlite_insert
    db.session.execute(make(ItemCompletion).values(**values).on_conflict_do_nothing())
    completion.complete_if_ready(study, now)


def finish_view(study: Study, item: ItemOutline, page_view_id: int, now: datetime) -> None:
    """Credit the time of a page that sent no signs, by the POST of its own form."""
    finish_place(study, item.minutes, page_view_id, now)


def finish_place(study: Study, minutes: int, page_view_id: int, now: datetime) -> None:
    """The same for any place: at most its minutes times the learner's time factor in all."""
    if not study.can_record(now):
        return
    enrollment = study.enrollment
    effect = accommodations.get_effect(enrollment.person_id, enrollment.course_id, now)
    allowed = effect.lengthen(timedelta(minutes=minutes))
    open_finish.finish_view(enrollment.person_id, page_view_id, allowed, now)


def find_media_progress(enrollment_id: int, item_id: int) -> MediaProgress | None:
    return db.session.get(MediaProgress, (enrollment_id, item_id))


def save_media_progress(
    study: Study,
    item: ItemOutline,
    position: str,
    ranges: str,
    opened_at: datetime,
    now: datetime,
) -> None:
    """Keep where a recording stands and what of it has been played; `opened_at` is the page's.

    Raises Invalid for what is no position or range, or grows faster than playback allows.
    """
    duration = float(item.details["media"]["duration"])
    at, played = _parse(position, ranges, duration)
    row = _lock_media_progress(study.enrollment.id, item.id, opened_at)
    merged = media.union([*row.played, *played])
    grown_s = media.covered_seconds(merged) - media.covered_seconds(row.played)
    allowance_s = media.SLACK_S if row.allowance_seconds is None else row.allowance_seconds
    left_s = media.spend(allowance_s, now - row.updated_at, now - opened_at, grown_s)
    if left_s is None:
        raise Invalid("ranges", "More was reported as played than the time since allows.")
    row.position_seconds = int(at)
    row.played = merged
    row.allowance_seconds = int(left_s)
    # The fraction is kept as time: rounding it away would, in the end, refuse honest playing.
    row.updated_at = now - timedelta(seconds=(left_s % 1) / media.HIGHEST_RATE)
    db.session.flush()


def _lock_media_progress(enrollment_id: int, item_id: int, opened_at: datetime) -> MediaProgress:
    """The row, locked: two devices that report at once lose nothing. A new one has been filling
    up since the page was opened."""
    postgresql = db.engine.dialect.name == "postgresql"
    make = postgresql_insert if postgresql else sqlite_insert
    values = {
        "enrollment_id": enrollment_id,
        "item_id": item_id,
        "position_seconds": 0,
        "played": [],
        "first_at": opened_at,
        "updated_at": opened_at,
    }
    db.session.execute(make(MediaProgress).values(**values).on_conflict_do_nothing())
    return db.session.scalars(
        select(MediaProgress)
        .where(MediaProgress.enrollment_id == enrollment_id, MediaProgress.item_id == item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def percent_played(progress: MediaProgress | None, duration: float) -> int:
    """How much of a recording has been played, in whole percent, rounded down."""
    played = media.covered_seconds(progress.played) if progress else 0.0
    return min(100, int(played * 100 / duration)) if duration else 0


def _parse(position: str, ranges: str, duration: float) -> tuple[float, Any]:
    try:
        at = float(position)
        played = media.parse_ranges(ranges, duration)
    except ValueError as error:
        raise Invalid("ranges", "That is not a position in this recording.") from error
    if not 0 <= at < float("inf"):
        raise Invalid("position", "That is not a position in this recording.")
    return min(at, duration), played


def _route(study: Study, item: ItemOutline) -> str:
    if not item.is_recording:
        return "read"
    row = find_media_progress(study.enrollment.id, item.id)
    duration = float(item.details["media"]["duration"])
    return "played" if row is not None and media.is_enough(row.played, duration) else "stated"
