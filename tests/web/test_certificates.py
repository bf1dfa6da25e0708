"""From completion to certificate, and anyone checking it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from blueprints.certificates import views
from domain.verification_code import shown_code
from extensions import db
from models import (
    AuditEvent,
    Certificate,
    CertificateDocument,
    CertificateEvent,
    Job,
    OutgoingMail,
)
from services.enrollments import get_study_for
from tests.completed import complete_all, issue, pass_tests
from tests.factories import SLUG, complete_items, make_enrollment, make_license, make_person
from tests.site import Site

COMPLETION = f"/learn/{SLUG}/completion"
PDF = b"%PDF-1.7 the bytes as drawn"


@dataclass(frozen=True)
class Issued:
    """A certificate as the tests name it."""

    id: int
    number: str
    code: str

    @property
    def page(self) -> str:
        return f"/certificates/{self.number}"

    @property
    def check(self) -> str:
        return f"/v/{self.code}"


@pytest.fixture
def alice(app: Flask, site: Site) -> int:
    """The id of Alice, enrolled, licensed and logged in."""
    with app.app_context():
        person = make_person()
        make_license(person)
        make_enrollment(person)
        person_id = person.id
        db.session.commit()
    site.log_in("alice@example.org")
    return person_id


@pytest.fixture
def complete(app: Flask, alice: int) -> int:
    """Alice, with everything done but the attestation."""
    with app.app_context():
        complete_all(get_study_for(alice, SLUG))
        db.session.commit()
    return alice


@pytest.fixture
def issued(app: Flask, complete: int) -> Issued:
    """Alice's certificate."""
    with app.app_context():
        row = issue(get_study_for(complete, SLUG))
        found = Issued(row.id, row.number, row.verification_code)
        db.session.commit()
    return found


@pytest.fixture
def dave(app: Flask) -> Iterator[Site]:
    """A stranger's browser, logged in."""
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    other = Site(app)
    other.log_in("dave@example.org")
    yield other


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return str(response.get_data(as_text=True))


def store_pdf(app: Flask, certificate_id: int) -> None:
    with app.app_context():
        db.session.add(
            CertificateDocument(
                certificate_id=certificate_id,
                variant="standard",
                media_type="application/pdf",
                sha256=hashlib.sha256(PDF).hexdigest(),
                content=PDF,
                rendered_at=clock.now(),
            )
        )
        db.session.commit()


def add_event(app: Flask, certificate_id: int, kind: str) -> None:
    with app.app_context():
        db.session.add(
            CertificateEvent(
                certificate_id=certificate_id,
                kind=kind,
                reason="issued in error",
                happened_at=clock.now(),
            )
        )
        db.session.commit()


def test_completion_shows_what_is_left_and_no_button(site: Site, alice: int) -> None:
    page = text_of(site.get(COMPLETION))
    assert "What is left before my certificate" in page
    assert "Issue my certificate" not in page


def test_completion_shows_what_will_be_printed(site: Site, complete: int) -> None:
    page = text_of(site.get(COMPLETION))
    for words in (
        "Alice Learner",
        "Social worker, Pennsylvania, number SW-1001",
        "<strong>1.0 CE credits</strong>",
        "I completed this course and its post-tests myself.",
        "Issue my certificate",
        "Demonstration, not for credit",
    ):
        assert words in page, words


def test_attesting_issues_the_certificate_and_leads_to_it(
    app: Flask, site: Site, complete: int
) -> None:
    response = site.post(COMPLETION, {"attested_name": "alice learner"})
    assert response.status_code == 303
    page = text_of(site.follow(response))
    assert "Download PDF" in page
    assert "being prepared" in page
    assert (count(app, Certificate), count(app, OutgoingMail)) == (1, 1)


def test_a_double_click_issues_once(app: Flask, site: Site, complete: int) -> None:
    answers = [site.post(COMPLETION, {"attested_name": "Alice Learner"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert (count(app, Certificate), count(app, OutgoingMail)) == (1, 1)
    assert site.get(COMPLETION).status_code == 303


def test_for_htmx_the_answer_is_where_to_go(site: Site, complete: int) -> None:
    response = site.post(COMPLETION, {"attested_name": "Alice Learner"}, htmx=True)
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/certificates/")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type your name to attest this."),
        ("Dave Stranger", "This is not the name that will be printed."),
        ("<script>alert(1)</script>", "This is not the name that will be printed."),
    ],
)
def test_a_wrong_name_is_said_at_the_field_and_kept(
    app: Flask, site: Site, complete: int, typed: str, words: str
) -> None:
    response = site.post(COMPLETION, {"attested_name": typed})
    page = text_of(response)
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert page.count(words) == 2, "in the summary and at the field"
    assert "<script>alert" not in page
    if typed == "Dave Stranger":
        assert 'value="Dave Stranger"' in page
    assert count(app, Certificate) == 0


@pytest.mark.parametrize("done", ["nothing", "items", "tests"])
def test_no_request_issues_it_early(app: Flask, site: Site, alice: int, done: str) -> None:
    with app.app_context():
        study = get_study_for(alice, SLUG)
        if done in ("items", "tests"):
            complete_items(study)
        if done == "tests":
            pass_tests(study)
        db.session.commit()
    forged = {
        "attested_name": "Alice Learner",
        "completed": "1",
        "completed_at": "2026-01-01",
        "passed": "on",
        "hours": "99",
    }
    assert site.post(COMPLETION, forged).status_code == 409
    assert count(app, Certificate) == 0


def test_nothing_printed_comes_from_the_request(app: Flask, site: Site, complete: int) -> None:
    site.post(
        COMPLETION + "?name=Mallory&hours=40",
        {"attested_name": "Alice Learner", "name": "Mallory", "facts": "{}", "hours": "40"},
    )
    with app.app_context():
        row = db.session.scalars(select(Certificate)).one()
        assert row.printed_name == row.facts["name"] == "Alice Learner"
        assert {c["hours"] for c in row.facts["credits"]} == {"1.0"}


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


def test_anyone_checks_a_certificate_by_typing_its_code(app: Flask, issued: Issued) -> None:
    visitor = Site(app)
    visitor.get("/verify")
    typed = f"  {shown_code(issued.code).lower().replace('-', ' ')} "
    response = visitor.post("/verify", {"code": typed})
    assert response.status_code == 303
    assert response.headers["Location"].endswith(issued.check)
    page = text_of(visitor.follow(response, may_write=True))
    for words in ("This certificate is valid", "Alice Learner", "A Small Course", "CE credits"):
        assert words in page, words


def test_the_check_shows_no_more_than_it_must(app: Flask, issued: Issued) -> None:
    response = Site(app).get(issued.check, may_write=True)
    page = text_of(response)
    for secret in ("SW-1001", "alice@example.org", "Signed:"):
        assert secret not in page, secret
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "words"),
    [("revoked", "This certificate has been revoked"), ("superseded", "has been replaced")],
)
def test_the_check_shows_the_state(app: Flask, issued: Issued, kind: str, words: str) -> None:
    add_event(app, issued.id, kind)
    page = text_of(Site(app).get(issued.check, may_write=True))
    assert words in page
    assert "is valid" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the code that is printed"),
        ("nonsense", "This is not a complete code."),
        ('"><script>alert(1)</script>', "This is not a complete code."),
        ("A" * 5000, "This is not a complete code."),
    ],
)
def test_what_is_no_code_is_said_at_the_field(app: Flask, typed: str, words: str) -> None:
    response = Site(app).post("/verify", {"code": typed})
    page = text_of(response)
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert words in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("code", ["A" * 21, "nonsense", "2026-ABCDEFGH"])
def test_a_code_of_no_certificate(app: Flask, code: str) -> None:
    response = Site(app).get(f"/v/{code}", may_write=True)
    assert response.status_code == 404
    assert "No certificate has this code" in text_of(response)
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_guessing_is_slowed_down(app: Flask, issued: Issued) -> None:
    visitor = Site(app)
    answers = [visitor.get(f"/v/{'A' * 21}", may_write=True) for _ in range(31)]
    assert [a.status_code for a in answers].count(404) <= 30
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert visitor.get(issued.check, may_write=True).status_code == 429


def test_a_form_from_another_site_issues_nothing(app: Flask, site: Site, complete: int) -> None:
    site.get(COMPLETION)
    response = site.client.post(
        COMPLETION,
        data={"attested_name": "Alice Learner", "csrf_token": site.token},
        headers={"Origin": "https://evil.example"},
    )
    assert response.status_code == 400
    assert count(app, Certificate) == 0
    assert count(app, AuditEvent) == 1
