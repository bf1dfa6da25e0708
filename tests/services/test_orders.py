"""Orders: price and number fixed, each step once, the enrollment with the payment."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

import clock
from domain.outline import Outline
from domain.refusals import Conflict, Invalid
from extensions import db
from models import Coupon, Enrollment, Order, OrderEvent, OutgoingMail, Payment, Person
from services import coupons, editions, enrollments, orders, payments
from services.enrollments import Study
from services.payments import Money
from tests.completed import complete_all, issue, pass_tests
from tests.factories import (
    make_administrator,
    make_enrollment,
    make_key,
    make_person,
)
from tests.ordering import BASE_URL, BY_CHECK, actor, give_price, make_coupon, new_order, place


@pytest.fixture
def outline(context: Flask) -> Outline:
    return give_price()


@pytest.fixture
def alice(outline: Outline) -> Person:
    return make_person()


@pytest.fixture
def carol(outline: Outline) -> Person:
    return make_administrator()


def test_an_order_fixes_its_price_and_opens_nothing(alice: Person) -> None:
    order = place(alice)
    assert (order.state, order.total_cents, order.currency) == ("open", 4800, "USD")
    give_price(9900)
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).total_cents == 4800
    assert _count(Enrollment) == 0
    assert "how to pay" in _subjects()[0]


def test_what_an_order_says_never_changes(alice: Person) -> None:
    order = place(alice)
    for change in ("total_cents = 1, list_cents = 1", "facts = '{}'", "person_id = 0"):
        with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
            db.session.execute(text(f"UPDATE course_order SET {change}"))
    with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
        db.session.execute(text("DELETE FROM course_order"))
    assert order.state == "open"


def test_ordering_twice_finds_the_first(alice: Person) -> None:
    first = place(alice, intent="one")
    assert place(alice, intent="one") is first
    assert place(alice, intent="another") is first, "an open order of the course is there"
    assert _count(Order) == 1
    assert len(_subjects()) == 1


def test_a_repeated_intent_finds_a_canceled_order(alice: Person) -> None:
    first = place(alice, intent="one")
    payments.cancel_order(first.number, actor(alice), "", BASE_URL, clock.now())
    assert place(alice, intent="one") is first
    assert place(alice, intent="two").number == first.number + 1


def test_numbers_have_no_gaps(outline: Outline, alice: Person, carol: Person) -> None:
    first = place(alice).number
    dave = make_person("dave@example.org", "Dave Stranger")
    with pytest.raises(Invalid):
        place(dave, coupon="NOSUCH")
    db.session.begin_nested().rollback()
    with pytest.raises(RuntimeError), db.session.begin_nested():
        place(dave)
        raise RuntimeError("the process dies")
    assert place(make_person("e@example.org", "Eve")).number == first + 1


def test_what_is_not_for_sale_is_not_sold(alice: Person) -> None:
    outline = give_price(0, ("free",))
    with pytest.raises(Conflict):
        orders.place_order(alice.id, outline, new_order(), BASE_URL, clock.now())
    outline = give_price(4800, ("key",))
    with pytest.raises(Conflict):
        orders.place_order(alice.id, outline, new_order(), BASE_URL, clock.now())


def test_who_has_the_course_open_orders_nothing(alice: Person) -> None:
    make_enrollment(alice)
    with pytest.raises(Conflict, match="already"):
        place(alice)


def test_the_payment_opens_the_enrollment_once(alice: Person, carol: Person) -> None:
    order = place(alice)
    for _ in range(2):
        paid = payments.record_payment(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    assert paid.state == "paid"
    enrollment = db.session.scalars(select(Enrollment)).one()
    assert (enrollment.id, enrollment.source) == (order.enrollment_id, "order")
    payment = db.session.scalars(select(Payment)).one()
    assert (payment.amount_cents, payment.method, payment.recorded_by_id) == (
        4800,
        "check",
        carol.id,
    )
    assert len([s for s in _subjects() if s.startswith("Receipt")]) == 1


def test_a_payment_for_a_canceled_order_is_due_back(alice: Person, carol: Person) -> None:
    order = place(alice)
    payments.cancel_order(order.number, actor(alice), "", BASE_URL, clock.now())
    payments.record_payment(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    assert order.state == "refund due"
    assert _count(Enrollment) == 0


def test_a_payment_for_what_a_key_opened_is_due_back(
    outline: Outline, alice: Person, carol: Person
) -> None:
    order = place(alice)
    make_key("KEY1")
    enrollments.enroll(alice.id, outline, "KEY1", clock.now())
    payments.record_payment(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    assert order.state == "refund due"
    assert db.session.scalars(select(Enrollment)).one().ended_at is None, "what a key gave stays"


def test_money_cannot_arrive_tomorrow(alice: Person, carol: Person) -> None:
    order = place(alice)
    tomorrow = Money("check", "", date.today() + timedelta(days=2))
    with pytest.raises(Invalid) as refusal:
        payments.record_payment(order.number, tomorrow, actor(carol), BASE_URL, clock.now())
    assert refusal.value.field == "moved_on"


def test_another_payment_of_a_paid_order_is_refused_and_the_same_recorded_once(
    alice: Person, carol: Person
) -> None:
    order = place(alice)
    for _ in range(2):
        payments.record_payment(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    other = Money("transfer", "T-9", BY_CHECK.moved_on)
    with pytest.raises(Conflict, match=r"is recorded already: Check, No\. 1001"):
        payments.record_payment(order.number, other, actor(carol), BASE_URL, clock.now())


def test_money_is_not_sent_back_before_it_came(alice: Person, carol: Person) -> None:
    order = place(alice)
    payments.record_payment(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    payments.decide_refund(order.number, "canceled", "", actor(carol), BASE_URL, clock.now())
    earlier = Money("check", "", BY_CHECK.moved_on - timedelta(days=1))
    with pytest.raises(Invalid) as refusal:
        payments.record_refund(order.number, earlier, actor(carol), BASE_URL, clock.now())
    assert refusal.value.field == "moved_on"


def test_a_paid_order_is_not_canceled_and_an_open_one_not_refunded(
    alice: Person, carol: Person
) -> None:
    order = place(alice)
    with pytest.raises(Conflict):
        payments.decide_refund(order.number, "canceled", "", actor(carol), BASE_URL, clock.now())
    with pytest.raises(Conflict):
        payments.record_refund(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    payments.record_payment(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    with pytest.raises(Conflict):
        payments.cancel_order(order.number, actor(carol), "", BASE_URL, clock.now())


def test_a_refund_ends_the_enrollment_and_comes_once(alice: Person, carol: Person) -> None:
    order = _paid(alice, carol)
    for _ in range(2):
        payments.decide_refund(order.number, "canceled", "", actor(alice), BASE_URL, clock.now())
    assert order.state == "refund due"
    assert db.session.scalars(select(Enrollment)).one().ended_at is not None
    for _ in range(2):
        payments.record_refund(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())
    states = db.session.scalars(select(OrderEvent.state).order_by(OrderEvent.id)).all()
    assert states == ["open", "paid", "refund due", "refunded"]
    assert {p.kind: p.amount_cents for p in db.session.scalars(select(Payment))} == {
        "payment": 4800,
        "refund": 4800,
    }
    assert len([s for s in _subjects() if "efund" in s]) == 2


def test_after_a_passed_post_test_a_change_of_mind_is_refused(alice: Person, carol: Person) -> None:
    order = _paid(alice, carol)
    pass_tests(_study(order))
    with pytest.raises(Invalid, match="A post-test has been passed") as refusal:
        payments.decide_refund(order.number, "canceled", "", actor(alice), BASE_URL, clock.now())
    assert refusal.value.field == "ground"
    assert order.state == "paid"
    payments.decide_refund(order.number, "fault", "No video", actor(carol), BASE_URL, clock.now())
    assert order.state == "refund due"


def test_after_the_certificate_only_a_board_that_refused_it_counts(
    alice: Person, carol: Person
) -> None:
    order = _paid(alice, carol)
    issue(complete_all(_study(order)))
    for ground in ("canceled", "fault", "withdrawn", "anything"):
        with pytest.raises(Invalid, match="certificate has been issued"):
            payments.decide_refund(order.number, ground, "", actor(carol), BASE_URL, clock.now())
    assert order.state == "paid"
    payments.decide_refund(order.number, "board", "Letter", actor(carol), BASE_URL, clock.now())
    assert order.state == "refund due"
    assert _study(order).enrollment.completed_at is not None, "what was earned stays a fact"


def test_a_coupon_lowers_the_price(alice: Person, carol: Person) -> None:
    coupon = make_coupon(carol)
    order = place(alice, coupon="spring")
    assert (order.list_cents, order.discount_cents, order.total_cents) == (4800, 2400, 2400)
    assert _used(coupon) == 1
    assert order.facts["coupon"] == "SPRING"


def test_a_canceled_order_gives_its_use_back_once(alice: Person, carol: Person) -> None:
    coupon = make_coupon(carol, uses=1)
    order = place(alice, coupon="SPRING")
    for _ in range(2):
        payments.cancel_order(order.number, actor(alice), "", BASE_URL, clock.now())
    assert _used(coupon) == 0
    place(make_person("dave@example.org", "Dave"), coupon="SPRING")
    assert _used(coupon) == 1


def test_a_coupon_for_the_whole_price_enrolls_at_once(alice: Person, carol: Person) -> None:
    make_coupon(carol, percent=100)
    order = place(alice, coupon="SPRING")
    assert (order.state, order.total_cents) == ("paid", 0)
    assert db.session.scalars(select(Enrollment.id)).one() == order.enrollment_id
    assert db.session.scalars(select(Payment.method)).one() == "coupon"
    with pytest.raises(Invalid, match="cost nothing"):
        payments.decide_refund(order.number, "canceled", "", actor(carol), BASE_URL, clock.now())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"uses": 0}, "used up"),
        ({"codes": ("OTHER-1",)}, "other courses"),
        ({"revoked_at": True}, "withdrawn"),
        ({"valid_until": timedelta(days=-1)}, "out of date"),
        ({"valid_from": timedelta(days=1)}, "not work yet"),
    ],
)
def test_a_coupon_that_does_not_work_says_why(
    outline: Outline, alice: Person, carol: Person, fields: dict[str, object], words: str
) -> None:
    coupon = make_coupon(carol)
    now = clock.now()
    if "uses" in fields:
        coupon.used = coupon.uses
    if "codes" in fields:
        _bind_to_another_course(coupon)
    if "revoked_at" in fields:
        coupons.revoke_coupon(coupon.id, actor(carol), now)
    for name in ("valid_until", "valid_from"):
        if name in fields:
            setattr(coupon, name, now + fields[name])
    db.session.flush()
    with pytest.raises(Invalid, match=words) as refusal:
        place(alice, coupon="SPRING")
    assert refusal.value.field == "coupon"
    assert _count(Order) == 0


def test_a_coupon_is_made_once_and_its_code_belongs_to_one(carol: Person) -> None:
    first = make_coupon(carol, intent="one")
    assert make_coupon(carol, intent="one") is first
    with pytest.raises(Invalid, match="already") as refusal:
        make_coupon(carol, "spring", intent="two")
    assert refusal.value.field == "code"
    with pytest.raises(Invalid, match="no course with the code NONE-1"):
        make_coupon(carol, "OTHER", codes=("NONE-1",))
    assert len(make_coupon(carol, "").code) == 12


def _study(order: Order) -> Study:
    enrollment = db.session.get_one(Enrollment, order.enrollment_id)
    return Study(enrollment, editions.get_outline(enrollment.edition_id))


def _paid(alice: Person, carol: Person) -> Order:
    order = place(alice)
    return payments.record_payment(order.number, BY_CHECK, actor(carol), BASE_URL, clock.now())


def _bind_to_another_course(coupon: Coupon) -> None:
    from models import CouponCourse, Course

    other = Course(slug="other", created_at=clock.now())
    db.session.add(other)
    db.session.flush()
    db.session.add(CouponCourse(coupon_id=coupon.id, course_id=other.id))


def _used(coupon: Coupon) -> int:
    return db.session.scalars(select(Coupon.used).where(Coupon.id == coupon.id)).one()


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _subjects() -> list[str]:
    return list(db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)))
