"""What happens to an order after it was placed: paid, canceled, refund due, refunded. Each once.

Every step locks the order, looks where it stands, and is answered with the order as it is when
somebody else (or an earlier click) took the step before.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain import orders as rules
from domain.orders import CANCELED, OPEN, PAID, REFUND_DUE, REFUNDED, StudySoFar
from domain.refusals import Conflict, Invalid, NotFound
from domain.wording import day
from extensions import db
from models import Course, Enrollment, Order, OrderEvent, Payment
from services import (
    audit,
    certification,
    coupons,
    editions,
    enrollments,
    jobs,
    order_mail,
    progress,
    provider_days,
)
from services.audit import Actor
from services.enrollments import hold_enrollment

PAYMENT = "payment"
REFUND = "refund"
MONEY_BEFORE_ORDER = timedelta(days=31)
"""A check may lie there before the order is placed."""


@dataclass(frozen=True)
class Money:
    """What an administrator saw arrive or sent back: how, under which reference, on which day."""

    method: str
    reference: str
    moved_on: date


def record_payment(number: int, money: Money, actor: Actor, base_url: str, now: datetime) -> Order:
    """Record that the whole price has arrived, and open the enrollment in this transaction.

    Money for a canceled order, or for a course that is open already, is due back. The same payment
    sent again is recorded once; raises Conflict for another one, and Invalid (field `moved_on`)
    for a day to come or long before the order.
    """
    order = _lock(number)
    if _is_recorded(order, PAYMENT, money):
        return order
    _add_money(order, PAYMENT, money, actor.person_id, now)
    enrollment = _open_enrollment(order, now) if order.state == OPEN else None
    if enrollment is None:
        reason = "paid after cancellation" if order.state == CANCELED else "enrolled already"
        _move(order, REFUND_DUE, actor.person_id, now, reason)
    else:
        order.enrollment_id = enrollment.id
        _move(order, PAID, actor.person_id, now)
    _record("order.paid", order, actor)
    jobs.enqueue("receipt", order.id, key=f"receipt-{order.id}")
    order_mail.tell_paid(order, base_url)
    return order


def settle_free(order: Order, base_url: str, now: datetime) -> None:
    """Settle an order that costs nothing: its coupon pays, the course is open at once."""
    today = provider_days.today_is(now)
    _add_money(order, PAYMENT, Money(rules.COUPON, "", today), None, now)
    enrollment = _open_enrollment(order, now)
    if enrollment is None:
        raise Conflict("You are enrolled in this course already.")
    order.enrollment_id = enrollment.id
    _move(order, PAID, None, now)
    jobs.enqueue("receipt", order.id, key=f"receipt-{order.id}")
    order_mail.tell_paid(order, base_url)


def cancel_order(number: int, actor: Actor, note: str, base_url: str, now: datetime) -> Order:
    """Cancel an order that is not paid; the use of its coupon is given back. Raises Conflict."""
    order = _lock(number)
    if order.state == CANCELED:
        return order
    if order.state != OPEN:
        raise Conflict("This order has been paid: it can be refunded, not canceled.")
    _move(order, CANCELED, actor.person_id, now, note=note)
    if order.coupon_id is not None:
        coupons.give_back(order.coupon_id)
    _record("order.canceled", order, actor)
    order_mail.tell_canceled(order, base_url)
    return order


def decide_refund(
    number: int, ground: str, note: str, actor: Actor, base_url: str, now: datetime
) -> Order:
    """Decide that the price is given back, by the rule, and end the enrollment.

    Raises Invalid (field `ground`) in words where the rule gives nothing back. Decided before:
    the order as it is.
    """
    order = _lock(number)
    if order.state in (REFUND_DUE, REFUNDED):
        return order
    if order.state != PAID:
        raise Conflict("Only an order that has been paid can be refunded.")
    _lock_enrollment(order)
    refusal = rules.why_no_refund(study_so_far(order), ground, order.total_cents)
    if refusal:
        raise Invalid("ground", refusal)
    _move(order, REFUND_DUE, actor.person_id, now, ground, note)
    if order.enrollment_id is not None:
        enrollments.end_enrollment(order.enrollment_id, now)
    _record("order.refund_decided", order, actor, ground=ground)
    order_mail.tell_refund_due(order, base_url)
    return order


def record_refund(number: int, money: Money, actor: Actor, base_url: str, now: datetime) -> Order:
    """Record that the money was sent back. The same again changes nothing; raises Conflict else."""
    order = _lock(number)
    if _is_recorded(order, REFUND, money):
        return order
    if order.state != REFUND_DUE:
        raise Conflict("No refund is due for this order.")
    _add_money(order, REFUND, money, actor.person_id, now)
    _move(order, REFUNDED, actor.person_id, now)
    _record("order.refunded", order, actor)
    order_mail.tell_refunded(order, base_url)
    return order


def study_so_far(order: Order) -> StudySoFar:
    """What has been earned in the enrollment that the order opened."""
    if order.enrollment_id is None:
        return StudySoFar()
    tests = progress.get_progress(order.enrollment_id).tests.values()
    return StudySoFar(
        tests_passed=sum(standing.passed_at is not None for standing in tests),
        has_certificate=certification.find_certificate_of(order.enrollment_id) is not None,
    )


def _lock(number: int) -> Order:
    """The order, locked until the transaction ends, as it stands now. Raises NotFound."""
    order = db.session.scalar(
        select(Order)
        .where(Order.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if order is None:
        raise NotFound("There is no order with this number.")
    return order


def _lock_enrollment(order: Order) -> None:
    """Certificates are issued under the same lock: none comes between the rule and the refund."""
    if order.enrollment_id is not None:
        hold_enrollment(order.enrollment_id)


def _find_money(order_id: int, kind: str) -> Payment | None:
    return db.session.scalar(
        select(Payment).where(Payment.order_id == order_id, Payment.kind == kind)
    )


def _is_recorded(order: Order, kind: str, money: Money) -> bool:
    """Whether this very money is recorded: a second click. Raises Conflict if other money is."""
    made = _find_money(order.id, kind)
    if made is None:
        return False
    known = Money(made.method, made.reference, made.moved_on)
    if known != money:
        words = ", ".join(filter(None, (rules.METHODS[made.method], made.reference)))
        raise Conflict(
            f"A {kind} of this order is recorded already: {words}, {day(made.moved_on)}. "
            "What you typed is not recorded."
        )
    return True


def _add_money(order: Order, kind: str, money: Money, actor_id: int | None, now: datetime) -> None:
    """The amount is the order's own, whatever anybody sends."""
    if money.moved_on > provider_days.today_is(now):
        raise Invalid("moved_on", "This day has not come yet. Enter today or an earlier day.")
    _refuse_too_early(order, kind, money.moved_on)
    db.session.add(
        Payment(
            order_id=order.id,
            kind=kind,
            method=money.method,
            reference=money.reference,
            amount_cents=order.total_cents,
            currency=order.currency,
            moved_on=money.moved_on,
            recorded_by_id=actor_id,
            recorded_at=now,
        )
    )
    db.session.flush()


def _refuse_too_early(order: Order, kind: str, moved_on: date) -> None:
    """Receipts and sums of money go by this day, and what is recorded stays."""
    paid = _find_money(order.id, PAYMENT) if kind == REFUND else None
    if paid is not None and moved_on < paid.moved_on:
        raise Invalid("moved_on", f"The payment came later, on {day(paid.moved_on)}.")
    placed_on = provider_days.today_is(order.ordered_at)
    if moved_on < placed_on - MONEY_BEFORE_ORDER:
        raise Invalid("moved_on", f"This is long before the order was placed, on {day(placed_on)}.")


def _open_enrollment(order: Order, now: datetime) -> Enrollment | None:
    """The enrollment the order pays for; None where the learner has the course open already."""
    if enrollments.find_open(order.person_id, order.course_id) is not None:
        return None
    course = db.session.get_one(Course, order.course_id)
    outline = editions.get_outline(course.current_edition_id or order.edition_id)
    try:
        with db.session.begin_nested():
            return enrollments.open_enrollment(order.person_id, outline, "order", now)
    except IntegrityError:
        return None


def _move(
    order: Order, state: str, actor_id: int | None, now: datetime, reason: str = "", note: str = ""
) -> None:
    """Bring the order into a state it may come into from where it is, and note it for good."""
    if state not in rules.MOVES[order.state]:
        raise Conflict(f"An order that is {order.state} cannot become {state}.")
    moved = db.session.execute(
        update(Order)
        .where(Order.id == order.id, Order.state == order.state)
        .values(state=state)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        raise Conflict("Somebody else has changed this order. Look at it again.")
    order.state = state
    db.session.add(
        OrderEvent(
            order_id=order.id,
            state=state,
            actor_id=actor_id,
            reason=reason,
            note=note,
            happened_at=now,
        )
    )
    db.session.flush()


def _record(kind: str, order: Order, actor: Actor, **facts: str) -> None:
    audit.record(
        kind,
        actor_id=actor.person_id,
        subject=f"order:{order.number}",
        request_id=actor.request_id,
        facts={"state": order.state, "total_cents": order.total_cents, **facts},
    )
