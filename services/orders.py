"""Orders: placed once, with a fixed price and the next invoice number, and found for a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from domain.enrollment_ways import ORDER, ways_into
from domain.orders import NO_DISCOUNT, OPEN, Price, Tax, fix_price, shown_coupon
from domain.outline import Outline
from domain.refusals import Conflict, NotFound
from extensions import db
from models import Coupon, Enrollment, InvoiceSeries, Order, OrderEvent, Payment, Person
from services import coupons, enrollments, invoices, jobs, order_mail, payment_terms, payments
from services.provider import get_provider

NOT_FOR_SALE = "This course cannot be ordered."
_GOT_OTHERWISE = exists().where(
    Enrollment.person_id == Order.person_id,
    Enrollment.course_id == Order.course_id,
    Enrollment.enrolled_at >= Order.ordered_at,
    Enrollment.ended_at.is_(None),
)
"""The learner has enrolled since the order, which an order itself does only when it is paid."""


@dataclass(frozen=True)
class NewOrder:
    """What a learner asks for. Prices are never taken from a form."""

    buyer: str
    organization: str
    address: str
    coupon: str
    intent: str


@dataclass(frozen=True)
class Offer:
    """What an order of this course would cost now, with the coupon that lowers it."""

    price: Price
    tax: Tax
    coupon: Coupon | None


def get_offer(outline: Outline, coupon: str, now: datetime) -> Offer:
    """The price with a coupon. Raises Conflict, or Invalid (field `coupon`)."""
    if ORDER not in ways_into(outline):
        raise Conflict(NOT_FOR_SALE)
    found = coupons.get_usable(coupon, outline, now) if coupon else None
    discount = coupons.discount_of(found) if found else NO_DISCOUNT
    tax = payment_terms.get_terms(get_provider()).tax
    return Offer(fix_price(outline.price_cents, discount, tax), tax, found)


def offer_lines(outline: Outline, offer: Offer) -> list[tuple[str, str]]:
    """The lines of the sum, as the invoice will show them."""
    named = f"{outline.title} ({outline.code}, edition {outline.edition_number})"
    code = shown_coupon(offer.coupon.code) if offer.coupon else ""
    return invoices.sum_lines(named, offer.price, code, offer.tax, outline.currency)


def place_order(
    person_id: int, outline: Outline, asked: NewOrder, base_url: str, now: datetime
) -> Order:
    """Place an order; an open one of the same course, or a repeated intent, finds the first.

    An order that costs nothing is paid at once, and its enrollment opened. Raises Conflict where
    the learner has the course open already, Invalid (field `coupon`) in words that help.
    """
    present = _find_placed(person_id, outline, asked)
    if present is not None:
        return present
    if enrollments.find_open(person_id, outline.course_id) is not None:
        raise Conflict("You are enrolled in this course already.")
    try:
        with db.session.begin_nested():
            order = _add(person_id, outline, asked, now)
    except IntegrityError as error:
        present = _find_placed(person_id, outline, asked)
        if present is None:
            raise Conflict("Your order could not be saved. Please try again.") from error
        return present
    _announce(order, base_url, now)
    return order


def find_open_order(person_id: int, course_id: int) -> Order | None:
    """The learner's unpaid order of a course; there is at most one."""
    return db.session.scalar(
        select(Order).where(
            Order.person_id == person_id, Order.course_id == course_id, Order.state == OPEN
        )
    )


def get_order_for(person_id: int, number: int) -> Order:
    """The person's own order. Raises NotFound for anybody else's."""
    order = db.session.scalar(
        select(Order).where(Order.number == number, Order.person_id == person_id)
    )
    if order is None:
        raise NotFound("There is no such order among yours.")
    return order


def get_order(number: int) -> Order:
    """Any order, for administrators. Raises NotFound."""
    order = db.session.scalar(select(Order).where(Order.number == number))
    if order is None:
        raise NotFound("There is no order with this number.")
    return order


def list_orders_for(person_id: int) -> list[Order]:
    """All orders of a person, the newest first."""
    return list(
        db.session.scalars(
            select(Order).where(Order.person_id == person_id).order_by(Order.id.desc())
        )
    )


def list_open_orders(person_id: int) -> list[Order]:
    """What the person has ordered, not paid and not got by another way; the oldest first."""
    query = select(Order).where(Order.person_id == person_id, Order.state == OPEN, ~_GOT_OTHERWISE)
    return list(db.session.scalars(query.order_by(Order.id)))


def is_needless(order: Order) -> bool:
    """Whether an order is not paid, and its learner has the course by another way since."""
    query = select(Order.id).where(Order.id == order.id, Order.state == OPEN, _GOT_OTHERWISE)
    return db.session.scalar(query) is not None


def list_history(order_id: int) -> list[OrderEvent]:
    """Each state the order came into, in order."""
    return list(
        db.session.scalars(
            select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(OrderEvent.id)
        )
    )


def list_actors(order_id: int) -> dict[int, str]:
    """The names of those who brought the order from state to state, by their ids."""
    rows = db.session.execute(
        select(Person.id, Person.name_on_license)
        .join(OrderEvent, OrderEvent.actor_id == Person.id)
        .where(OrderEvent.order_id == order_id)
    )
    return {row[0]: row[1] for row in rows}


def get_learner(order: Order) -> Person:
    return db.session.get_one(Person, order.person_id)


def list_payments(order_id: int) -> dict[str, Payment]:
    """The payment and the refund of an order, by kind."""
    found = db.session.scalars(select(Payment).where(Payment.order_id == order_id))
    return {payment.kind: payment for payment in found}


def find_last_buyer(person_id: int) -> dict[str, Any]:
    """Name and addresses of the person's latest order, so that nothing is asked twice."""
    facts = db.session.scalar(
        select(Order.facts).where(Order.person_id == person_id).order_by(Order.id.desc()).limit(1)
    )
    return facts["buyer"] if facts else {}


def _find_placed(person_id: int, outline: Outline, asked: NewOrder) -> Order | None:
    """The order of the same intent, or the open one of the same course."""
    intent = _own_intent(person_id, asked)
    if intent is not None:
        placed = db.session.scalar(select(Order).where(Order.intent == intent))
        if placed is not None:
            return placed
    return find_open_order(person_id, outline.course_id)


def _own_intent(person_id: int, asked: NewOrder) -> str | None:
    return f"{person_id}-{asked.intent}"[:64] if asked.intent else None


def _add(person_id: int, outline: Outline, asked: NewOrder, now: datetime) -> Order:
    offer = get_offer(outline, asked.coupon, now)
    if offer.coupon is not None:
        coupons.take_use(offer.coupon, now)
    order = Order(
        number=_next_number(),
        person_id=person_id,
        course_id=outline.course_id,
        edition_id=outline.edition_id,
        coupon_id=offer.coupon.id if offer.coupon else None,
        state=OPEN,
        currency=outline.currency,
        list_cents=offer.price.list_cents,
        discount_cents=offer.price.discount_cents,
        tax_cents=offer.price.tax_cents,
        total_cents=offer.price.total_cents,
        facts=invoices.gather(
            outline, asked.buyer, asked.organization, asked.address, offer.coupon, now
        ),
        ordered_at=now,
        intent=_own_intent(person_id, asked),
    )
    db.session.add(order)
    db.session.flush()
    db.session.add(OrderEvent(order_id=order.id, state=OPEN, actor_id=person_id, happened_at=now))
    db.session.flush()
    return order


def _next_number() -> int:
    """The next invoice number: an order that is rolled back gives it back, so none is missing."""
    number = db.session.execute(
        update(InvoiceSeries)
        .where(InvoiceSeries.id == 1)
        .values(last_number=InvoiceSeries.last_number + 1)
        .returning(InvoiceSeries.last_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(number)


def _announce(order: Order, base_url: str, now: datetime) -> None:
    """Draw the invoice; tell the learner what to do, or open the course where nothing is owed."""
    jobs.enqueue("invoice", order.id, key=f"invoice-{order.id}")
    if order.total_cents == 0:
        payments.settle_free(order, base_url, now)
    else:
        order_mail.tell_placed(order, base_url)
