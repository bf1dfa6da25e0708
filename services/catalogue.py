"""The catalogue: the courses on offer, found by words and filters, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from domain import credit
from domain.catalogue import FORMATS, LEVELS, MINUTES, Wanted
from domain.completion import printed_date
from domain.outline import Outline
from domain.refusals import Conflict
from extensions import db
from models import Approval, Course, CourseListing, ListingApproval
from models.search import match_words
from services.provider import get_provider

PAGE = 20
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
    """A page of the courses that were looked for: `found` of `total` match, on `pages` pages."""

    entries: list[Entry]
    found: int
    total: int
    page: int
    pages: int
    bodies: list[str]


def search(wanted: Wanted, page: int, now: datetime) -> Found:
    """A page of the catalogue: the best match first, or by title where no words are given.

    A page beyond the last is the last.
    """
    today = provider_day(now)
    total = _count(_offered(today))
    query = _matching(wanted, today)
    found = total if wanted.is_anything else _count(query)
    pages = max(1, -(-found // PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.execute(_ordered(query, wanted).offset((page - 1) * PAGE).limit(PAGE)).all()
    return Found(_entries(rows, today), found, total, page, pages, _list_bodies(today))


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


def _offered(today: date) -> Select[*tuple[Any, ...]]:
    """The listings of courses one can enroll in today."""
    return (
        select(*_SHOWN)
        .join(Course, Course.id == CourseListing.course_id)
        .where(Course.archived_at.is_(None), CourseListing.expires >= today)
    )


def _matching(wanted: Wanted, today: date) -> Select[*tuple[Any, ...]]:
    query = _offered(today).where(*_conditions(wanted, today))
    if not wanted.words:
        return query
    match = match_words(wanted.words, CourseListing.course_id, db.engine.dialect.name)
    return query.join(match.table, match.on).where(match.matches)


def _ordered(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    order: list[ColumnElement[Any]] = []
    if wanted.words:
        match = match_words(wanted.words, CourseListing.course_id, db.engine.dialect.name)
        order = [match.best_first]
    return query.order_by(*order, CourseListing.sort_title, CourseListing.course_id)


def _conditions(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    """Every filter that is one of the choices."""
    found: list[ColumnElement[bool]] = []
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
    names = select(ListingApproval.line).where(ListingApproval.course_id == CourseListing.course_id)
    return exists().where(
        Approval.body == body,
        _in_force(today),
        or_(Approval.course_id == CourseListing.course_id, _LINE.in_(names)),
    )


def _in_force(today: date) -> ColumnElement[bool]:
    return and_(Approval.valid_from <= today, Approval.valid_until >= today)


def _count(query: Select[*tuple[Any, ...]]) -> int:
    return db.session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _list_bodies(today: date) -> list[str]:
    """The bodies that a filter can name: those of approvals in force."""
    query = select(Approval.body).where(_in_force(today)).distinct().order_by(Approval.body)
    return list(db.session.scalars(query))


def _entries(rows: Iterable[Any], today: date) -> list[Entry]:
    listed = list(rows)
    bodies = _bodies_of([row.course_id for row in listed], today)
    return [_entry(row, tuple(bodies.get(row.course_id, ()))) for row in listed]


def _entry(row: Any, bodies: tuple[str, ...]) -> Entry:
    columns = dict(row._mapping)
    del columns["course_id"]
    return Entry(**columns, bodies=bodies)


def _bodies_of(course_ids: list[int], today: date) -> dict[int, list[str]]:
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
