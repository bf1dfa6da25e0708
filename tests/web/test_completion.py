"""Completion: what is left, what will be printed, and the attestation that issues it."""

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models import AuditEvent, Certificate, OutgoingMail
from services.enrollments import get_study_for
from tests.certified import COMPLETION, alice, complete, count, text_of
from tests.completed import pass_tests
from tests.factories import SLUG, complete_items
from tests.site import Site

__all__ = ["alice", "complete"]


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
        "0 s; the course is meant to take 60 minutes",
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
