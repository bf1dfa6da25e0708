"""Placing an order: the form, then everything on one page to check, then the order."""

from datetime import timedelta
from uuid import uuid4

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.http import commit_before_slow_work, commits, identity, page, see_other, settings
from blueprints.orders.forms import OrderForm
from blueprints.orders.views import bp
from domain.outline import Outline
from domain.refusals import Invalid
from services import approval_ends, catalogue, editions, enrollments, orders, throttle
from services.orders import NewOrder, Offer

TRIES_AN_HOUR = 20


@bp.get("/courses/<slug>/order")
def show_order_form(slug: str) -> ResponseReturnValue:
    outline = editions.get_current_outline(slug)
    elsewhere = _find_elsewhere(outline)
    if elsewhere is not None:
        return elsewhere
    catalogue.refuse_closed(outline, clock.now())
    known = orders.find_last_buyer(identity().person_id)
    given = {"buyer": identity().name, **known, "intent": uuid4().hex}
    if known:
        given["buyer"] = known["name"]
    return _form_page(outline, OrderForm(formdata=None, data=given))


@bp.post("/courses/<slug>/order")
@commits
def create_order(slug: str) -> ResponseReturnValue:
    """`step` is 'check' (show what it costs), 'change' (back to the form) or 'place'."""
    outline = editions.get_current_outline(slug)
    form = OrderForm()
    _count_coupon(form)
    if not form.validate_on_submit():
        return _form_page(outline, form, 422)
    try:
        return _take_step(outline, form)
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _form_page(outline, form, 422)


def _take_step(outline: Outline, form: OrderForm) -> ResponseReturnValue:
    elsewhere = _find_elsewhere(outline)
    if elsewhere is not None:
        return elsewhere
    now = clock.now()
    catalogue.refuse_closed(outline, now)
    step = request.form.get("step", "")
    if step == "change":
        return _form_page(outline, form)
    offer = orders.get_offer(outline, form.coupon.data or "", now)
    seen = request.form.get("seen_total", "")
    if step != "place" or seen != str(offer.price.total_cents):
        return _check_page(outline, form, offer, changed=bool(seen))
    asked = _asked(form)
    order = orders.place_order(identity().person_id, outline, asked, settings().base_url, now)
    if order.enrollment_id is not None:
        flash(f"You are enrolled in {outline.title}.", "success")
        return see_other(url_for("player.show_course_home", slug=outline.slug))
    return see_other(url_for("orders.show_order", number=order.number))


def _find_elsewhere(outline: Outline) -> Response | None:
    """Where somebody belongs who has the course open, or has ordered it already."""
    who = identity().person_id
    if enrollments.find_open(who, outline.course_id) is not None:
        return see_other(url_for("player.show_course_home", slug=outline.slug))
    placed = orders.find_open_order(who, outline.course_id)
    return see_other(url_for("orders.show_order", number=placed.number)) if placed else None


def _count_coupon(form: OrderForm) -> None:
    """Guessing coupons is slowed down, as guessing keys is."""
    if form.coupon.data:
        who = str(identity().person_id)
        throttle.count("coupon", who, TRIES_AN_HOUR, timedelta(hours=1), clock.now())
        commit_before_slow_work()


def _asked(form: OrderForm) -> NewOrder:
    return NewOrder(
        buyer=form.buyer.data,
        organization=form.organization.data or "",
        address=form.address.data or "",
        coupon=form.coupon.data or "",
        intent=form.intent.data or "",
    )


def _form_page(outline: Outline, form: OrderForm, status: int = 200) -> ResponseReturnValue:
    orders.get_offer(outline, "", clock.now())
    return page("orders/form.html", status, outline=outline, form=form)


def _check_page(
    outline: Outline, form: OrderForm, offer: Offer, changed: bool
) -> ResponseReturnValue:
    """Nothing is ordered yet. `changed`: the price is not the one that was seen before."""
    return page(
        "orders/check.html",
        outline=outline,
        form=form,
        total=offer.price.total_cents,
        lines=orders.offer_lines(outline, offer),
        changed=changed,
        approval_ends=approval_ends.list_ends(outline, catalogue.provider_day(clock.now())),
    )
