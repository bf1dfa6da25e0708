"""Twenty at once: the last use of a coupon, a double click, two administrators."""

from flask import Flask
from sqlalchemy import func, select

import clock
from domain.refusals import Invalid
from extensions import db
from models import Coupon, Enrollment, Order, OutgoingMail, Payment, Person
from services import payments
from tests.at_once import at_once, own_app
from tests.factories import make_administrator, make_person
from tests.ordering import BASE_URL, BY_CHECK, actor, give_price, make_coupon, place

__all__ = ["own_app"]
AT_ONCE = 20


def test_the_last_use_of_a_coupon_is_taken_once(own_app: Flask) -> None:
    with own_app.app_context():
        give_price()
        make_coupon(make_administrator(), "LAST", uses=1)
        people = [make_person(f"p{n}@example.org", f"Person {n}").id for n in range(AT_ONCE)]
        db.session.commit()

    placed = at_once(own_app, AT_ONCE, lambda n: _place(people[n], coupon="LAST"))
    assert sum(number is not None for number in placed) == 1
    with own_app.app_context():
        assert db.session.scalars(select(Coupon.used)).one() == 1
        assert db.session.scalars(select(Order.total_cents)).all() == [2400]


def test_orders_at_once_have_numbers_without_gaps(own_app: Flask) -> None:
    with own_app.app_context():
        give_price()
        people = [make_person(f"p{n}@example.org", f"Person {n}").id for n in range(AT_ONCE)]
        db.session.commit()

    placed = at_once(own_app, AT_ONCE, lambda n: _place(people[n]))
    assert sorted(number or 0 for number in placed) == list(range(1, AT_ONCE + 1))


def test_a_double_click_orders_once(own_app: Flask) -> None:
    with own_app.app_context():
        give_price()
        alice = make_person().id
        db.session.commit()

    placed = at_once(own_app, AT_ONCE, lambda n: _place(alice, intent=f"tab {n % 2}"))
    assert placed == [1] * AT_ONCE
    with own_app.app_context():
        assert _count(Order) == 1
        assert _count(OutgoingMail) == 1


def test_two_administrators_record_one_payment(own_app: Flask) -> None:
    with own_app.app_context():
        give_price()
        carol = make_administrator()
        number = place(make_person()).number
        db.session.commit()
        who = actor(carol)

    def pay(_: int) -> str:
        return payments.record_payment(number, BY_CHECK, who, BASE_URL, clock.now()).state

    assert at_once(own_app, AT_ONCE, pay) == ["paid"] * AT_ONCE
    with own_app.app_context():
        assert (_count(Payment), _count(Enrollment), _count(OutgoingMail)) == (1, 1, 2)


def _place(person_id: int, coupon: str = "", intent: str = "") -> int | None:
    """The number of the order; None where the coupon was used up."""
    try:
        return place(db.session.get_one(Person, person_id), coupon, intent).number
    except Invalid as refusal:
        assert "used up" in refusal.message
        return None


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
