"""Reports and audit packs in the panel: figures, filters, files, who may come, what is refused."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from extensions import db
from models import AuditPack, EvaluationResponse, Order, Payment, Person
from services import editions
from services.audit_pack import building
from tests.audit_packs import NOW, make_past, unpacked
from tests.certified import text_of
from tests.factories import SLUG, make_administrator
from tests.site import Site

DAYS = "first=2026-09-01&last=2026-11-23"
REPORTS = ("completions", "post-tests", "answers", "money", "evaluations")
ASKED = {"course": SLUG, "first": "2026-09-01", "last": "2026-11-23", "intent": "one"}


@pytest.fixture
def carol(app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with app.app_context():
        make_administrator()
        make_past()
        db.session.commit()
    site.log_in("carol@example.org")
    return site


@pytest.fixture
def folder(app: Flask) -> Iterator[Path]:
    found = app.config["SETTINGS"].audit_pack_folder
    found.mkdir(exist_ok=True)
    yield found
    for path in found.iterdir():
        path.unlink()


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def report(site: Site, name: str, more: str = "") -> tuple[str, list[list[str]]]:
    """The page, and the rows of its CSV."""
    address = f"/admin/reports/{name}?{DAYS}{more}"
    return text_of(site.get(address)), rows_of(text_of(site.get(f"{address}&format=csv")))


def test_completions_by_month_and_course(carol: Site) -> None:
    page, rows = report(carol, "completions")
    assert "<strong>3</strong> enrolled and <strong>2</strong> completed" in page
    assert "Median 26 days" in page
    assert [row[:3] for row in rows[1:4]] == [
        ["2026-09", "2", "1"], ["2026-10", "1", "1"], ["2026-11", "0", "0"],
    ]  # fmt: skip
    assert rows[4][1:] == ["3", "2", "10", "18", "26", "34", "42"]
    assert report(carol, "completions", f"&course={SLUG}")[1] == rows


def test_post_tests_by_unit(carol: Site) -> None:
    page, rows = report(carol, "post-tests", f"&course={SLUG}")
    assert "2 of 4 passed, 50 %" in page
    assert rows[1][1:] == ["6", "4", "66", "3", "1", "0", "0"]
    assert rows[2][1:] == ["4", "2", "50", "1", "1", "0", "0"]
    assert report(carol, "post-tests")[1][1][1:] == rows[1][1:]


def test_answers_and_evaluations(carol: Site) -> None:
    page, rows = report(carol, "answers")
    assert "<strong>1 of 3</strong> answers came in time." in page
    assert rows[1] == ["2026-09", "3", "1", "1", "1", "33"]
    page, rows = report(carol, "evaluations", f"&course={SLUG}")
    assert "3.17 of 5" in page
    assert rows[1][1:] == ["6", "3.17", "0", "2", "2", "1", "1"]


def test_fewer_than_five_evaluations_are_not_told(app: Flask, carol: Site) -> None:
    with app.app_context():
        keys = db.session.scalars(select(EvaluationResponse.key)).all()
        for key in keys[:2]:
            db.session.delete(db.session.get_one(EvaluationResponse, key))
        db.session.commit()
    page, rows = report(carol, "evaluations", f"&course={SLUG}")
    assert "Too few evaluations to show" in page
    assert len(rows) == 1


def test_money_by_month_and_course(app: Flask, carol: Site) -> None:
    with app.app_context():
        person_id = db.session.scalars(select(Person.id).order_by(Person.id)).first()
        outline = editions.get_current_outline(SLUG)
        order = Order(
            number=1, person_id=person_id, course_id=outline.course_id,
            edition_id=outline.edition_id, state="paid", currency="USD", list_cents=4800,
            discount_cents=0, tax_cents=0, total_cents=4800, facts={}, ordered_at=NOW,
        )  # fmt: skip
        db.session.add(order)
        db.session.flush()
        for kind, cents, on in (("payment", 4800, 1), ("refund", 1200, 2)):
            db.session.add(
                Payment(
                    order_id=order.id, kind=kind, method="check", amount_cents=cents,
                    currency="USD", moved_on=date(2026, 8 + on, 30), recorded_at=NOW,
                )
            )  # fmt: skip
        db.session.commit()
    page, rows = report(carol, "money")
    assert "<strong>$48.00</strong> paid in 1 payment, $12.00 refunded in 1." in page
    assert rows[1] == ["2026-09", "USD", "1", "48.00", "0", "0.00", "48.00"]
    assert rows[2] == ["2026-10", "USD", "0", "0.00", "1", "12.00", "-12.00"]
    assert rows[4][2:] == ["1", "48.00", "1", "12.00", "36.00"]


def test_days_that_are_none_are_said_at_the_field(carol: Site) -> None:
    for query, words in (
        ("first=someday", "Enter the day as a date"),
        ("first=2026-02-01&last=2026-01-01", "The last day comes before the first."),
        ("first=2001-01-01", "A report covers ten years at most."),
        ("last=9999-01-01", "Enter a day of this century."),
    ):
        for name in ("completions", "post-tests", "answers", "money"):
            page = text_of(carol.get(f"/admin/reports/{name}?{query}"))
            assert words in page and "There is a problem" in page, (name, query)


def test_empty_reports_say_so(carol: Site) -> None:
    for name in REPORTS[:4]:
        page = text_of(carol.get(f"/admin/reports/{name}?first=2020-01-01&last=2020-02-01"))
        assert "Choose more days, or another course." in page


def test_a_pack_is_asked_for_watched_downloaded_and_deleted(
    app: Flask, carol: Site, folder: Path
) -> None:
    made = carol.post("/admin/audit-packs", ASKED)
    again = carol.post("/admin/audit-packs", ASKED)
    where = made.headers["Location"]
    assert where == again.headers["Location"]
    assert "Waiting for the worker" in text_of(carol.get(where))
    assert carol.get(f"{where}.zip").status_code == 404
    pack_id = int(where.rsplit("/", 1)[1])
    with app.app_context():
        building.build(pack_id, folder, lambda *_: b"%PDF-", slice_s=0)
    part = text_of(carol.get(where, htmx=True))
    assert "0 of 5 steps done. Now: The course and its editions" in part
    with app.app_context():
        building.build(pack_id, folder, lambda *_: b"%PDF-")
    assert "Ready" in text_of(carol.get(where))
    response = carol.get(f"{where}.zip")
    assert response.mimetype == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"
    assert unpacked(response.data).index["totals"]["completed_in_period"] == 2
    response.close()
    assert "Carol Director" in text_of(carol.get("/admin/audit-packs"))
    page = text_of(carol.follow(carol.post(f"{where}/deletion")))
    assert "Deleted" in page
    assert carol.get(f"{where}.zip").status_code == 404
    assert "This pack was deleted" in text_of(carol.get(where))


def test_what_was_typed_is_kept_and_what_is_wrong_is_said(app: Flask, carol: Site) -> None:
    for change, words in (
        ({"course": ""}, "Choose a course."),
        ({"course": "other"}, "Not a valid choice"),
        ({"first": "x"}, "Not a valid date value."),
        ({"last": "2026-01-01"}, "The last day comes before the first."),
    ):
        response = carol.post("/admin/audit-packs", {**ASKED, **change})
        assert response.status_code == 422, change
        assert words in text_of(response)
    response = carol.post("/admin/audit-packs/learners", {"email": "nobody@example.org"})
    assert response.status_code == 422
    assert 'value="nobody@example.org"' in text_of(response)
    assert "No account has this address." in text_of(response)
    with app.app_context():
        assert db.session.scalar(select(func.count(AuditPack.id))) == 0


def test_the_pack_of_a_learner_is_asked_for(carol: Site) -> None:
    made = carol.post("/admin/audit-packs/learners", {"email": " ANN@example.org", "intent": "a"})
    assert "Learner: Ann Adams" in text_of(carol.follow(made))


def test_packs_that_are_not_there(carol: Site) -> None:
    for path in ("/admin/audit-packs/99", "/admin/audit-packs/99.zip"):
        assert carol.get(path).status_code == 404
    assert carol.post("/admin/audit-packs/99/deletion").status_code == 404
