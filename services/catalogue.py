"""The catalogue: the courses on offer, found by words and filters, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, or_, select, union

from domain import credit
from domain.catalogue import FORMATS, LEVELS, MINUTES, Wanted
from domain.completion import printed_date
from domain.outline import Outline
from domain.refusals import Conflict
from extensions import db
from models import Approval, Course, CourseListing, ListingApproval
from models.search import Match, looked_up, match_words
from services.provider import get_provider

PAGE = 20
MOST_RANKED = 200
"""So many courses with the words are counted, paged through, and put in the order of how well they
match. Whoever finds more needs other words, not an eleventh page; to rank them all costs too much.
"""
Filters = list[ColumnElement[bool]]
_LINE = func.coalesce(Approval.series, Approval.id)
_SHOWN = (
    CourseListing.course_id,
    CourseListing.slug,
    CourseListing.title,
    CourseListing.summary,
    CourseListing.instructors,
    CourseListing.level,
    CourseListing.format,
    CourseListing.minutes,
    CourseListing.price_cents,
    CourseListing.currency,
)


@dataclass(frozen=True)
class Entry:
    """A course as the catalogue lists it. `bodies`: whose approvals are in force today."""

    slug: str
    title: str
    summary: str
    instructors: str
    level: str
    format: str
    minutes: int
    price_cents: int
    currency: str
    bodies: tuple[str, ...]

    @property
    def hours(self) -> Decimal:
        return credit.hours(self.minutes)


@dataclass(frozen=True)
class Found:
    """A page of the courses that were looked for: `found` of `total` match, on `pages` pages.

    `is_more`: still more match than are counted; the pages hold the first of them, by title.
    `is_ranked`: the best match comes first, instead of the order of titles.
    """

    entries: list[Entry]
    found: int
    total: int
    page: int
    pages: int
    bodies: list[str]
    is_more: bool
    is_ranked: bool


def search(wanted: Wanted, page: int, now: datetime) -> Found:
    """A page of the catalogue: the best match first, or by title where no words are given.

    Where more than MOST_RANKED courses have the words, the first of them stand by title. A page
    beyond the last is the last.
    """
    today = provider_day(now)
    filters = _filters(wanted, today)
    total = _count(_by_title("", [], today))
    counted = total if wanted.is_anything else _count_found(wanted.words, filters, today)
    is_more = bool(wanted.words) and counted > MOST_RANKED
    found = min(counted, MOST_RANKED) if is_more else counted
    pages = max(1, -(-found // PAGE))
    page = min(max(page, 1), pages)
    is_ranked = bool(wanted.words) and not is_more
    ids = (_best_first if is_ranked else _by_title)(wanted.words, filters, today)
    here = db.session.scalars(_cut(ids, page, found)).all() if found else []
    bodies = _list_bodies(today)
    return Found(_entries(here, today), found, total, page, pages, bodies, is_more, is_ranked)


def provider_day(now: datetime) -> date:
    """The calendar day in the provider's time zone: dates of courses are meant in it."""
    return printed_date(now, get_provider().time_zone)


def is_enrollment_closed(outline: Outline, now: datetime) -> bool:
    """Whether the course's last day has passed: nobody enrolls in it any more."""
    return outline.expires < provider_day(now)


def refuse_closed(outline: Outline, now: datetime) -> None:
    """Raise Conflict where nobody enrolls any more."""
    if is_enrollment_closed(outline, now):
        raise Conflict("Enrollment in this course is closed: its last day has passed.")


def _by_title(words: str, filters: Filters, today: date) -> Select[int]:
    """The ids of the courses that have these words, if any, and pass the filters, by title."""
    listed = select(CourseListing.course_id).where(
        CourseListing.course_id.not_in(_unlisted(today)), *filters
    )
    if words:
        match = match_words(words, db.engine.dialect.name)
        having = select(match.course_id).select_from(match.table).where(match.matches)
        listed = listed.where(looked_up(CourseListing.course_id).in_(having))
    return listed.order_by(CourseListing.sort_title, CourseListing.course_id)


def _best_first(words: str, filters: Filters, today: date) -> Select[int]:
    """The same courses as by title, the best match first."""
    match = match_words(words, db.engine.dialect.name)
    return _having(match, filters, today).order_by(match.best_first, match.course_id)


def _having(match: Match, filters: Filters, today: date) -> Select[int]:
    """The ids of the courses that match and pass the filters, as the index of words has them."""
    found = select(match.course_id).select_from(match.table)
    if filters:
        found = found.join(CourseListing, CourseListing.course_id == match.course_id)
    return found.where(match.matches, match.course_id.not_in(_unlisted(today)), *filters)


def _count_found(words: str, filters: Filters, today: date) -> int:
    """How many pass the filters; of those that have the words, at most one beyond MOST_RANKED."""
    if not words:
        return _count(_by_title("", filters, today))
    match = match_words(words, db.engine.dialect.name)
    some = _having(match, filters, today).limit(MOST_RANKED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _cut(ids: Select[int], page: int, found: int) -> Select[int]:
    """One page of ids, of the first `found`."""
    start = (page - 1) * PAGE
    return ids.offset(start).limit(min(PAGE, found - start))


def _unlisted(today: date) -> CompoundSelect[int]:
    """Courses nobody enrolls in any more: their last day has passed, or they are archived."""
    return union(
        select(CourseListing.course_id).where(CourseListing.expires < today),
        select(Course.id).where(Course.archived_at.is_not(None)),
    )


def _filters(wanted: Wanted, today: date) -> Filters:
    """Every filter that is one of the choices."""
    found: Filters = []
    if wanted.hours in MINUTES:
        least, below = MINUTES[wanted.hours]
        found.append(and_(CourseListing.minutes >= least, CourseListing.minutes < below))
    if wanted.level in LEVELS:
        found.append(CourseListing.level == wanted.level)
    if wanted.format in dict(FORMATS):
        found.append(CourseListing.format == wanted.format)
    if wanted.price in ("free", "paid"):
        is_free = CourseListing.price_cents == 0
        found.append(is_free if wanted.price == "free" else ~is_free)
    if wanted.body:
        found.append(_is_approved_by(wanted.body, today))
    return found


def _is_approved_by(body: str, today: date) -> ColumnElement[bool]:
    """By an approval that the course names by its line, or by one of this course alone.

    The lines are read first: as plain values they let one look into an index decide on a course.
    """
    valid = and_(Approval.body == body, _in_force(today))
    approvals = db.session.execute(select(_LINE, Approval.course_id).where(valid)).all()
    lines = [row[0] for row in approvals if row[1] is None]
    alone = [row[1] for row in approvals if row[1] is not None]
    names_it = exists().where(
        ListingApproval.course_id == CourseListing.course_id, ListingApproval.line.in_(lines)
    )
    return or_(names_it, CourseListing.course_id.in_(alone)) if alone else names_it


def _in_force(today: date) -> ColumnElement[bool]:
    return and_(Approval.valid_from <= today, Approval.valid_until >= today)


def _count(ids: Select[int]) -> int:
    counted = ids.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(counted) or 0


def _list_bodies(today: date) -> list[str]:
    """The bodies that a filter can name: those of approvals in force."""
    query = select(Approval.body).where(_in_force(today)).distinct().order_by(Approval.body)
    return list(db.session.scalars(query))


def _entries(course_ids: Sequence[int], today: date) -> list[Entry]:
    """The entries of these courses, in their order: two queries, however many."""
    bodies = _bodies_of(course_ids, today)
    rows = db.session.execute(select(*_SHOWN).where(CourseListing.course_id.in_(course_ids)))
    entries = {row.course_id: _entry(row, bodies.get(row.course_id, [])) for row in rows}
    return [entries[course_id] for course_id in course_ids]


def _entry(row: Any, bodies: list[str]) -> Entry:
    columns = dict(row._mapping)
    del columns["course_id"]
    return Entry(**columns, bodies=tuple(bodies))


def _bodies_of(course_ids: Sequence[int], today: date) -> dict[int, list[str]]:
    """The bodies of each course's approvals in force, each once, by name."""
    by_line = (
        select(ListingApproval.course_id, Approval.body)
        .join(Approval, ListingApproval.line == _LINE)
        .where(ListingApproval.course_id.in_(course_ids), _in_force(today))
    )
    own = select(Approval.course_id, Approval.body).where(
        Approval.course_id.in_(course_ids), _in_force(today)
    )
    found: dict[int, list[str]] = {}
    for course_id, body in sorted(db.session.execute(by_line.union(own))):
        found.setdefault(course_id, []).append(body)
    return found
