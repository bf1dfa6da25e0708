"""The catalogue, the course page, policies, and what machines ask for."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import clock
from extensions import db
from models import Course, Edition, Policy
from services import catalogue, readiness
from tests.factories import SLUG, make_enrollment, make_person
from tests.listed import list_course
from tests.site import Site

AFTER_ITS_LAST_DAY = datetime(2029, 9, 1, 12, tzinfo=UTC)
FACTS_BEFORE_PAYING = (
    "A course of two units for the tests.",
    "SML-101",
    "edition 1",
    "Beginning",
    "Everyone who tests.",
    "Bob Instructor",
    "Bob teaches the tests.",
    "Identify a test",
    "Apply a third test",
    "First Things",
    "30 + 20 + 10 for the post-tests and evaluation = 60 minutes",
    "1.0 hours",
    "Selected readings, with post-tests",
    "Test Board of Psychology: 1.0 CE credits",
    "Test Board of Social Work: 1.0 contact hours",
    "TEST-PSY-1",
    "grants 1.0 contact hours to social workers.",
    "Nowhere known.",
    "80 %",
    "3 attempts",
    "evaluation",
    "365 days",
    "Refunds and cancellation",
    "Accommodations for disabilities",
    "Grievances",
    "Conflicts of interest",
    "Commercial support",
    "System requirements",
    "A browser.",
    "A book about testing",
    "September 1, 2026",
    "August 31, 2029",
    "within 48 hours",
)


def test_the_catalogue_lists_courses_with_what_they_grant(site: Site) -> None:
    page = site.get("/")
    assert page.status_code == 200
    for words in ("A Small Course", "1.0 CE hours", "Beginning", "Free", "Bob Instructor"):
        assert words in page.text
    assert "Credit from Test Board of Psychology; Test Board of Social Work" in page.text


@pytest.mark.parametrize(
    ("query", "found", "why"),
    [
        ("q=small+TESTS", True, "every word is found, whatever its case"),
        ("q=small+dragons", False, "one word is missing"),
        ("hours=2", True, "one hour is up to two"),
        ("hours=4", False, "one hour is not more than two"),
        ("hours=more", False, "one hour is not more than four"),
        ("level=Beginning", True, "it is for beginners"),
        ("level=Advanced", False, "it is for beginners"),
        ("price=free", True, "it costs nothing"),
        ("price=paid", False, "it costs nothing"),
        ("body=Test+Board+of+Psychology", True, "the board has approved it"),
        ("body=Board+of+Dentistry", False, "no such board has approved it"),
        ("hours=soon&level=Wizard&price=%FF", True, "what is no choice filters nothing"),
    ],
)
def test_the_filters_of_the_catalogue(site: Site, query: str, found: bool, why: str) -> None:
    page = site.get(f"/?{query}")
    assert page.status_code == 200
    assert (f'href="/courses/{SLUG}"' in page.text) is found, why
    assert ("No course matches" in page.text) is not found


def test_more_than_can_be_looked_through_is_said_and_not_counted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.app.app_context():
        list_course("another", title="Another small one")
        db.session.commit()
    assert "2 courses of 2</h2>" in site.get("/?q=small").text
    monkeypatch.setattr(catalogue, "MOST_RANKED", 1)
    page = site.get("/?q=small").text
    assert page.count("More than 1 course of 2") == 2, "in the heading and in the status"
    assert "only the first 1 are listed" in page


def test_what_was_looked_for_is_shown_escaped(site: Site) -> None:
    page = site.get("/?q=<script>alert(1)</script>")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_a_course_page_tells_all_before_paying(site: Site) -> None:
    page = site.get(f"/courses/{SLUG}")
    assert page.status_code == 200
    missing = [words for words in FACTS_BEFORE_PAYING if words not in page.text]
    assert not missing
    assert f'href="/courses/{SLUG}/enrollment">Enroll<' in page.text


def test_a_course_without_an_approval_in_force_promises_no_credit(site: Site) -> None:
    with site.app.app_context():
        db.session.execute(text("UPDATE approval SET valid_until = '2020-12-31'"))
        db.session.commit()
    page = site.get(f"/courses/{SLUG}").text
    assert "1 h 00 min, no CE credit, free of charge" in page
    assert "None of its approvals is in force today." in page
    assert "Boards decide" not in page
    for path in ("/", f"/courses/{SLUG}"):
        assert "1.0 CE hours" not in site.get(path).text
    assert "1 h 00 min, no CE credit" in site.get("/").text


def test_a_course_page_tells_an_enrolled_learner_to_continue(site: Site) -> None:
    with site.app.app_context():
        make_enrollment(make_person())
        db.session.commit()
    site.log_in("alice@example.org")
    page = site.get(f"/courses/{SLUG}")
    assert "You are enrolled in this course" in page.text
    assert f'href="/courses/{SLUG}/enrollment"' not in page.text


def test_a_course_past_its_last_day_is_not_offered(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER_ITS_LAST_DAY)
    page = site.get(f"/courses/{SLUG}")
    assert "Enrollment is closed" in page.text
    assert "/enrollment" not in page.text
    assert f"/courses/{SLUG}" not in site.get("/").text


def test_a_course_that_is_archived_or_unknown_is_not_found(site: Site) -> None:
    with site.app.app_context():
        db.session.query(Course).one().archived_at = db.session.query(Edition).one().published_at
        db.session.commit()
    assert site.get(f"/courses/{SLUG}").status_code == 404
    assert site.get("/courses/none-such").status_code == 404
    assert "No course yet" in site.get("/").text


def test_policies_are_listed_and_shown(site: Site) -> None:
    with site.app.app_context():
        published_at = db.session.query(Edition).one().published_at
        db.session.add(
            Policy(
                slug="refunds",
                title="Refunds",
                position=1,
                html="<p>In full.</p>",
                updated_at=published_at,
            )
        )
        db.session.commit()
    assert 'href="/policies/refunds">Refunds<' in site.get("/policies").text
    assert "<p>In full.</p>" in site.get("/policies/refunds").text
    assert site.get("/policies/none-such").status_code == 404


def test_health_says_ready(site: Site) -> None:
    answer = site.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "migrations": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_says_when_migrations_are_missing(site: Site) -> None:
    with site.app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        db.session.commit()
    answer = site.get("/healthz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["migrations"] == "not at head"


def test_health_says_when_the_database_does_not_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(readiness, "is_at_head", fail)
    answer = site.get("/healthz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == "does not answer"


def test_browsers_and_crawlers_find_their_files(site: Site) -> None:
    assert site.get("/favicon.ico").status_code == 302
    robots = site.get("/robots.txt")
    assert robots.mimetype == "text/plain"
    assert "Disallow: /learn" in robots.text
    assert "Disallow: /courses" not in robots.text
