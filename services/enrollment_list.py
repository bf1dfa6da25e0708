"""The enrollments of all courses, a page at a time, each with the learner's progress."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from domain.plain_days import read_day
from models import AgencyContract, AgencyKey, Course, Enrollment, EnrollmentKey, Person
from services import keyset, person_search, rosters
from services.keyset import Order
from services.provider_days import start_of
from services.rosters import RosterLine

ORDERS = {
    "enrolled": Order(Enrollment.enrolled_at, descending=True),
    "access": Order(Enrollment.access_until),
}
FILTERS = ("q", "course", "state", "agency", "from", "to")
_OPEN: ColumnElement[Any] = literal_column(
    "enrollment.completed_at IS NULL AND enrollment.ended_at IS NULL"
)
STATES: dict[str, ColumnElement[Any]] = {
    "open": _OPEN,
    "complete": literal_column("enrollment.completed_at IS NOT NULL"),
    "withdrawn": literal_column("enrollment.ended_at IS NOT NULL"),
}
"""Written as the partial indexes are, so that these are used on both databases."""
AT_ONCE = 500


@dataclass(frozen=True)
class EnrollmentPage:
    """A page of enrollments; `is_cut` where the words match too many people to look at all."""

    lines: list[RosterLine]
    next_after: str
    is_cut: bool


def list_enrollments(
    asked: Mapping[str, str], order: Order, after: str, now: datetime
) -> EnrollmentPage:
    """One page, in a fixed number of queries."""
    query, is_cut = _select(asked, now)
    page = keyset.get_page(query, order, Enrollment.id, after)
    return EnrollmentPage(rosters.read_lines(page.rows), page.next_after, is_cut)


def list_all(asked: Mapping[str, str], order: Order, now: datetime) -> list[RosterLine]:
    """Every enrollment that is asked for, read AT_ONCE at a time."""
    query, _ = _select(asked, now)
    lines: list[RosterLine] = []
    after, more = "", True
    while more:
        page = keyset.get_page(query, order, Enrollment.id, after, AT_ONCE)
        lines += rosters.read_lines(page.rows)
        after, more = page.next_after, bool(page.next_after)
    return lines


def _select(asked: Mapping[str, str], now: datetime) -> tuple[Select[*tuple[Any, ...]], bool]:
    query = (
        select(Enrollment, Person, EnrollmentKey.code)
        .join(Person, Person.id == Enrollment.person_id)
        .outerjoin(EnrollmentKey, EnrollmentKey.id == Enrollment.enrollment_key_id)
        .where(*_conditions(asked, now))
    )
    found = person_search.find_people(asked["q"])
    if found is None:
        return query, False
    return query.where(Enrollment.person_id.in_(found.ids)), found.is_cut


def _conditions(asked: Mapping[str, str], now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked["course"]:
        of = select(Course.id).where(Course.slug == asked["course"]).scalar_subquery()
        found.append(Enrollment.course_id == of)
    if asked["state"] in STATES:
        found.append(STATES[asked["state"]])
    elif asked["state"] == "expired":
        found += [_OPEN, Enrollment.access_until <= now]
    if asked["agency"].isascii() and asked["agency"].isdigit():
        found.append(Enrollment.enrollment_key_id.in_(_keys_of(int(asked["agency"][:9]))))
    return found + _between(asked)


def _keys_of(agency_id: int) -> Select[int]:
    return (
        select(AgencyKey.enrollment_key_id)
        .join(AgencyContract, AgencyContract.id == AgencyKey.contract_id)
        .where(AgencyContract.agency_id == agency_id)
    )


def _between(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Enrolled on these days, in the provider's time zone."""
    first, last = read_day(asked["from"]), read_day(asked["to"])
    found = [Enrollment.enrolled_at >= start_of(first)] if first else []
    if last:
        found.append(Enrollment.enrolled_at < start_of(last + timedelta(days=1)))
    return found
