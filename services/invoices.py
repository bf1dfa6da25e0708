"""Invoices and receipts: what they say, fixed at the order, and their PDFs, drawn once."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import clock
from domain.orders import METHODS, Price, Tax, shown_coupon, shown_number
from domain.outline import Outline
from domain.wording import day, local_date, money
from extensions import db
from models import Coupon, Order, OrderDocument, Payment
from services import payment_terms
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from services.provider import get_provider

LOG = logging.getLogger("contact_hour.invoices")
INVOICE = "invoice"
RECEIPT = "receipt"
VARIANTS = (INVOICE, RECEIPT)
Draw = Callable[[dict[str, Any]], bytes]


def gather(
    outline: Outline,
    buyer: str,
    organization: str,
    address: str,
    coupon: Coupon | None,
    now: datetime,
) -> dict[str, Any]:
    """What an order's invoice says besides its numbers, as it is at the moment of the order."""
    provider = get_provider()
    terms = payment_terms.get_terms(provider)
    return {
        "seller": {
            "name": provider.legal_name,
            "address": list(provider.facts.get("address", [])),
            "email": provider.email,
            "phone": provider.phone,
        },
        "buyer": {"name": buyer, "organization": organization, "address": address},
        "course": {
            "title": outline.title,
            "code": outline.code,
            "edition": outline.edition_number,
            "slug": outline.slug,
            "access_days": outline.access_days,
        },
        "coupon": shown_coupon(coupon.code) if coupon else "",
        "terms": terms.as_facts(),
        "due_on": (now + timedelta(days=terms.days)).isoformat(),
        "demonstration": provider.demonstration,
        "time_zone": provider.time_zone,
    }


def price_lines(order: Order) -> list[tuple[str, str]]:
    """The lines of the sum, the total last: words and an amount."""
    facts = order.facts
    price = Price(order.list_cents, order.discount_cents, order.tax_cents)
    tax = Tax(facts["terms"]["tax_label"], facts["terms"]["tax_rate"])
    course = facts["course"]
    named = f"{course['title']} ({course['code']}, edition {course['edition']})"
    return sum_lines(named, price, facts["coupon"], tax, order.currency)


def sum_lines(
    course: str, price: Price, coupon: str, tax: Tax, currency: str
) -> list[tuple[str, str]]:
    """The course, the coupon and the tax where there are any, the total; amounts in words."""
    lines = [(course, amount(price.list_cents, currency))]
    if price.discount_cents:
        lines.append((f"Coupon {coupon}", f"−{amount(price.discount_cents, currency)}"))
    if price.tax_cents:
        lines.append((f"{tax.label} {tax.rate / 100:g} %", amount(price.tax_cents, currency)))
    return [*lines, ("Total", amount(price.total_cents, currency))]


def amount(cents: int, currency: str) -> str:
    """An amount of an invoice: nothing is '$0.00' there, not 'Free'."""
    return money(cents, currency) if cents else money(1, currency).replace("0.01", "0.00")


def due_on(order: Order) -> str:
    """The day by which the price is asked, in words."""
    return local_date(datetime.fromisoformat(order.facts["due_on"]), order.facts["time_zone"])


def printed_facts(order: Order, payment: Payment | None, variant: str) -> dict[str, Any]:
    """What the PDF prints. The receipt says when and how the money came."""
    facts = order.facts
    zone = facts["time_zone"]
    paid = ""
    if variant == RECEIPT and payment is not None:
        reference = f", {payment.reference}" if payment.reference else ""
        paid = f"{METHODS[payment.method]}{reference}, {day(payment.moved_on)}"
    return {
        "heading": "Receipt" if variant == RECEIPT else "Invoice",
        "number": shown_number(order.number),
        "ordered_on": local_date(order.ordered_at, zone),
        "due_on": due_on(order),
        "paid": paid,
        "lines": price_lines(order),
        **{key: facts[key] for key in ("seller", "buyer", "terms", "demonstration")},
    }


def find_pdf(order_id: int, variant: str) -> OrderDocument | None:
    """The stored PDF, once the worker has drawn it."""
    return db.session.get(OrderDocument, (order_id, variant))


def renderer(variant: str, process: DrawingProcess) -> Callable[[int], None]:
    """The worker's job handler that draws one kind of document of an order."""

    def render(order_id: int) -> None:
        render_document(order_id, variant, partial(process.draw, INVOICE))

    return render


def render_document(order_id: int, variant: str, draw: Draw) -> None:
    """Draw and store a PDF; nothing happens if it is stored already. Commits.

    No transaction is open while drawing. Raises DrawingFailed; the job is tried again.
    """
    facts = None if find_pdf(order_id, variant) else _facts_to_print(order_id, variant)
    db.session.rollback()
    if facts is None:
        return
    try:
        content = draw(facts)
    except DrawingFailed as failure:
        LOG.error("the %s of order %s could not be drawn: %s", variant, order_id, failure)
        raise
    _store(order_id, variant, content)


def _facts_to_print(order_id: int, variant: str) -> dict[str, Any]:
    order = db.session.get_one(Order, order_id)
    payment = db.session.scalar(
        select(Payment).where(Payment.order_id == order_id, Payment.kind == "payment")
    )
    return printed_facts(order, payment, variant)


def _store(order_id: int, variant: str, content: bytes) -> None:
    """Store the bytes; whoever stores first decides what is served."""
    db.session.add(
        OrderDocument(
            order_id=order_id,
            variant=variant,
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            rendered_at=clock.now(),
        )
    )
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
