"""Certificates in the panel: found by anything one has, replaced or revoked once, by staff."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from domain.time_record import Evidence
from domain.verification_code import shown_code
from extensions import db
from models import Certificate, CertificateEvent, Enrollment, PageView
from services import editions, page_views, time_record
from services.page_views import Place
from tests.certified import Issued, alice, complete, count, issued, store_pdf, text_of
from tests.factories import make_administrator
from tests.site import Site

__all__ = ["alice", "complete", "issued"]

REPLACEMENT = {
    "name": "Alice Lerner-Levi",
    "pdf_name": "",
    "licenses": "0",
    "reason": "the name was corrected",
    "note": "",
}
REVOCATION = {"revocation_reason": "it was issued in error", "revocation_note": "by mistake"}


@pytest.fixture
def carol(app: Flask, issued: Issued) -> Site:
    with app.app_context():
        make_administrator()
        db.session.commit()
    browser = Site(app)
    browser.log_in("carol@example.org")
    return browser


def admin_page(issued: Issued) -> str:
    return f"/admin/certificates/{issued.number}"


def test_only_administrators_come_in(site: Site, issued: Issued) -> None:
    page = admin_page(issued)
    for path in ("/admin/certificates", page, f"{page}/standard.pdf"):
        assert site.get(path, may_write=True).status_code == 403, path
    assert site.post(f"{page}/replacement", REPLACEMENT).status_code == 403
    assert site.post(f"{page}/revocation", REVOCATION).status_code == 403
    assert count(site.app, CertificateEvent) == 0


def test_a_certificate_is_found_by_anything_one_has(carol: Site, issued: Issued) -> None:
    for words in (
        "",
        issued.number.lower(),
        "learner",
        "alice@example.org",
        shown_code(issued.code),
    ):
        assert issued.number in text_of(carol.get(f"/admin/certificates?q={words}")), words
    assert "Nothing matches" in text_of(carol.get("/admin/certificates?q=dave"))
    assert issued.number in text_of(carol.get("/admin/certificates?format=csv"))


def test_the_page_shows_the_record_and_its_documents(carol: Site, issued: Issued) -> None:
    store_pdf(carol.app, issued.id)
    page = text_of(carol.get(admin_page(issued)))
    for words in ("Alice Learner", "Social worker, Pennsylvania, number SW-1001", "TEST-PSY-1",
                  shown_code(issued.code), "standard.pdf"):  # fmt: skip
        assert words in page, words
    document = carol.get(f"{admin_page(issued)}/standard.pdf")
    assert (document.status_code, document.mimetype) == (200, "application/pdf")
    assert carol.get(f"{admin_page(issued)}/license-9.pdf").status_code == 404
    assert carol.get("/admin/certificates/2026-NOTHING").status_code == 404


def test_replacing_leads_to_the_new_one_and_a_second_click_changes_nothing(
    carol: Site, site: Site, issued: Issued
) -> None:
    action = f"{admin_page(issued)}/replacement"
    first = carol.post(action, REPLACEMENT)
    assert first.status_code == 303
    page = text_of(carol.follow(first))
    assert "Alice Lerner-Levi" in page
    assert "It replaces certificate" in page
    again = text_of(carol.follow(carol.post(action, REPLACEMENT)))
    assert "superseded already: nothing was changed" in again
    assert count(carol.app, Certificate) == 2
    old = text_of(site.get(issued.check, may_write=True))
    assert "This certificate has been replaced" in old
    assert "See the certificate that replaces it" in old


def test_revoking_is_seen_by_whoever_checks(carol: Site, issued: Issued) -> None:
    page = text_of(carol.follow(carol.post(f"{admin_page(issued)}/revocation", REVOCATION)))
    assert "it was issued in error" in page
    assert "by mistake" in page
    checked = text_of(Site(carol.app).get(issued.check, may_write=True))
    assert "This certificate has been revoked" in checked
    assert "by mistake" not in checked


@pytest.mark.parametrize(
    ("action", "change", "words"),
    [
        ("replacement", {"name": ""}, "Type the name that the new certificate shall print."),
        ("replacement", {"reason": ""}, "Choose why it is replaced."),
        ("replacement", {"name": "Alice \ue000"}, "Type a spelling in Latin letters."),
        ("replacement", {"name": "Alice \ue000", "pdf_name": "A \ue001"}, "of this spelling too"),
        ("replacement", {"note": "x" * 501}, "at most 500 characters"),
        ("revocation", {"revocation_reason": ""}, "Choose why it is revoked."),
        ("revocation", {"revocation_reason": "other"}, "Not a valid choice"),
    ],
)
def test_bad_input_is_said_at_the_field(
    carol: Site, issued: Issued, action: str, change: dict[str, str], words: str
) -> None:
    typed = REPLACEMENT if action == "replacement" else REVOCATION
    response = carol.post(f"{admin_page(issued)}/{action}", {**typed, **change})
    assert response.status_code == 422
    page = text_of(response)
    assert "<title>Error: " in page
    assert words in page
    assert count(carol.app, CertificateEvent) == 0


def test_the_original_name_stays_on_the_page_where_the_pdf_needs_a_spelling(
    carol: Site, site: Site, issued: Issued
) -> None:
    typed = {**REPLACEMENT, "name": "Alice \ue000", "pdf_name": "Alice Original"}
    page = text_of(carol.follow(carol.post(f"{admin_page(issued)}/replacement", typed)))
    assert "Alice \ue000, in the PDF Alice Original" in page


def test_the_recorded_time_behind_a_certificate_is_one_step_away(
    app: Flask, issued: Issued, carol: Site
) -> None:
    with app.app_context():
        enrollment_id = db.session.get_one(Certificate, issued.id).enrollment_id
        enrollment = db.session.get_one(Enrollment, enrollment_id)
        item = next(iter(editions.get_outline(enrollment.edition_id).items()))
        began, place = datetime(2026, 11, 24, 15, tzinfo=UTC), Place("item", 1, item.id)
        view_id = page_views.ensure_view(
            enrollment.person_id, enrollment_id, place, "of the test", began
        )
        view = db.session.get_one(PageView, view_id)
        bounds = (began, began + timedelta(seconds=754))
        time_record.add_interval(view, Evidence.ACTIVE, bounds, seq=2, closed_at=bounds[1])
        db.session.commit()
    page = text_of(carol.get(admin_page(issued)))
    record = f"/admin/enrollments/{enrollment_id}/time"
    assert f'<a href="{record}">0:12:34 recorded</a>' in page
    assert "0:12:34" in text_of(carol.get(record))
