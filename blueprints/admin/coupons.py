"""Coupons in the panel: made, listed, withdrawn; and the terms of payment."""

from decimal import Decimal
from uuid import uuid4

from flask import flash, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.order_forms import CouponForm, TermsForm
from blueprints.admin.rows import ONE_SECOND
from blueprints.admin.views import _before, bp
from blueprints.http import commits, identity, page, request_id, see_other
from domain.orders import Tax, shown_coupon
from domain.refusals import Invalid
from domain.wording import local_date, money
from services import coupons, payment_terms
from services.audit import Actor
from services.coupons import CouponLine, NewCoupon
from services.payment_terms import Terms
from services.provider import get_provider

STATES = {
    "open": "Works",
    "withdrawn": "Withdrawn",
    "out of date": "Out of date",
    "not yet": "Does not work yet",
    "used up": "Used up",
}


@bp.get("/admin/coupons")
def list_coupons() -> ResponseReturnValue:
    return _coupons_page(CouponForm(formdata=None, kind="percent", uses=1, intent=uuid4().hex))


@bp.post("/admin/coupons")
@commits
def create_coupon() -> ResponseReturnValue:
    form = CouponForm()
    if not form.validate_on_submit():
        return _coupons_page(form, 422)
    try:
        coupon = coupons.make_coupon(_asked(form), _who(), clock.now())
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _coupons_page(form, 422)
    flash(f"The coupon {shown_coupon(coupon.code)} is made.", "success")
    return see_other(url_for("admin.list_coupons"))


@bp.post("/admin/coupons/<int:coupon_id>/revoked")
@commits
def revoke_coupon(coupon_id: int) -> ResponseReturnValue:
    coupon = coupons.revoke_coupon(coupon_id, _who(), clock.now())
    flash(f"The coupon {shown_coupon(coupon.code)} is withdrawn. Orders keep the price they have.")
    return see_other(url_for("admin.list_coupons"))


@bp.get("/admin/payment-terms")
def show_payment_terms() -> ResponseReturnValue:
    terms = payment_terms.get_terms(get_provider())
    given = {**terms.as_facts(), "tax_rate": Decimal(terms.tax.rate) / 100}
    return page("admin/payment_terms.html", form=TermsForm(formdata=None, data=given))


@bp.post("/admin/payment-terms")
@commits
def save_payment_terms() -> ResponseReturnValue:
    form = TermsForm()
    if not form.validate_on_submit():
        return page("admin/payment_terms.html", 422, form=form)
    rate = int((form.tax_rate.data or Decimal(0)) * 100)
    terms = Terms(
        form.check_to.data or "",
        form.transfer_to.data or "",
        form.days.data,
        Tax(form.tax_label.data or "", rate),
    )
    payment_terms.save_terms(terms, _who(), clock.now())
    flash("The terms are saved. Orders placed before keep theirs.", "success")
    return see_other(url_for("admin.show_payment_terms"))


def _asked(form: CouponForm) -> NewCoupon:
    is_percent = form.kind.data == "percent"
    return NewCoupon(
        code=form.code.data or "",
        percent=int(form.value.data) if is_percent else None,
        amount_cents=None if is_percent else int(form.value.data * 100),
        uses=form.uses.data,
        first_day=form.first_day.data,
        last_day=form.last_day.data,
        codes=tuple((form.codes.data or "").replace(",", " ").upper().split()),
        note=form.note.data or "",
        intent=form.intent.data or "",
    )


def _coupons_page(form: CouponForm, status: int = 200) -> ResponseReturnValue:
    lines, older_than = coupons.list_coupons(_before())
    return page(
        "admin/coupons.html",
        status,
        form=form,
        older_than=older_than,
        rows=[(line.coupon, shown_coupon(line.coupon.code), _facts(line)) for line in lines],
    )


def _facts(line: CouponLine) -> list[tuple[str, str]]:
    coupon, zone = line.coupon, get_provider().time_zone
    until = coupon.valid_until
    takes_off = f"{coupon.percent} %"
    if coupon.amount_cents is not None:
        takes_off = money(coupon.amount_cents, coupon.currency)
    return [
        ("State", STATES[line.state(clock.now())]),
        ("Takes off", takes_off),
        ("Uses", f"{coupon.used} of {coupon.uses}"),
        ("Courses", ", ".join(line.courses) or "All that are ordered"),
        ("First day", local_date(coupon.valid_from, zone)),
        ("Last day", local_date(until - ONE_SECOND, zone) if until else "No end"),
        ("Note", coupon.note or "None"),
    ]


def _who() -> Actor:
    return Actor(identity().person_id, request_id())
