"""Looking orders up, for administrators."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select

from domain.numerals import read_whole_number
from domain.orders import OPEN, REFUND_DUE, STATES
from extensions import db
from models import Course, Edition, Order, Payment, Person
from services import keyset, person_search
from services.keyset import Order as SortOrder
from services.keyset import Page

ORDERS = {"number": SortOrder(Order.id, descending=True)}
"""By id, which rises with the number of the invoice and stands in the index of the states."""
FILTERS = ("q", "state")


def list_orders(
    asked: Mapping[str, str], order: SortOrder, after: str = "", size: int | None = 50
) -> tuple[Page, bool]:
    """A page of orders, each with its learner, the title of its course and the payment.

    And whether more people match the words than are looked at.
    """
    conditions, is_cut = _conditions(asked)
    query = (
        select(Order, Person, Edition.title, Payment)
        .join(Person, Person.id == Order.person_id)
        .join(Course, Course.id == Order.course_id)
        .join(Edition, Edition.id == Order.edition_id)
        .outerjoin(Payment, (Payment.order_id == Order.id) & (Payment.kind == "payment"))
        .where(*conditions)
    )
    return keyset.get_page(query, order, Order.id, after, size), is_cut


def count_waiting() -> dict[str, int]:
    """How many orders wait for an administrator, by state: to be paid, to be given back."""
    rows = db.session.execute(
        select(Order.state, func.count())
        .where(Order.state.in_((OPEN, REFUND_DUE)))
        .group_by(Order.state)
    )
    return {OPEN: 0, REFUND_DUE: 0, **{row[0]: row[1] for row in rows}}


def _conditions(asked: Mapping[str, str]) -> tuple[list[ColumnElement[bool]], bool]:
    found: list[ColumnElement[bool]] = []
    if asked["state"] in STATES:
        found.append(Order.state == asked["state"])
    number = read_whole_number(asked["q"].upper().removeprefix("INV-"))
    if number is not None:
        return [*found, Order.number == number], False
    return _by_words(asked["q"], found)


def _by_words(
    typed: str, found: list[ColumnElement[bool]]
) -> tuple[list[ColumnElement[bool]], bool]:
    """Words that begin a course's code mean the course; all others, together, the learner."""
    names = []
    for word in typed.split():
        editions = _find_editions(word)
        if editions:
            found.append(Order.edition_id.in_(editions))
        else:
            names.append(word)
    people = person_search.find_people(" ".join(names))
    if people is None:
        return found, False
    return [*found, Order.person_id.in_(people.ids)], people.is_cut


def _find_editions(word: str) -> list[int]:
    """Courses and their editions are few, whatever the number of orders."""
    begins = func.lower(Edition.code).startswith(word.lower(), autoescape=True)
    return list(db.session.scalars(select(Edition.id).where(begins)))
