"""What an order costs, the states it may pass through, when the price is given back."""

import pytest

from domain import orders
from domain.orders import (
    Discount,
    StudySoFar,
    Tax,
    fix_price,
    list_grounds,
    normal_coupon,
    why_no_refund,
)


@pytest.mark.parametrize(
    ("cents", "discount", "tax", "price", "why"),
    [
        (4800, Discount(None, None), Tax("", 0), (4800, 0, 0, 4800), "the price alone"),
        (4800, Discount(50, None), Tax("", 0), (4800, 2400, 0, 2400), "half of it"),
        (4999, Discount(33, None), Tax("", 0), (4999, 1650, 0, 3349), "in the learner's favor"),
        (4800, Discount(None, 1000), Tax("", 0), (4800, 1000, 0, 3800), "an amount"),
        (4800, Discount(None, 9900), Tax("", 0), (4800, 4800, 0, 0), "never below zero"),
        (4800, Discount(100, None), Tax("VAT", 600), (4800, 4800, 0, 0), "no tax on nothing"),
        (4800, Discount(None, None), Tax("VAT", 625), (4800, 0, 300, 5100), "tax on the price"),
        (4800, Discount(50, None), Tax("VAT", 625), (4800, 2400, 150, 2550), "tax on the rest"),
        (120, Discount(None, None), Tax("VAT", 625), (120, 0, 8, 128), "half a cent goes up"),
    ],
)
def test_prices(cents: int, discount: Discount, tax: Tax, price: tuple[int, ...], why: str) -> None:
    fixed = fix_price(cents, discount, tax)
    found = (fixed.list_cents, fixed.discount_cents, fixed.tax_cents, fixed.total_cents)
    assert found == price, why


@pytest.mark.parametrize(
    ("study", "grounds", "why"),
    [
        (StudySoFar(), ("canceled", "fault", "withdrawn"), "nothing passed: for any reason"),
        (StudySoFar(1), ("fault", "withdrawn"), "a test is passed: not for a change of mind"),
        (StudySoFar(5, True), ("board",), "a certificate: only where a board refused it"),
        (StudySoFar(0, True), ("board",), "a certificate decides, whatever else"),
    ],
)
def test_grounds_of_refunds(study: StudySoFar, grounds: tuple[str, ...], why: str) -> None:
    assert list_grounds(study) == grounds, why
    refused = {ground for ground in orders.GROUNDS if why_no_refund(study, ground, 4800)}
    assert refused == set(orders.GROUNDS) - set(grounds), why


def test_nothing_is_given_back_where_nothing_was_paid() -> None:
    assert why_no_refund(StudySoFar(), "canceled", 0) == orders.NOTHING_PAID
    assert why_no_refund(StudySoFar(), "no such ground", 4800) != ""


def test_no_path_meets_a_state_twice() -> None:
    def walk(state: str, seen: tuple[str, ...]) -> None:
        assert state not in seen
        for following in orders.MOVES[state]:
            walk(following, (*seen, state))

    walk(orders.OPEN, ())
    assert set(orders.MOVES) == set(orders.STATES)


def test_a_coupon_is_found_however_it_was_typed() -> None:
    assert normal_coupon(" spring-2027 ") == normal_coupon("SPRING 2027") == "SPRING2027"
