"""Mail about orders, to the learner who ordered. Written in the transaction of what it tells."""

from domain.orders import METHODS, shown_number
from domain.wording import day, money
from extensions import db
from models import Order, Payment, Person
from services import invoices, mail


def tell_placed(order: Order, base_url: str) -> None:
    """The order is placed: what it costs, and how to pay."""
    terms = order.facts["terms"]
    ways = ""
    if terms["check_to"]:
        ways += f"\nBy check, payable to and sent to:\n\n{terms['check_to']}\n"
    if terms["transfer_to"]:
        ways += f"\nBy bank transfer:\n\n{terms['transfer_to']}\n"
    _tell(
        order,
        f"Your order {shown_number(order.number)}: how to pay",
        f"thank you for ordering {_title(order)}. Please pay {_total(order)} by"
        f" {invoices.due_on(order)}, and name {shown_number(order.number)} with it.\n{ways}\n"
        "Your course opens when the money has arrived. Your invoice:\n\n"
        f"{_link(order, base_url)}\n",
    )


def tell_paid(order: Order, base_url: str) -> None:
    """The receipt."""
    payment = _get_payment(order, "payment")
    lines = "\n".join(f"  {words}: {amount}" for words, amount in invoices.price_lines(order))
    where = "has come for a course that cannot be opened by it: we send it back to you."
    if order.enrollment_id is not None:
        course = f"{base_url}/learn/{order.facts['course']['slug']}"
        where = f"has arrived, and your course is open:\n\n{course}"
    what = f"your payment of {_total(order)} ({METHODS[payment.method].lower()},"
    what += f" {day(payment.moved_on)})"
    if not order.total_cents:
        what = "your order, which a coupon pays in full,"
    _tell(
        order,
        f"Receipt for your order {shown_number(order.number)}",
        f"{what} {where}\n\n{lines}\n\nYour receipt to print:\n\n{_link(order, base_url)}\n",
    )


def tell_canceled(order: Order, base_url: str) -> None:
    _tell(
        order,
        f"Your order {shown_number(order.number)} is canceled",
        f"your order of {_title(order)} is canceled. You owe nothing for it.\n\n"
        f"{_link(order, base_url)}\n",
    )


def tell_refund_due(order: Order, base_url: str) -> None:
    _tell(
        order,
        f"We refund your order {shown_number(order.number)}",
        f"we give back {_total(order)} for {_title(order)}. Your enrollment in it has ended. We"
        f" write again when the money is on its way.\n\n{_link(order, base_url)}\n",
    )


def tell_refunded(order: Order, base_url: str) -> None:
    """The receipt of the refund."""
    refund = _get_payment(order, "refund")
    reference = f", {refund.reference}" if refund.reference else ""
    _tell(
        order,
        f"Refund for your order {shown_number(order.number)}",
        f"on {day(refund.moved_on)} we sent back {_total(order)} for {_title(order)}"
        f" ({METHODS[refund.method].lower()}{reference}).\n\n{_link(order, base_url)}\n",
    )


def _tell(order: Order, subject: str, words: str) -> None:
    person = db.session.get_one(Person, order.person_id)
    mail.queue(person.email, subject, f"Hello {person.name_on_license},\n\n{words}")


def _get_payment(order: Order, kind: str) -> Payment:
    return (
        db.session.query(Payment).filter(Payment.order_id == order.id, Payment.kind == kind).one()
    )


def _title(order: Order) -> str:
    return str(order.facts["course"]["title"])


def _total(order: Order) -> str:
    return money(order.total_cents, order.currency) if order.total_cents else "nothing"


def _link(order: Order, base_url: str) -> str:
    return f"{base_url}/orders/{order.number}"
