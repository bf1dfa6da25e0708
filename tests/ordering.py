"""A course with a price, coupons and orders for tests."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import clock
from domain.outline import Outline
from models import Coupon, Order, Person
from services import coupons, editions, orders, publishing
from services.audit import Actor
from services.coupons import NewCoupon
from services.orders import NewOrder
from services.payments import Money
from tests.conftest import TEST_COURSE
from tests.factories import SLUG

BASE_URL = "http://localhost"
YESTERDAY = clock.now().astimezone(ZoneInfo("America/New_York")).date() - timedelta(days=1)
BY_CHECK = Money("check", "No. 1001", YESTERDAY)


def give_price(cents: int = 4800, ways: tuple[str, ...] = ("order", "key")) -> Outline:
    """A new edition of the small course, which has a price (or a lower or higher one)."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / SLUG
        shutil.copytree(TEST_COURSE, copied)
        facts = (copied / "course.yaml").read_text()
        facts = facts.replace('price: "0.00"', f'price: "{cents / 100:.2f}"')
        facts = facts.replace("enrollment: [free, key]", f"enrollment: [{', '.join(ways)}]")
        (copied / "course.yaml").write_text(facts)
        publishing.publish_course(copied, Path(folder) / "media", clock.now())
    return editions.get_current_outline(SLUG)


def new_order(coupon: str = "", intent: str = "", **fields: str) -> NewOrder:
    given = {"buyer": "Alice Learner", "organization": "", "address": "1 Main Street", **fields}
    return NewOrder(**given, coupon=coupon, intent=intent)


def place(person: Person, coupon: str = "", intent: str = "") -> Order:
    """The person's order of the small course, which has a price."""
    outline = editions.get_current_outline(SLUG)
    return orders.place_order(person.id, outline, new_order(coupon, intent), BASE_URL, clock.now())


def make_coupon(person: Person, code: str = "SPRING", **fields: object) -> Coupon:
    """A coupon made by an administrator; 50 % unless fields say otherwise."""
    given = {
        "code": code,
        "percent": None if "amount_cents" in fields else 50,
        "amount_cents": None,
        "uses": 5,
        "first_day": None,
        "last_day": None,
        "codes": (),
        "note": "",
        "intent": "",
        **fields,
    }
    return coupons.make_coupon(NewCoupon(**given), actor(person), clock.now())  # type: ignore[arg-type]


def actor(person: Person) -> Actor:
    return Actor(person.id, "test")
