"""Money: what was paid and refunded by month and by course, as the payments say."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.months import Days, months_of_days
from extensions import db
from models import Course, Edition, Order, Payment


@dataclass(frozen=True)
class MoneyLine:
    """What came in and went back under one head (a month or a course), in whole cents."""

    key: str
    title: str
    currency: str
    payments: int
    paid_cents: int
    refunds: int
    refunded_cents: int

    @property
    def kept_cents(self) -> int:
        return self.paid_cents - self.refunded_cents


@dataclass(frozen=True)
class Money:
    """The report. A month or course has one line for each currency it had payments in."""

    months: Sequence[MoneyLine]
    courses: Sequence[MoneyLine]
    totals: Sequence[MoneyLine]


Sums = dict[tuple[str, str], dict[str, tuple[int, int]]]
"""(key, currency): by kind of payment, how many and how many cents."""


def get_money(days: Days, course_id: int | None) -> Money:
    """The report of one course, or of all (None), by the days on which the money moved."""
    by_day = _sum_by_day(days, course_id)
    months: Sums = {}
    total: Sums = {}
    for (day, currency), kinds in by_day.items():
        _add(months, (day[:7], currency), kinds)
        _add(total, ("", currency), kinds)
    names = [month.name for month in months_of_days(days)]
    currencies = sorted({currency for _, currency in months}) or ["USD"]
    return Money(
        months=[
            _line(name, name, currency, months.get((name, currency), {}))
            for currency in currencies
            for name in names
        ],
        courses=_list_courses(days, course_id),
        totals=[_line("", "All", c, total.get(("", c), {})) for c in currencies],
    )


def _sum_by_day(days: Days, course_id: int | None) -> Sums:
    query = select(
        Payment.moved_on,
        Payment.currency,
        Payment.kind,
        func.count(),
        func.sum(Payment.amount_cents),
    ).where(Payment.moved_on >= days.first, Payment.moved_on <= days.last)
    if course_id is not None:
        query = query.join(Order, Order.id == Payment.order_id).where(Order.course_id == course_id)
    rows = db.session.execute(query.group_by(Payment.moved_on, Payment.currency, Payment.kind))
    found: Sums = {}
    for day, currency, kind, number, cents in rows:
        found.setdefault((day.isoformat(), currency), {})[kind] = (number, int(cents))
    return found


def _list_courses(days: Days, course_id: int | None) -> list[MoneyLine]:
    query = (
        select(
            Course.slug,
            Edition.title,
            Payment.currency,
            Payment.kind,
            func.count(),
            func.sum(Payment.amount_cents),
        )
        .select_from(Payment)
        .join(Order, Order.id == Payment.order_id)
        .join(Course, Course.id == Order.course_id)
        .join(Edition, Edition.id == Course.current_edition_id)
        .where(Payment.moved_on >= days.first, Payment.moved_on <= days.last)
        .group_by(Course.slug, Edition.title, Payment.currency, Payment.kind)
    )
    if course_id is not None:
        query = query.where(Order.course_id == course_id)
    sums: Sums = {}
    titles = {}
    for slug, title, currency, kind, number, cents in db.session.execute(query):
        sums.setdefault((slug, currency), {})[kind] = (number, int(cents))
        titles[slug] = title
    lines = [_line(slug, titles[slug], currency, kinds) for (slug, currency), kinds in sums.items()]
    return sorted(lines, key=lambda line: (line.title, line.currency))


def _add(sums: Sums, key: tuple[str, str], kinds: dict[str, tuple[int, int]]) -> None:
    found = sums.setdefault(key, {})
    for kind, (number, cents) in kinds.items():
        before = found.get(kind, (0, 0))
        found[kind] = (before[0] + number, before[1] + cents)


def _line(key: str, title: str, currency: str, kinds: dict[str, tuple[int, int]]) -> MoneyLine:
    paid, refunded = kinds.get("payment", (0, 0)), kinds.get("refund", (0, 0))
    return MoneyLine(key, title, currency, paid[0], paid[1], refunded[0], refunded[1])
