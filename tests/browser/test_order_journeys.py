"""The ways into a course — free, by invoice, by coupon — with scripts and without: same rows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from commands.demonstration import PASSWORD, REFERENCE_COURSE
from extensions import db
from models import Enrollment, Order, OrderEvent, OutgoingMail, Payment, Person
from tests.browser.conftest import Center
from tests.browser.learner import Learner
from tests.browser.test_whole_path import watch

pytestmark = pytest.mark.browser
GUIDE = "finding-your-way-around-this-learning-center"


@dataclass
class Cast:
    """The people of one run; `tag` keeps their addresses apart from those of the other run."""

    center: Center
    new_context: Callable[..., BrowserContext]
    scripts: bool

    @property
    def tag(self) -> str:
        return "with" if self.scripts else "without"

    def open(self) -> Page:
        return self.new_context(scripts=self.scripts, accept_downloads=True).new_page()

    def learner(self, name: str, slug: str = REFERENCE_COURSE) -> Learner:
        email = f"{name.lower()}.{self.tag}@example.org"
        return Learner(self.center, self.open(), email, f"{name} Learner", slug)


def test_the_same_rows_with_scripts_and_without(
    center: Center, new_context: Callable[..., BrowserContext]
) -> None:
    rows = [walk(Cast(center, new_context, scripts)) for scripts in (True, False)]
    assert rows[0] == rows[1]
    assert rows[0]["invoice"]["states"] == ["open", "paid"]
    assert rows[0]["coupon"]["total"] == 0
    assert rows[0]["free"]["sources"] == ["free"]


def walk(cast: Cast) -> dict[str, Any]:
    carol = Learner(cast.center, cast.open(), "carol@example.org", "Carol Director")
    carol.log_in(PASSWORD)
    problems = watch(carol.page)
    found = {
        "free": enroll_free(cast.learner("Fay", GUIDE)),
        "invoice": order_by_invoice(cast.learner("Ina"), carol),
        "coupon": use_coupon(cast.learner("Cleo"), carol, f"WHOLE{cast.tag}"),
    }
    assert problems == []
    return found


def enroll_free(fay: Learner) -> dict[str, Any]:
    """Find the guide by its words, look into its first item, enroll."""
    page = fay.page
    page.goto("/")
    page.get_by_label("Words").fill("guide recorded")
    page.get_by_label("Price").select_option("Free")
    fay.press("Apply")
    expect(page.get_by_role("heading", name=re.compile(r"1 course of \d"))).to_be_visible()
    fay.follow("Finding your way")
    fay.follow("Read or watch the first item free")
    expect(page.get_by_text("No time is recorded here.")).to_be_visible()
    fay.register()
    fay.press("Confirm enrollment")
    page.wait_for_url(f"**/learn/{GUIDE}*")
    return read_rows(fay)


def order_by_invoice(ina: Learner, carol: Learner) -> dict[str, Any]:
    page = ina.page
    ina.register()
    ina.follow("Order by invoice")
    page.get_by_label("Name on the invoice").fill("")
    ina.press("Check order")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Name on the invoice").fill("Ina Learner")
    page.get_by_label("Address").fill("1 Main Street\nExample City")
    ina.press("Check order")
    expect(page.get_by_role("heading", name="Check your order")).to_be_visible()
    ina.press("Place order")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"Order INV-\d{6}"))
    number = heading.inner_text().removeprefix("Order ")
    expect(page.get_by_text("Pay $48.00")).to_be_visible()
    ina.center.work_off()
    with page.expect_download() as download:
        ina.follow("Download the invoice")
    assert download.value.suggested_filename == f"invoice-{number}.pdf"
    mark_paid(carol, number)
    page.reload()
    ina.follow("Continue")
    page.wait_for_url(f"**/learn/{REFERENCE_COURSE}*")
    return read_rows(ina)


def mark_paid(carol: Learner, number: str) -> None:
    page = carol.page
    page.goto("/admin/orders")
    page.get_by_label("Number, name").fill(number)
    carol.press("Apply")
    carol.follow(number)
    page.get_by_label("How").select_option("Check")
    page.get_by_label("Number or reference").fill("No. 1001")
    carol.press("Mark as paid")
    expect(page.get_by_text("The payment is recorded, and the course is open.")).to_be_visible()


def use_coupon(cleo: Learner, carol: Learner, code: str) -> dict[str, Any]:
    """The administrator makes a coupon for one order of any course, for its whole price."""
    carol.page.goto("/admin/coupons")
    carol.page.get_by_label(re.compile("^Code")).fill(code)
    carol.page.get_by_label("How much").fill("100")
    carol.press("Make coupon")
    expect(carol.page.get_by_text(f"The coupon {code.upper()} is made.")).to_be_visible()
    cleo.register()
    cleo.follow("Order by invoice")
    cleo.page.get_by_label("Coupon").fill("wrong")
    cleo.press("Check order")
    expect(cleo.page.get_by_text("We do not know this coupon").first).to_be_visible()
    cleo.page.get_by_label("Coupon").fill(code.lower())
    cleo.press("Check order")
    expect(cleo.page.get_by_text("Nothing is left to pay")).to_be_visible()
    cleo.press("Confirm enrollment")
    cleo.page.wait_for_url(f"**/learn/{REFERENCE_COURSE}*")
    return read_rows(cleo)


def read_rows(learner: Learner) -> dict[str, Any]:
    """What is left of a journey in the database, without what differs from run to run."""
    with learner.center.app.app_context():
        who = db.session.scalars(select(Person.id).where(Person.email == learner.email)).one()
        order = db.session.scalar(select(Order).where(Order.person_id == who))
        order_id = order.id if order else 0
        found = {
            "sources": _all(select(Enrollment.source).where(Enrollment.person_id == who)),
            "states": _all(
                select(OrderEvent.state)
                .where(OrderEvent.order_id == order_id)
                .order_by(OrderEvent.id)
            ),
            "methods": _all(select(Payment.method).where(Payment.order_id == order_id)),
            "total": order.total_cents if order else None,
            "mails": len(
                _all(select(OutgoingMail.id).where(OutgoingMail.recipient == learner.email))
            ),
        }
        db.session.remove()
    return found


def _all(query: Any) -> list[Any]:
    return list(db.session.scalars(query))
