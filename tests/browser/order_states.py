"""Orders in their states: open, paid, with a coupon, to be refunded; and what learners pay with."""

from sqlalchemy import select

import clock
from domain.outline import Outline
from extensions import db
from models import Person
from services import coupons, orders, payments
from services.audit import Actor
from services.coupons import NewCoupon
from services.orders import NewOrder
from tests.factories import make_person
from tests.ordering import BY_CHECK


def add_orders(outline: Outline, base_url: str) -> tuple[dict[str, list[str]], list[str]]:
    """Pages of learners by their address, and the administrator's pages about them."""
    carol = db.session.scalars(select(Person).where(Person.email == "carol@example.org")).one()
    actor, now = Actor(carol.id, "test"), clock.now()
    coupons.make_coupon(
        NewCoupon("SPRING", 50, None, 20, None, None, (), "Newsletter", ""), actor, now
    )
    opened = _order("orders@example.org", "Olga Orders", outline, base_url, "")
    paid = _order("pays@example.org", "Pia Pays", outline, base_url, "SPRING")
    refunded = _order("refunds@example.org", "Rosa Refunds", outline, base_url, "")
    for number in (paid, refunded):
        payments.record_payment(number, BY_CHECK, actor, base_url, now)
    payments.decide_refund(refunded, "fault", "The recording failed", actor, base_url, now)
    pages = {
        "orders@example.org": [
            "/orders",
            f"/orders/{opened}",
            f"/orders/{opened}/cancellation",
            f"/courses/{outline.slug}",
        ],
        "pays@example.org": [f"/orders/{paid}", f"/orders/{paid}/cancellation"],
        "half@example.org": ["/orders"],
        "refunds@example.org": [
            f"/orders/{refunded}",
            f"/courses/{outline.slug}/enrollment",
            f"/courses/{outline.slug}/order",
        ],
    }
    about = [f"/admin/orders/{number}" for number in (opened, paid, refunded)]
    lists = ["/admin/orders", "/admin/orders?q=nobody", "/admin/coupons", "/admin/payment-terms"]
    return pages, [*about, *lists]


def _order(email: str, name: str, outline: Outline, base_url: str, coupon: str) -> int:
    person = make_person(email, name)
    asked = NewOrder(name, "Family Service of Example County", "1 Main Street", coupon, "")
    order = orders.place_order(person.id, outline, asked, base_url, clock.now())
    db.session.commit()
    return order.number
