"""Orders: what they cost, the states they pass through, and when the price is given back."""

from dataclasses import dataclass

from domain.enrollment_key import ALPHABET, CHARACTERS, shown_code

OPEN = "open"
PAID = "paid"
CANCELED = "canceled"
REFUND_DUE = "refund due"
REFUNDED = "refunded"
STATES = (OPEN, PAID, CANCELED, REFUND_DUE, REFUNDED)

MOVES: dict[str, frozenset[str]] = {
    OPEN: frozenset({PAID, CANCELED, REFUND_DUE}),
    PAID: frozenset({REFUND_DUE}),
    CANCELED: frozenset({REFUND_DUE}),
    REFUND_DUE: frozenset({REFUNDED}),
    REFUNDED: frozenset(),
}
"""From each state to which. No path meets a state twice.

A refund is due without anything more where money comes for an order that was canceled, or for a
course that the learner has opened by a key meanwhile.
"""

CHECK = "check"
TRANSFER = "transfer"
CARD = "card"
COUPON = "coupon"
OTHER = "other"
METHODS = {
    CHECK: "Check",
    TRANSFER: "Bank transfer",
    CARD: "Card",
    COUPON: "Coupon for the whole price",
    OTHER: "Another way",
}
BY_HAND = (CHECK, TRANSFER, OTHER)
"""The methods an administrator may record; the others record themselves."""

CANCELS = "canceled"
OUR_FAULT = "fault"
WITHDRAWN = "withdrawn"
BOARD = "board"
GROUNDS = {
    CANCELS: "The learner cancels before passing a post-test",
    OUR_FAULT: "The fault is ours",
    WITHDRAWN: "We withdrew the course",
    BOARD: "A licensing board refused the certificate",
}
AFTER_CERTIFICATE = (
    "A certificate has been issued. The price is given back only where a licensing board"
    " refused it."
)
AFTER_TEST = (
    "A post-test has been passed. The price is given back only where the fault is ours or the"
    " course was withdrawn."
)
NO_CERTIFICATE = "No certificate has been issued, so no board can have refused one."
NOTHING_PAID = "This order cost nothing: there is nothing to give back."


@dataclass(frozen=True)
class Tax:
    """A tax added to the price: its name on the invoice, its rate in hundredths of a percent."""

    label: str
    rate: int


@dataclass(frozen=True)
class Price:
    """What an order costs, in whole cents."""

    list_cents: int
    discount_cents: int
    tax_cents: int

    @property
    def total_cents(self) -> int:
        return self.list_cents - self.discount_cents + self.tax_cents


@dataclass(frozen=True)
class Discount:
    """What a coupon takes off: a percentage of the price, or an amount in cents."""

    percent: int | None
    amount_cents: int | None

    def of(self, list_cents: int) -> int:
        """The cents taken off, rounded in the learner's favor; never more than the price."""
        if self.percent is not None:
            return -(-list_cents * self.percent // 100)
        return min(self.amount_cents or 0, list_cents)


NO_DISCOUNT = Discount(None, None)
NO_TAX = Tax("", 0)


def fix_price(list_cents: int, discount: Discount = NO_DISCOUNT, tax: Tax = NO_TAX) -> Price:
    """The price of an order: the discount first, then the tax on the rest, half a cent up."""
    taken_off = discount.of(list_cents)
    taxed = list_cents - taken_off
    return Price(list_cents, taken_off, (taxed * tax.rate + 5_000) // 10_000)


def shown_number(number: int) -> str:
    """The number of an invoice as it is printed: INV-000042."""
    return f"INV-{number:06d}"


def normal_coupon(code: str) -> str:
    """A coupon's code however it was typed: case, spaces and hyphens do not matter."""
    return "".join(c for c in code.upper() if c.isalnum())


def shown_coupon(code: str) -> str:
    """Made-up codes in groups of four; words that somebody chose as they are."""
    is_made_up = len(code) == CHARACTERS and set(code) <= set(ALPHABET)
    return shown_code(code) if is_made_up else code


@dataclass(frozen=True)
class StudySoFar:
    """What a refund depends on: post-tests passed, and whether a certificate was issued."""

    tests_passed: int = 0
    has_certificate: bool = False


def list_grounds(study: StudySoFar) -> tuple[str, ...]:
    """The grounds on which the price is given back now (ce-rules.md §9; the refund policy)."""
    if study.has_certificate:
        return (BOARD,)
    if study.tests_passed:
        return (OUR_FAULT, WITHDRAWN)
    return (CANCELS, OUR_FAULT, WITHDRAWN)


def why_no_refund(study: StudySoFar, ground: str, total_cents: int) -> str:
    """Why the price is not given back on this ground; nothing where it is."""
    if total_cents == 0:
        return NOTHING_PAID
    if ground in list_grounds(study):
        return ""
    if study.has_certificate:
        return AFTER_CERTIFICATE
    return NO_CERTIFICATE if ground == BOARD else AFTER_TEST
