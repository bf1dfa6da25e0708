"""The certificate, its PDF and the transcript: the owner's, and nobody else's."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from blueprints.certificates import views
from domain.verification_code import shown_code
from extensions import db
from models import Job
from tests.certified import (
    COMPLETION,
    PDF,
    Issued,
    add_event,
    alice,
    complete,
    issued,
    store_pdf,
    text_of,
)
from tests.factories import make_person
from tests.site import Site

__all__ = ["alice", "complete", "issued"]


@pytest.fixture
def dave(app: Flask) -> Iterator[Site]:
    """A stranger's browser, logged in."""
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    other = Site(app)
    other.log_in("dave@example.org")
    yield other


@pytest.mark.parametrize("path", [COMPLETION, "/certificates", "/certificates/2026-ABCDEFGH"])
def test_a_visitor_is_asked_to_log_in(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code in (302, 303)
    assert response.headers["Location"].endswith(f"/login?next={path}")


def test_a_stranger_finds_nothing_at_any_address(dave: Site, issued: Issued) -> None:
    for path in (issued.page, f"{issued.page}.pdf", COMPLETION):
        assert dave.get(path).status_code == 404, path
    assert dave.post(COMPLETION, {"attested_name": "Dave Stranger"}).status_code == 404
    assert issued.number not in text_of(dave.get("/certificates"))


@pytest.mark.parametrize("number", ["2026-NOTHING", "1", "..%2f..%2fetc", "2026-NOTHING.pdf"])
def test_a_number_that_does_not_exist(site: Site, alice: int, number: str) -> None:
    assert site.get(f"/certificates/{number}").status_code == 404


def test_the_certificate_page_is_the_twin_of_the_paper(site: Site, issued: Issued) -> None:
    page = text_of(site.get(issued.page))
    for words in (
        "Certificate of completion",
        "Alice Learner",
        "A Small Course",
        "Social worker, Pennsylvania, license SW-1001",
        "is approved by Test Board of Psychology (TEST-PSY-1) for 1.0 CE credits",
        "Carol Director",
        "Demonstration, not for credit",
        shown_code(issued.code),
        f"http://localhost/v/{issued.code}",
    ):
        assert words in page, words


def test_the_transcript_lists_certificates_and_totals(site: Site, issued: Issued) -> None:
    page = text_of(site.get("/certificates"))
    for words in (issued.page, "A Small Course", "1.0 CE credits, Test Board of Psychology"):
        assert words in page, words
    assert "Credit by approving body" in page


def test_a_revoked_certificate_counts_in_no_total(app: Flask, site: Site, issued: Issued) -> None:
    add_event(app, issued.id, "revoked")
    page = text_of(site.get("/certificates"))
    assert "Revoked" in page
    assert ">1.0 CE credits</td>" not in page
    assert "This certificate has been revoked" in text_of(site.get(issued.page))


def test_the_page_says_that_a_stored_pdf_does_not_tell_of_the_revocation(
    app: Flask, site: Site, issued: Issued
) -> None:
    store_pdf(app, issued.id)
    assert "send to your board" in text_of(site.get(issued.page))
    add_event(app, issued.id, "revoked")
    page = text_of(site.get(issued.page))
    assert "does not say that it is revoked" in page
    assert "send to your board" not in page


def test_an_empty_transcript_says_what_will_be_there(site: Site, alice: int) -> None:
    assert "No certificate yet" in text_of(site.get("/certificates"))


def test_the_stored_bytes_are_served_as_a_file(app: Flask, site: Site, issued: Issued) -> None:
    store_pdf(app, issued.id)
    response = site.get(f"{issued.page}.pdf")
    assert response.status_code == 200
    assert response.data == PDF
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="certificate-{issued.number}.pdf"'
    )
    assert response.headers["Cache-Control"] == "no-store"


def test_a_pdf_that_is_not_drawn_yet_is_waited_for_then_explained(
    site: Site, issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LONGEST_WAIT_S", 0.02)
    monkeypatch.setattr(views, "LOOK_EVERY_S", 0.01)
    response = site.get(f"{issued.page}.pdf")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert "The PDF is not ready yet" in text_of(response)


def test_a_pdf_that_arrives_while_waiting_is_served(
    app: Flask, site: Site, issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views.time, "sleep", lambda _seconds: store_pdf(app, issued.id))
    assert site.get(f"{issued.page}.pdf", may_write=True).data == PDF


def test_trouble_with_the_pdf_is_told(app: Flask, site: Site, issued: Issued) -> None:
    with app.app_context():
        job = db.session.scalars(select(Job).where(Job.kind == "certificate")).one()
        job.error = "MissingGlyphs: one"
        db.session.commit()
    page = text_of(site.get(issued.page))
    assert "The PDF could not be made yet" in page
    assert "MissingGlyphs" not in page
