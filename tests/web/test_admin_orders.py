"""Orders, coupons and payment terms in the panel."""

import pytest
from sqlalchemy import select

import clock
from domain.wording import day
from extensions import db
from models import Coupon, Enrollment, Order, Payment, Person
from services import payments
from tests.completed import complete_all, issue
from tests.factories import SLUG, make_administrator, make_person
from tests.ordering import BASE_URL, BY_CHECK, YESTERDAY, actor, give_price, make_coupon, place
from tests.site import Site

PAID = {"method": "check", "reference": "No. 17", "moved_on": YESTERDAY.isoformat()}
ORDER = "/admin/orders/1"
COUPON = {"kind": "percent", "value": "50", "uses": "3", "intent": "one"}
TERMS = {
    "check_to": "Us\n1 Street",
    "transfer_to": "",
    "days": "14",
    "tax_label": "",
    "tax_rate": "",
}


@pytest.fixture
def carol(site: Site) -> Site:
    """Carol's browser; Alice has ordered the small course, which has a price."""
    with site.app.app_context():
        give_price()
        make_administrator()
        place(make_person())
        db.session.commit()
    site.log_in("carol@example.org")
    return site


def test_the_list_shows_filters_and_exports(carol: Site) -> None:
    page = carol.get("/admin/orders").text
    for words in ("1 order waits for payment", "INV-000001", "Alice Learner", "$48.00"):
        assert words in page
    for query in ("q=alice", "q=inv-000001", "q=SML-101+learner", "state=open"):
        assert "INV-000001" in carol.get(f"/admin/orders?{query}").text, query
    for query in ("q=nobody", "q=7", "state=paid", "q=%25"):
        assert "Nothing matches" in carol.get(f"/admin/orders?{query}").text, query
    for odd in ("state=x", "after=%21%21", "sort=x&way=y"):
        assert carol.get(f"/admin/orders?{odd}").status_code == 200, odd
    sheet = carol.get("/admin/orders?format=csv").text
    assert "INV-000001" in sheet and "48.00" in sheet


def test_marking_paid_opens_the_course_once(carol: Site) -> None:
    assert "Mark as paid" in carol.get(ORDER).text
    for _ in range(2):
        assert carol.post(f"{ORDER}/payment", PAID).headers["Location"] == ORDER
    with carol.app.app_context():
        payment = db.session.scalars(select(Payment)).one()
        assert (payment.amount_cents, payment.reference) == (4800, "No. 17")
        assert db.session.scalars(select(Enrollment)).one().source == "order"
    page = carol.get(ORDER).text
    assert f"Check, No. 17, {day(YESTERDAY)}" in page
    assert "Mark as paid" not in page


def test_a_changed_amount_is_ignored(carol: Site) -> None:
    carol.post(f"{ORDER}/payment", {**PAID, "amount_cents": "1", "total_cents": "1"})
    with carol.app.app_context():
        assert db.session.scalars(select(Payment.amount_cents)).one() == 4800


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"method": ""}, "method", "Choose how the money moved."),
        ({"method": "card"}, "method", "Choose how the money moved."),
        ({"moved_on": ""}, "moved_on", "Enter the day."),
        ({"moved_on": "soon"}, "moved_on", "Enter the day as a date"),
        ({"moved_on": "2199-01-01"}, "moved_on", "This day has not come yet."),
        ({"moved_on": "1999-01-01"}, "moved_on", "This is long before the order was placed"),
    ],
)
def test_a_payment_with_a_fault_is_not_recorded(
    carol: Site, fields: dict[str, str], field: str, words: str
) -> None:
    refused = carol.post(f"{ORDER}/payment", {**PAID, **fields})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert words in refused.text.split(f'id="{field}-error"')[1]
    assert 'value="No. 17"' in refused.text
    assert _state(carol) == "open"


def test_canceling_and_a_payment_that_comes_all_the_same(carol: Site) -> None:
    assert carol.post(f"{ORDER}/cancellation", {"note": "Asked by phone"}).status_code == 303
    page = carol.get(ORDER).text
    assert "Asked by phone" in page
    carol.post(f"{ORDER}/payment", PAID)
    assert _state(carol) == "refund due"
    assert carol.post(f"{ORDER}/cancellation").status_code == 409


def test_a_refund_by_the_rule_then_the_money(carol: Site) -> None:
    carol.post(f"{ORDER}/payment", PAID)
    refused = carol.post(f"{ORDER}/refund", {"ground": ""})
    assert refused.status_code == 422
    assert "Choose the ground" in refused.text.split('id="ground-error"')[1]
    for _ in range(2):
        assert carol.post(f"{ORDER}/refund", {"ground": "canceled"}).status_code == 303
    assert _state(carol) == "refund due"
    assert "Mark as refunded" in carol.get(ORDER).text
    for _ in range(2):
        assert carol.post(f"{ORDER}/repayment", PAID).status_code == 303
    assert _state(carol) == "refunded"
    assert "Given back" in carol.get(ORDER).text


def test_after_the_certificate_a_refund_is_flagged_and_refused(carol: Site) -> None:
    carol.post(f"{ORDER}/payment", PAID)
    with carol.app.app_context():
        from services.enrollments import get_study_for

        alice = db.session.scalars(select(Person).where(Person.email == "alice@example.org")).one()
        issue(complete_all(get_study_for(alice.id, SLUG)))
        db.session.commit()
    page = carol.get(ORDER).text
    assert "A certificate has been issued" in page
    assert 'value="canceled"' not in page
    refused = carol.post(f"{ORDER}/refund", {"ground": "canceled"})
    assert refused.status_code == 422
    assert "only where a licensing board" in refused.text.split('id="ground-error"')[1]
    assert _state(carol) == "paid"
    carol.post(f"{ORDER}/refund", {"ground": "board", "note": "Letter of May 3"})
    assert _state(carol) == "refund due"
    assert "Letter of May 3" in carol.get(ORDER).text


def test_unknown_orders_are_not_found(carol: Site) -> None:
    assert carol.get("/admin/orders/77").status_code == 404
    for step in ("payment", "cancellation", "refund", "repayment"):
        assert carol.post(f"/admin/orders/77/{step}", PAID).status_code == 404
    assert carol.get(f"{ORDER}/receipt.pdf").status_code == 404


def test_learners_and_instructors_are_kept_out(carol: Site) -> None:
    with carol.app.app_context():
        make_person("bob@example.org", "Bob", is_instructor=True)
        db.session.commit()
    for email in ("alice@example.org", "bob@example.org"):
        carol.log_in(email)
        for path in ("/admin/orders", ORDER, "/admin/coupons", "/admin/payment-terms"):
            assert carol.get(path, may_write=True).status_code == 403, (email, path)
        for path in (f"{ORDER}/payment", "/admin/coupons", "/admin/coupons/1/revoked"):
            assert carol.post(path, {**PAID, **COUPON}).status_code == 403, (email, path)
    assert _state(carol) == "open"


def test_a_coupon_is_made_once_listed_and_withdrawn(carol: Site) -> None:
    given = {**COUPON, "code": "spring-27", "codes": "sml-101", "last_day": "2199-06-30"}
    assert carol.post("/admin/coupons", given).status_code == 422, "too far off"
    given["last_day"] = "2030-06-30"
    for _ in range(2):
        assert carol.post("/admin/coupons", given).status_code == 303
    page = carol.get("/admin/coupons").text
    for words in ("SPRING27", "50 %", "0 of 3", "SML-101", "June 30, 2030", "Works"):
        assert words in page
    with carol.app.app_context():
        number = db.session.scalars(select(Coupon.id)).one()
    for _ in range(2):
        carol.post(f"/admin/coupons/{number}/revoked")
    assert "Withdrawn" in carol.get("/admin/coupons").text
    assert carol.post("/admin/coupons/77/revoked").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"value": "0"}, "value", "from 1 to 100"),
        ({"value": "101"}, "value", "from 1 to 100"),
        ({"value": "12.5"}, "value", "from 1 to 100"),
        ({"value": "half"}, "value", "Enter a number"),
        ({"value": "NaN"}, "value", "Enter a number"),
        ({"kind": "amount", "value": "-5"}, "value", "Enter an amount"),
        ({"kind": "other"}, "kind-0", ""),
        ({"uses": "0"}, "uses", "from 1 to 100,000"),
        ({"uses": "two"}, "uses", "as a whole number"),
        ({"codes": "NONE-9"}, "codes", "There is no course with the code NONE-9."),
        ({"last_day": "2020-01-01"}, "last_day", "This day has passed."),
        ({"first_day": "2030-01-02", "last_day": "2030-01-01"}, "last_day", "before the first"),
        ({"code": "---"}, "code", "letters or digits"),
        ({"code": "TAKEN"}, "code", "already"),
    ],
)
def test_a_coupon_with_a_fault_is_not_made(
    carol: Site, fields: dict[str, str], field: str, words: str
) -> None:
    with carol.app.app_context():
        person = db.session.scalars(select(Person).where(Person.is_administrator)).one()
        make_coupon(person, "TAKEN")
        db.session.commit()
    refused = carol.post("/admin/coupons", {**COUPON, **fields})
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert words in refused.text
    with carol.app.app_context():
        assert db.session.scalars(select(Coupon.code)).all() == ["TAKEN"]


def test_terms_of_payment_reach_the_next_invoice_only(carol: Site) -> None:
    assert "Test Training Center" in carol.get("/admin/payment-terms").text
    changed = {**TERMS, "transfer_to": "Bank 7", "tax_label": "Sales tax", "tax_rate": "6.25"}
    assert carol.post("/admin/payment-terms", changed).status_code == 303
    page = carol.get("/admin/payment-terms").text
    assert "Bank 7" in page and 'value="6.25"' in page
    with carol.app.app_context():
        order = place(make_person("dave@example.org", "Dave"))
        assert (order.tax_cents, order.total_cents) == (300, 5100)
        assert order.facts["terms"]["transfer_to"] == "Bank 7"
        first = db.session.scalars(select(Order).where(Order.number == 1)).one()
        assert first.facts["terms"]["transfer_to"] == ""
        payments.record_payment(1, BY_CHECK, actor_of_carol(), BASE_URL, clock.now())


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"check_to": ""}, "check_to"),
        ({"days": "0"}, "days"),
        ({"days": "x"}, "days"),
        ({"tax_rate": "6.255", "tax_label": "T"}, "tax_rate"),
        ({"tax_rate": "-1", "tax_label": "T"}, "tax_rate"),
        ({"tax_rate": "6"}, "tax_rate"),
    ],
)
def test_terms_with_a_fault_are_not_saved(carol: Site, fields: dict[str, str], field: str) -> None:
    refused = carol.post("/admin/payment-terms", {**TERMS, **fields})
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text


def actor_of_carol():  # type: ignore[no-untyped-def]
    return actor(db.session.scalars(select(Person).where(Person.is_administrator)).one())


def _state(site: Site) -> str:
    with site.app.app_context():
        return db.session.scalars(select(Order.state)).one()
