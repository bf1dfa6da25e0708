"""Ordering a course by invoice: the form, the check page, the order, its cancellation."""

import pytest
from sqlalchemy import func, select

import clock
from extensions import db
from models import Coupon, Enrollment, Order, Person
from services import invoices, payments
from tests.factories import SLUG, make_administrator, make_key, make_person
from tests.ordering import BASE_URL, BY_CHECK, actor, give_price, make_coupon, place
from tests.site import Site

FORM = f"/courses/{SLUG}/order"
CONFIRM = f"/courses/{SLUG}/enrollment"
FILLED = {"buyer": "Alice Learner", "address": "1 Main Street\nPhiladelphia", "intent": "one"}


@pytest.fixture
def alice(site: Site) -> Site:
    """Alice's browser; the small course has a price."""
    with site.app.app_context():
        give_price()
        make_person()
        make_person("dave@example.org", "Dave Stranger")
        make_coupon(make_administrator())
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def test_the_confirm_page_offers_the_ways(alice: Site) -> None:
    page = alice.get(CONFIRM).text
    assert f'href="{FORM}"' in page
    assert "Confirm enrollment" in page
    assert 'name="key"' in page


def test_an_order_is_checked_before_it_is_placed(alice: Site) -> None:
    assert 'value="Alice Learner"' in alice.get(FORM).text
    checked = alice.post(FORM, {**FILLED, "step": "check"})
    assert checked.status_code == 200
    assert "Check your order" in checked.text
    assert "$48.00" in checked.text
    assert _count(alice, Order) == 0, "nothing is ordered by looking"
    placed = alice.post(FORM, {**FILLED, "step": "place", "seen_total": "4800"})
    assert (placed.status_code, placed.headers["Location"]) == (303, "/orders/1")
    page = alice.get("/orders/1").text
    for words in ("INV-000001", "Pay $48.00", "payable and sent to", "Philadelphia"):
        assert words in page
    assert _count(alice, Enrollment) == 0


def test_a_double_click_and_a_second_tab_find_the_same_order(alice: Site) -> None:
    place_fields = {**FILLED, "step": "place", "seen_total": "4800"}
    answers = [alice.post(FORM, place_fields).headers["Location"] for _ in range(2)]
    answers.append(alice.post(FORM, {**place_fields, "intent": "two"}).headers["Location"])
    answers.append(alice.get(FORM).headers["Location"])
    assert answers == ["/orders/1"] * 4
    assert _count(alice, Order) == 1


@pytest.mark.parametrize("seen", ["1", "0", "-4800", "4800.0", "", "9" * 30])
def test_a_changed_price_is_never_taken(alice: Site, seen: str) -> None:
    tampered = {"seen_total": seen, "price": "1", "total_cents": "1", "currency": "XXX"}
    answer = alice.post(FORM, {**FILLED, "step": "place", **tampered})
    assert "Check your order" in answer.text
    assert "$48.00" in answer.text
    assert _count(alice, Order) == 0


def test_more_fields_change_nothing(alice: Site) -> None:
    more = {"state": "paid", "person_id": "2", "discount_cents": "4800", "number": "77"}
    alice.post(FORM, {**FILLED, "step": "place", "seen_total": "4800", **more})
    with alice.app.app_context():
        order = db.session.scalars(select(Order)).one()
        assert (order.state, order.number, order.total_cents) == ("open", 1, 4800)
        assert db.session.get_one(Person, order.person_id).email == "alice@example.org"


def test_what_is_missing_is_told_at_the_field_and_kept(alice: Site) -> None:
    refused = alice.post(FORM, {**FILLED, "buyer": " ", "step": "check"})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert "Enter the name" in refused.text.split('id="buyer-error"')[1]
    assert "1 Main Street" in refused.text


@pytest.mark.parametrize("step", ["check", "place"])
def test_a_wrong_coupon_is_told_at_the_field(alice: Site, step: str) -> None:
    given = {**FILLED, "coupon": "NONE", "step": step, "seen_total": "4800"}
    refused = alice.post(FORM, given)
    assert refused.status_code == 422
    assert "We do not know this coupon" in refused.text.split('id="coupon-error"')[1]
    assert 'value="NONE"' in refused.text
    assert _count(alice, Order) == 0


def test_a_coupon_is_seen_before_the_order_and_used_by_it(alice: Site) -> None:
    checked = alice.post(FORM, {**FILLED, "coupon": "spring", "step": "check"}).text
    assert "Coupon SPRING" in checked
    assert "−$24.00" in checked
    assert _used(alice) == 0, "looking uses nothing"
    alice.post(FORM, {**FILLED, "coupon": "spring", "step": "place", "seen_total": "2400"})
    assert _used(alice) == 1
    assert "Pay $24.00" in alice.get("/orders/1").text


def test_a_coupon_for_the_whole_price_enrolls_at_once(alice: Site) -> None:
    with alice.app.app_context():
        carol = db.session.scalars(select(Person).where(Person.is_administrator)).one()
        make_coupon(carol, "WHOLE", percent=100)
        db.session.commit()
    assert "Nothing is left to pay" in alice.post(FORM, {**FILLED, "coupon": "whole"}).text
    given = {**FILLED, "coupon": "whole", "step": "place", "seen_total": "0"}
    assert alice.post(FORM, given).headers["Location"] == f"/learn/{SLUG}"
    assert "You are enrolled in A Small Course." in alice.get(f"/learn/{SLUG}").text
    assert alice.post(FORM, given).headers["Location"] == f"/learn/{SLUG}", "a second click"
    assert "$0.00" in alice.get("/orders/1").text
    assert alice.get("/orders/1/cancellation").status_code == 303, "there is nothing to give back"


def test_change_leads_back_to_the_form(alice: Site) -> None:
    page = alice.post(FORM, {**FILLED, "coupon": "spring", "step": "change"})
    assert (page.status_code, 'value="spring"' in page.text) == (200, True)


@pytest.mark.usefixtures("standing_clock")
def test_guessing_coupons_is_slowed_down(alice: Site) -> None:
    answers = [alice.post(FORM, {**FILLED, "coupon": f"G{n}"}).status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


def test_a_stranger_sees_and_does_nothing(alice: Site) -> None:
    _place(alice)
    alice.log_in("dave@example.org")
    for path in ("/orders/1", "/orders/1/cancellation", "/orders/1/invoice.pdf", "/orders/9"):
        assert alice.get(path).status_code == 404
    assert alice.post("/orders/1/cancellation").status_code == 404
    assert "No order yet" in alice.get("/orders").text
    assert _state(alice) == "open"


def test_a_visitor_logs_in_first(site: Site) -> None:
    for path in (FORM, "/orders", "/orders/1"):
        assert site.get(path).headers["Location"].startswith("/login?next=")


def test_an_open_order_is_canceled_once(alice: Site) -> None:
    _place(alice)
    assert "Cancel this order?" in alice.get("/orders/1/cancellation").text
    for _ in range(2):
        assert alice.post("/orders/1/cancellation").headers["Location"] == "/orders/1"
    assert "You owe nothing for it." in alice.get("/orders/1").text
    assert alice.get(FORM).status_code == 200, "it can be ordered again"


def test_my_courses_tells_what_waits_for_payment(alice: Site) -> None:
    _place(alice)
    page = alice.get("/learn").text
    assert "A Small Course waits for your payment" in page
    assert 'href="/orders/1"' in page
    _pay(alice)
    assert "waits for your payment" not in alice.get("/learn").text


def test_a_paid_order_gives_the_price_back_while_nothing_is_passed(alice: Site) -> None:
    _place(alice)
    _pay(alice)
    page = alice.get("/orders/1").text
    assert "Your course is open" in page
    assert "get the price back in full" in page
    for _ in range(2):
        alice.post("/orders/1/cancellation")
    assert _state(alice) == "refund due"
    with alice.app.app_context():
        assert db.session.scalars(select(Enrollment)).one().ended_at is not None


def test_documents_are_the_learners_own(alice: Site) -> None:
    _place(alice)
    assert alice.get("/orders/1/receipt.pdf").status_code == 404, "nothing is paid"
    _draw(alice, "invoice")
    answer = alice.get("/orders/1/invoice.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert 'filename="invoice-INV-000001.pdf"' in answer.headers["Content-Disposition"]
    assert alice.get("/orders/1/other.pdf").status_code == 404


def test_a_pdf_that_is_not_drawn_yet_is_said_to_be(
    alice: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blueprints.orders import documents

    monkeypatch.setattr(documents, "LONGEST_WAIT_S", 0)
    _place(alice)
    answer = alice.get("/orders/1/invoice.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert 'href="/orders/1"' in answer.text


def test_what_is_not_for_sale_is_refused(alice: Site) -> None:
    with alice.app.app_context():
        give_price(4800, ("key",))
        db.session.commit()
    assert alice.get(FORM).status_code == 409
    assert alice.post(FORM, {**FILLED, "step": "place"}).status_code == 409
    assert alice.get("/courses/none/order").status_code == 404


def _place(site: Site) -> None:
    with site.app.app_context():
        place(db.session.scalars(select(Person).where(Person.email == "alice@example.org")).one())
        db.session.commit()


def _pay(site: Site) -> None:
    with site.app.app_context():
        carol = db.session.scalars(select(Person).where(Person.is_administrator)).one()
        payments.record_payment(1, BY_CHECK, actor(carol), BASE_URL, clock.now())
        db.session.commit()


def _draw(site: Site, variant: str) -> None:
    with site.app.app_context():
        order = db.session.scalars(select(Order)).one()
        invoices.render_document(order.id, variant, lambda _facts: b"%PDF")


def _state(site: Site) -> str:
    with site.app.app_context():
        return db.session.scalars(select(Order.state)).one()


def _used(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalars(select(Coupon.used)).one()


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_order_that_a_key_has_made_needless_asks_for_no_money(alice: Site) -> None:
    _place(alice)
    with alice.app.app_context():
        make_key("TESTKEY1")
        db.session.commit()
    assert alice.post(f"/courses/{SLUG}/enrollment", {"key": "TESTKEY1"}).status_code == 303
    assert "waits for your payment" not in alice.get("/learn").text
    page = alice.get("/orders/1").text
    assert "You need not pay this order" in page
    assert "Your course opens when the money has arrived" not in page
    assert "Cancel this order" in page
