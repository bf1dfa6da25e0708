"""Orders in the panel: the list, one order, and what administrators do with it."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.listing import read_listing
from blueprints.admin.order_forms import CancelForm, MoneyForm, RefundForm
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from blueprints.http import commits, identity, page, request_id, see_other, settings
from blueprints.orders.documents import send_document
from blueprints.orders.views import STATE_WORDS, order_context
from domain import orders as rules
from domain.orders import METHODS, shown_number
from domain.refusals import Invalid
from domain.wording import day, local_date
from models import Order, Person
from services import order_search, orders, payments, provider_days
from services.audit import Actor
from services.invoices import amount
from services.payments import Money
from services.provider import get_provider

HEADS = (
    "Number", "Ordered", "Learner", "E-mail address", "Course", "Code", "Price", "Discount", "Tax",
    "Total", "Currency", "State", "Paid on", "Paid by", "Reference",
)  # fmt: skip


@bp.get("/admin/orders")
def list_orders() -> ResponseReturnValue:
    listing = read_listing("admin.list_orders", order_search.FILTERS, order_search.ORDERS, "number")
    size = None if listing.as_csv else 50
    found, is_cut = order_search.list_orders(
        listing.filters, listing.order(order_search.ORDERS), listing.after, size
    )
    if listing.as_csv:
        return csv_file("orders", HEADS, [_csv_row(*row) for row in found.rows])
    return render_template(
        "admin/orders.html",
        listing=listing,
        rows=[_row(*row) for row in found.rows],
        next_after=found.next_after,
        is_cut=is_cut,
        waiting=order_search.count_waiting(),
        states=[(state, STATE_WORDS[state][0]) for state in rules.STATES],
    )


@bp.get("/admin/orders/<int:number>")
def show_order(number: int) -> ResponseReturnValue:
    return _order_page(orders.get_order(number))


@bp.get("/admin/orders/<int:number>/<any(invoice, receipt):variant>.pdf")
def download_order_document(number: int, variant: str) -> ResponseReturnValue:
    order = orders.get_order(number)
    return send_document(order, variant, url_for("admin.show_order", number=number))


@bp.post("/admin/orders/<int:number>/payment")
@commits
def create_payment(number: int) -> ResponseReturnValue:
    """Record that the price has arrived; the enrollment opens with it."""
    form = MoneyForm()

    def pay() -> str:
        order = payments.record_payment(number, _money(form), _who(), _base_url(), clock.now())
        if order.state == rules.REFUND_DUE:
            return "The payment is recorded. It opens nothing: the money is due back."
        return "The payment is recorded, and the course is open."

    return _act(number, form, "payment", pay)


@bp.post("/admin/orders/<int:number>/cancellation")
@commits
def create_order_cancellation(number: int) -> ResponseReturnValue:
    form = CancelForm()

    def cancel() -> str:
        note = form.note.data or ""
        payments.cancel_order(number, _who(), note, _base_url(), clock.now())
        return "The order is canceled."

    return _act(number, form, "cancellation", cancel)


@bp.post("/admin/orders/<int:number>/refund")
@commits
def create_refund(number: int) -> ResponseReturnValue:
    """Decide that the price is given back; the enrollment ends."""
    form = RefundForm()
    form.offer(rules.list_grounds(payments.study_so_far(orders.get_order(number))))

    def decide() -> str:
        ground, note = form.ground.data, form.note.data or ""
        payments.decide_refund(number, ground, note, _who(), _base_url(), clock.now())
        return "The refund is decided, and the enrollment has ended. Send the money back now."

    return _act(number, form, "refund", decide)


@bp.post("/admin/orders/<int:number>/repayment")
@commits
def create_repayment(number: int) -> ResponseReturnValue:
    """Record that the money was sent back."""
    form = MoneyForm()

    def repay() -> str:
        payments.record_refund(number, _money(form), _who(), _base_url(), clock.now())
        return "The refund is recorded."

    return _act(number, form, "repayment", repay)


def _act(number: int, form: FlaskForm, name: str, step: Callable[[], str]) -> ResponseReturnValue:
    """Take a step with a form; what is refused stands at its field."""
    order = orders.get_order(number)
    if not form.validate_on_submit():
        return _order_page(order, {name: form}, 422)
    try:
        flash(step(), "success")
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _order_page(order, {name: form}, 422)
    return see_other(url_for("admin.show_order", number=number))


def _order_page(
    order: Order, sent: dict[str, Any] | None = None, status: int = 200
) -> ResponseReturnValue:
    """The order with the forms of the steps that may follow; `sent`: the one with errors."""
    forms = {**_fresh_forms(order), **(sent or {})}
    return page(
        "admin/order.html",
        status,
        **order_context(order),
        learner=orders.get_learner(order),
        actors=orders.list_actors(order.id),
        study=payments.study_so_far(order),
        grounds=rules.GROUNDS,
        steps=forms,
        errors=next((form for form in (sent or {}).values()), None),
    )


def _fresh_forms(order: Order) -> dict[str, Any]:
    today = provider_days.today_is(clock.now())
    refund = RefundForm(formdata=None, prefix="")
    refund.offer(rules.list_grounds(payments.study_so_far(order)))
    return {
        "payment": MoneyForm(formdata=None, moved_on=today),
        "repayment": MoneyForm(formdata=None, moved_on=today),
        "cancellation": CancelForm(formdata=None),
        "refund": refund,
    }


def _money(form: MoneyForm) -> Money:
    return Money(form.method.data, form.reference.data or "", form.moved_on.data)


def _who() -> Actor:
    return Actor(identity().person_id, request_id())


def _base_url() -> str:
    return settings().base_url


def _row(order: Order, learner: Person, title: str, payment: Any) -> list[Any]:
    return [
        Markup('<a href="{}">{}</a>').format(
            url_for("admin.show_order", number=order.number), shown_number(order.number)
        ),
        local_date(order.ordered_at, get_provider().time_zone),
        learner.name_on_license,
        learner.email,
        title,
        amount(order.total_cents, order.currency),
        STATE_WORDS[order.state][0],
        f"{day(payment.moved_on)}, {METHODS[payment.method].lower()}" if payment else "Not yet",
    ]


def _csv_row(order: Order, learner: Person, title: str, payment: Any) -> list[object]:
    paid = (
        [payment.moved_on.isoformat(), METHODS[payment.method], payment.reference]
        if payment
        else ["", "", ""]
    )
    cents = (order.list_cents, order.discount_cents, order.tax_cents, order.total_cents)
    return [
        shown_number(order.number),
        order.ordered_at.isoformat(),
        learner.name_on_license,
        learner.email,
        title,
        order.facts["course"]["code"],
        *(f"{value / 100:.2f}" for value in cents),
        order.currency,
        order.state,
        *paid,
    ]
