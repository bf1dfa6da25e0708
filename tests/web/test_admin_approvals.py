"""Approvals in the panel: recorded from a profile, renewed, edited with history."""

from datetime import timedelta

import pytest
from flask import Flask

import clock
from config import PROJECT
from extensions import db
from models import Approval, ApprovalChange
from services import installation
from tests.certified import count, text_of
from tests.factories import SLUG, make_administrator, make_person
from tests.site import Site

TYPED = {
    "body": "Board of Everything",
    "body_id": "",
    "number": "BE-1",
    "valid_from": "2026-01-01",
    "valid_until": "2099-12-31",
    "unit_word": "hours",
    "hour_minutes": "60",
    "increment": "0.25",
    "minimum": "1",
    "maximum": "",
    "daily_maximum": "",
    "statement": "{provider} grants {hours} {unit_word}.",
    "professions": ["Psychologist"],
    "course_id": "",
    "course_number": "",
    "wordings": "",
    "source": "their page",
    "checked_on": "2026-11-23",
    "unconfirmed": ["statement"],
    "reason": "recorded from the letter",
    "renews": "",
}


@pytest.fixture
def carol(app: Flask, site: Site) -> Site:
    with app.app_context():
        make_administrator()
        installation.install_bodies(PROJECT / "content" / "bodies.yaml")
        db.session.commit()
    site.log_in("carol@example.org")
    return site


PAGES = (
    "/admin/approvals",
    "/admin/approvals/new",
    "/admin/approvals/test-psych",
    "/admin/bodies/apa",
)


def test_only_administrators_come_in(app: Flask, site: Site) -> None:
    with app.app_context():
        make_person()
        db.session.commit()
    assert site.get("/admin/approvals").headers["Location"].startswith("/login")
    site.log_in("alice@example.org")
    for path in PAGES:
        assert site.get(path, may_write=True).status_code == 403
    assert site.post("/admin/approvals", TYPED).status_code == 403
    assert site.post("/admin/approvals/test-psych", TYPED).status_code == 403
    assert count(app, ApprovalChange) == 0


def test_the_list_shows_approvals_and_profiles(carol: Site) -> None:
    page = text_of(carol.get("/admin/approvals"))
    for words in ("Test Board of Psychology", "TEST-PSY-1", "A Small Course", "In force",
                  "NAADAC", "Last checked"):  # fmt: skip
        assert words in page, words
    assert "Ending soon" not in page


def test_what_ends_soon_leads_to_its_renewal(carol: Site) -> None:
    with carol.app.app_context():
        row = db.session.get_one(Approval, "test-psych")
        row.valid_until = (clock.now() + timedelta(days=20)).date()
        db.session.commit()
    assert "Ending soon" in text_of(carol.get("/admin/approvals"))
    page = text_of(carol.get("/admin/approvals/new?renews=test-psych"))
    assert "Renew an approval" in page
    assert 'value="TEST-PSY-1"' in page
    assert 'name="renews" value="test-psych"' in page


def test_an_approval_is_recorded_from_a_profile(carol: Site) -> None:
    page = text_of(carol.get("/admin/approvals/new?body=naadac"))
    assert 'value="8.00"' in page
    response = carol.post("/admin/approvals", {**TYPED, "body_id": "naadac"})
    page = text_of(carol.follow(response))
    for words in ("The approval is recorded.", "Board of Everything", "recorded from the letter",
                  "Not confirmed at the source"):  # fmt: skip
        assert words in page, words


def test_an_edit_is_shown_before_and_after(carol: Site) -> None:
    action = "/admin/approvals/test-psych"
    page = text_of(carol.follow(carol.post(action, {**TYPED, "number": "TEST-PSY-9"})))
    assert "TEST-PSY-1 → TEST-PSY-9" in page
    assert "The Test" not in page
    assert "Test Training Center, Inc. grants 1.0 hours." in page, "what certificates would say"
    again = text_of(carol.follow(carol.post(action, {**TYPED, "number": "TEST-PSY-9"})))
    assert "Nothing was changed" in again


SPOILED = (
    ({"body": ""}, "Enter the body's name."),
    ({"number": ""}, "Enter the number that the body gave."),
    ({"valid_until": "2025-01-01"}, "The last day is before the first."),
    ({"valid_until": "soon"}, "Enter a day, such as 2027-06-30."),
    ({"statement": "{hour} hours"}, "means nothing in a statement"),
    ({"statement": "{hours"}, "has no partner"),
    ({"statement": "For 4.0 CE hours, by {provider}."}, "Write {hours} instead of “4.0 CE hours”"),
    ({"minimum": "1.0", "maximum": "0.5"}, "This is less than the least credit"),
    ({"checked_on": "2150-01-01"}, "This day has not come yet."),
    ({"hour_minutes": "5"}, "Enter 30 to 600 minutes."),
    ({"increment": "0"}, "A step is more than 0"),
    ({"maximum": "-1"}, "Enter hours from 0 to 999."),
    ({"wordings": "Wizard | Ohio | text"}, "is not a profession"),
    ({"wordings": "Psychologist | Ohio | {nothing}"}, "means nothing in a statement"),
    ({"course_number": "C-1"}, "Choose the course that has this number."),
    ({"reason": ""}, "Say why: it is kept in the history."),
)


@pytest.mark.parametrize("action", ["/admin/approvals", "/admin/approvals/test-psych"])
def test_bad_input_is_said_at_the_field_and_kept(carol: Site, action: str) -> None:
    for change, words in SPOILED:
        response = carol.post(action, {**TYPED, **change})
        page = text_of(response).replace("&#39;", "'")
        assert response.status_code == 422, change
        assert page.count(words) >= 2, f"in the summary and at the field: {words}"
        assert 'value="their page"' in page
    assert count(carol.app, ApprovalChange) == 0


def test_a_profile_is_edited_with_history(carol: Site) -> None:
    page = text_of(carol.get("/admin/bodies/apa"))
    assert "Objectives" in page
    typed = {**TYPED, "name": "American Psychological Association", "unconfirmed": []}
    page = text_of(carol.follow(carol.post("/admin/bodies/apa", typed)))
    assert "Saved." in page
    assert "recorded from the letter" in page
    refused = carol.post("/admin/bodies/apa", {**typed, "source": "", "checked_on": ""})
    assert refused.status_code == 422
    assert carol.get("/admin/bodies/nobody").status_code == 404


@pytest.mark.parametrize("path", [f"/courses/{SLUG}", f"/courses/{SLUG}/enrollment"])
def test_nobody_enrolls_past_an_approvals_end_without_being_told(
    app: Flask, site: Site, path: str
) -> None:
    with app.app_context():
        make_person()
        db.session.commit()
    site.log_in("alice@example.org")
    assert 'id="approval-ends"' not in text_of(site.get(path))
    with app.app_context():
        row = db.session.get_one(Approval, "test-psych")
        row.valid_until = (clock.now() + timedelta(days=30)).date()
        db.session.commit()
    page = text_of(site.get(path))
    assert 'id="approval-ends"' in page
    assert "Test Board of Psychology: this approval is recorded until" in page
