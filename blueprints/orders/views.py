"""The learner's orders: how to pay, the invoice as a page and as PDF, cancellation."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commits, identity, page, request_id, see_other, settings
from blueprints.orders.documents import send_document
from domain import orders as rules
from domain.orders import CANCELS, OPEN, PAID, shown_number
from models import Order
from services import invoices, orders, payments
from services.audit import Actor

bp = Blueprint("orders", __name__)
STATE_WORDS = {
    "open": ("Waiting for payment", "open"),
    "paid": ("Paid", "done"),
    "canceled": ("Canceled", "waiting"),
    "refund due": ("Refund on its way", "open"),
    "refunded": ("Refunded", "done"),
}
"""Each state in words, and its sign."""


@bp.get("/orders")
def list_orders() -> ResponseReturnValue:
    found = orders.list_orders_for(identity().person_id)
    rows = [(order, shown_number(order.number), STATE_WORDS[order.state]) for order in found]
    return render_template("orders/orders.html", rows=rows)


@bp.get("/orders/<int:number>")
def show_order(number: int) -> ResponseReturnValue:
    order = orders.get_order_for(identity().person_id, number)
    return page("orders/order.html", **order_context(order), may_cancel=_may_cancel(order))


@bp.get("/orders/<int:number>/<any(invoice, receipt):variant>.pdf")
def download_document(number: int, variant: str) -> ResponseReturnValue:
    order = orders.get_order_for(identity().person_id, number)
    return send_document(order, variant, url_for("orders.show_order", number=number))


@bp.get("/orders/<int:number>/cancellation")
def show_cancellation(number: int) -> ResponseReturnValue:
    order = orders.get_order_for(identity().person_id, number)
    if not _may_cancel(order):
        return see_other(url_for("orders.show_order", number=number))
    return page("orders/cancellation.html", **order_context(order))


@bp.post("/orders/<int:number>/cancellation")
@commits
def create_cancellation(number: int) -> ResponseReturnValue:
    """Cancel an open order; or a paid one, as long as the rule gives the price back."""
    order = orders.get_order_for(identity().person_id, number)
    who = Actor(identity().person_id, request_id())
    base_url, now = settings().base_url, clock.now()
    if order.state == OPEN:
        payments.cancel_order(number, who, "", base_url, now)
        flash("Your order is canceled. You owe nothing for it.", "success")
    elif order.state == PAID:
        payments.decide_refund(number, CANCELS, "", who, base_url, now)
        flash("Your enrollment has ended, and we give the price back.", "success")
    return see_other(url_for("orders.show_order", number=number))


def order_context(order: Order) -> dict[str, object]:
    """What the page of an order shows, to the learner and to administrators."""
    return {
        "order": order,
        "number": shown_number(order.number),
        "state": STATE_WORDS[order.state],
        "state_words": STATE_WORDS,
        "lines": invoices.price_lines(order),
        "due_on": invoices.due_on(order),
        "is_needless": orders.is_needless(order),
        "payments": orders.list_payments(order.id),
        "history": orders.list_history(order.id),
        "methods": rules.METHODS,
    }


def _may_cancel(order: Order) -> bool:
    """Whether the learner may end it alone: not paid yet, or nothing passed yet."""
    if order.state == OPEN:
        return True
    study = payments.study_so_far(order)
    return order.state == PAID and not rules.why_no_refund(study, CANCELS, order.total_cents)
