"""Money: what was paid and refunded by month and by course, as the payments say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.months import Days, months_of_days
from extensions import db
from models import Order, Payment
from services.reports import summaries
from services.reports.completions import list_courses
from services.reports.summaries import Report


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


Kinds = dict[str, tuple[int, int]]
"""By kind of payment, how many and how many cents."""
Sums = dict[tuple[str, str], Kinds]
"""By key and currency."""


def get_money(days: Days, course_id: int | None) -> Money:
    """The report of one course, or of all (None), by the days on which the money moved."""
    months: Sums = {}
    courses: dict[tuple[int, str], Kinds] = {}
    total: Sums = {}
    for month, by_course in summaries.read(REPORT, days, course_id):
        for of, figures in by_course.items():
            for currency, kinds in figures.items():
                _add(months.setdefault((month, currency), {}), kinds)
                _add(courses.setdefault((of, currency), {}), kinds)
                _add(total.setdefault(("", currency), {}), kinds)
    names = [month.name for month in months_of_days(days)]
    currencies = sorted({currency for _, currency in months}) or ["USD"]
    return Money(
        months=[
            _line(name, name, currency, months.get((name, currency), {}))
            for currency in currencies
            for name in names
        ],
        courses=_list_courses(courses),
        totals=[_line("", "All", c, total.get(("", c), {})) for c in currencies],
    )


def _count(days: Days, course_id: int | None) -> dict[int, dict[str, dict[str, list[int]]]]:
    """By course, currency and kind: how many payments and how many cents."""
    query = (
        select(
            Order.course_id,
            Payment.currency,
            Payment.kind,
            func.count(),
            func.sum(Payment.amount_cents),
        )
        .join(Order, Order.id == Payment.order_id)
        .where(Payment.moved_on >= days.first, Payment.moved_on <= days.last)
        .group_by(Order.course_id, Payment.currency, Payment.kind)
    )
    if course_id is not None:
        query = query.where(Order.course_id == course_id)
    found: dict[int, dict[str, dict[str, list[int]]]] = {}
    for of, currency, kind, number, cents in db.session.execute(query):
        found.setdefault(of, {}).setdefault(currency, {})[kind] = [number, int(cents)]
    return found


REPORT = Report("money", _count, by_date=True)


def _list_courses(sums: Mapping[tuple[int, str], Kinds]) -> list[MoneyLine]:
    names = {of: (slug, title) for of, slug, title in list_courses()}
    lines = [_line(*names[of], currency, kinds) for (of, currency), kinds in sums.items()]
    return sorted(lines, key=lambda line: (line.title, line.currency))


def _add(sums: Kinds, kinds: Mapping[str, Sequence[int]]) -> None:
    for kind, (number, cents) in kinds.items():
        before = sums.get(kind, (0, 0))
        sums[kind] = (before[0] + number, before[1] + cents)


def _line(key: str, title: str, currency: str, kinds: Kinds) -> MoneyLine:
    paid, refunded = kinds.get("payment", (0, 0)), kinds.get("refund", (0, 0))
    return MoneyLine(key, title, currency, paid[0], paid[1], refunded[0], refunded[1])
