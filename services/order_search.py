"""Looking orders up, for administrators."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, or_, select

from domain.numerals import read_whole_number
from domain.orders import OPEN, REFUND_DUE, STATES
from extensions import db
from models import Course, Edition, Order, Payment, Person
from services import keyset
from services.keyset import Order as SortOrder
from services.keyset import Page

ORDERS = {"number": SortOrder(Order.id, descending=True)}
"""By id, which rises with the number of the invoice and stands in the index of the states."""
FILTERS = ("q", "state")


def list_orders(
    asked: Mapping[str, str], order: SortOrder, after: str = "", size: int | None = 50
) -> Page:
    """A page of orders, each with its learner, the title of its course and the payment."""
    query = (
        select(Order, Person, Edition.title, Payment)
        .join(Person, Person.id == Order.person_id)
        .join(Course, Course.id == Order.course_id)
        .join(Edition, Edition.id == Order.edition_id)
        .outerjoin(Payment, (Payment.order_id == Order.id) & (Payment.kind == "payment"))
        .where(*_conditions(asked))
    )
    return keyset.get_page(query, order, Order.id, after, size)


def count_waiting() -> dict[str, int]:
    """How many orders wait for an administrator, by state: to be paid, to be given back."""
    rows = db.session.execute(
        select(Order.state, func.count())
        .where(Order.state.in_((OPEN, REFUND_DUE)))
        .group_by(Order.state)
    )
    return {OPEN: 0, REFUND_DUE: 0, **{row[0]: row[1] for row in rows}}


def _conditions(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked["state"] in STATES:
        found.append(Order.state == asked["state"])
    return found + [_matches(word) for word in asked["q"].split()]


def _matches(word: str) -> ColumnElement[bool]:
    """In the name, the address, the code of the course; or the number of the invoice."""
    number = read_whole_number(word.upper().removeprefix("INV-"))
    ways = [
        Person.name_on_license.icontains(word, autoescape=True),
        Person.email.icontains(word, autoescape=True),
        Edition.code.icontains(word, autoescape=True),
    ]
    return or_(*ways, Order.number == number) if number is not None else or_(*ways)
