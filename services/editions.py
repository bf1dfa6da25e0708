"""Editions as outlines, kept in memory: an edition changes only by a numbered revision."""

import time
from functools import lru_cache

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import selectinload

from domain.outline import ItemOutline, Outline, UnitOutline
from domain.refusals import NotFound
from extensions import db
from models import Course, Edition, EditionRevision, Item, PostTest, Unit
from services.revised_outline import apply_content

REMEMBERED_S = 10.0
"""A revision reaches every process within this time."""

_revisions: dict[Engine, tuple[float, dict[int, int]]] = {}


def get_outline(edition_id: int) -> Outline:
    """The outline of an edition as its latest revision left it, from memory where possible."""
    return _read_outline(edition_id, _latest_revisions().get(edition_id, 0))


def forget() -> None:
    """Read editions and revisions afresh at the next request of this process."""
    _read_outline.cache_clear()
    _revisions.clear()


def _latest_revisions() -> dict[int, int]:
    """Edition to the number of its latest revision, read again at most every ten seconds."""
    key = db.engine
    found = _revisions.get(key)
    if found is None or time.monotonic() - found[0] > REMEMBERED_S:
        query = select(EditionRevision.edition_id, func.max(EditionRevision.number))
        rows = db.session.execute(query.group_by(EditionRevision.edition_id))
        found = (time.monotonic(), dict(rows.all()))
        _revisions[key] = found
    return found[1]


@lru_cache(maxsize=256)
def _read_outline(edition_id: int, revision: int) -> Outline:
    outline = _read_edition(edition_id)
    if not revision:
        return outline
    query = select(EditionRevision.content).where(
        EditionRevision.edition_id == edition_id, EditionRevision.number == revision
    )
    return apply_content(outline, db.session.scalars(query).one(), revision)


def _read_edition(edition_id: int) -> Outline:
    edition = db.session.scalars(
        select(Edition)
        .where(Edition.id == edition_id)
        .options(
            selectinload(Edition.units).selectinload(Unit.items),
            selectinload(Edition.units).selectinload(Unit.post_test),
            selectinload(Edition.course),
        )
    ).one()
    return _outline(edition)


def get_course(slug: str) -> Course:
    """The course at an address, archived or not. Raises NotFound."""
    course = db.session.scalar(select(Course).where(Course.slug == slug))
    if course is None or course.current_edition_id is None:
        raise NotFound("There is no course at this address.")
    return course


def get_title(course_id: int) -> str:
    """The title of a course in its current edition."""
    course = db.session.get_one(Course, course_id)
    return get_outline(course.current_edition_id).title if course.current_edition_id else ""


def get_current_outline(slug: str) -> Outline:
    """The edition that new enrollments of a course get. Raises NotFound."""
    course = get_course(slug)
    if course.archived_at is not None or course.current_edition_id is None:
        raise NotFound("This course is no longer offered.")
    return get_outline(course.current_edition_id)


def list_current_outlines() -> list[Outline]:
    """The current editions of all courses offered, in the order of their titles."""
    ids = db.session.scalars(
        select(Course.current_edition_id).where(
            Course.archived_at.is_(None), Course.current_edition_id.is_not(None)
        )
    )
    outlines = [get_outline(edition_id) for edition_id in ids if edition_id is not None]
    return sorted(outlines, key=lambda outline: outline.title)


def _outline(edition: Edition) -> Outline:
    return Outline(
        edition_id=edition.id,
        edition_number=edition.number,
        course_id=edition.course_id,
        slug=edition.course.slug,
        code=edition.code,
        title=edition.title,
        summary=edition.summary,
        about_html=edition.about_html,
        price_cents=edition.price_cents,
        currency=edition.currency,
        assessment_minutes=edition.assessment_minutes,
        pass_mark=edition.pass_mark,
        attempts_allowed=edition.attempts_allowed,
        access_days=edition.access_days,
        released=edition.released,
        expires=edition.expires,
        content_hash=edition.content_hash,
        facts=edition.facts,
        evaluation=edition.evaluation,
        units=tuple(_unit(unit) for unit in edition.units),
    )


def _unit(unit: Unit) -> UnitOutline:
    test: PostTest = unit.post_test
    return UnitOutline(
        id=unit.id,
        number=unit.number,
        title=unit.title,
        minutes=unit.minutes,
        items=tuple(_item(item, unit.number) for item in unit.items),
        post_test_id=test.id,
        post_test_title=test.title,
        draw=test.draw,
    )


def _item(item: Item, unit_number: int) -> ItemOutline:
    return ItemOutline(
        id=item.id,
        unit_number=unit_number,
        position=item.position,
        slug=item.slug,
        title=item.title,
        kind=item.kind,
        minutes=item.minutes,
        required=item.required,
        words=item.words,
        body_html=item.body_html,
        details=item.details,
    )
