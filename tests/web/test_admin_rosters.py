"""Rosters and credit worksheets in the panel; the transcript with periods, licenses and files."""

import csv
import io

import pytest
from flask import Flask

from extensions import db
from models import BoardRoster, CreditWorksheet, Person
from services import licenses
from tests.certified import Issued, alice, complete, count, issued, text_of
from tests.factories import SLUG, make_administrator, make_person
from tests.site import Site

__all__ = ["alice", "complete", "issued"]
WORKSHEET = f"/admin/courses/{SLUG}/credit"
APPROVED = {"rate": "200", "difficulty": "3", "pilot": "", "method": "declared", "reason": "ours"}


@pytest.fixture
def carol(app: Flask, issued: Issued) -> Site:
    with app.app_context():
        make_administrator()
        db.session.commit()
    browser = Site(app)
    browser.log_in("carol@example.org")
    return browser


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_only_administrators_come_in(site: Site, issued: Issued) -> None:
    for path in ("/admin/rosters", WORKSHEET):
        assert site.get(path, may_write=True).status_code == 403
    for path in (
        "/admin/rosters",
        "/admin/rosters/1/sent",
        "/admin/rosters/1/withdrawn",
        WORKSHEET,
    ):
        assert site.post(path, {"line": "test-sw", "intent": "a"}).status_code == 403
    assert count(site.app, BoardRoster) == count(site.app, CreditWorksheet) == 0


def test_a_roster_is_made_downloaded_and_noted_as_sent(carol: Site, issued: Issued) -> None:
    assert "Test Board of Social Work" in text_of(carol.get("/admin/rosters"))
    made = carol.post("/admin/rosters", {"line": "test-sw", "intent": "one"})
    again = carol.post("/admin/rosters", {"line": "test-sw", "intent": "one"})
    assert made.headers["Location"] == again.headers["Location"]
    page = made.headers["Location"]
    rows = rows_of(text_of(carol.get(f"{page}.csv")))
    assert rows[0][0] == "external_course_id"
    assert rows[1][-1] == issued.number
    text = text_of(carol.follow(carol.post(f"{page}/sent", {"receipt": "R-77"})))
    assert "R-77" in text
    assert "Withdraw roster" in text
    refused = carol.post("/admin/rosters", {"line": "test-sw", "intent": "two"})
    assert refused.status_code == 422
    assert "Nobody waits to be reported to this body." in text_of(refused)
    hasty = carol.post(f"{page}/withdrawn")
    assert hasty.status_code == 422
    assert "Write why" in text_of(hasty)
    assert "Withdrawn" not in text_of(carol.get("/admin/rosters")), "one click is not enough"
    for _ in range(2):
        assert carol.post(f"{page}/withdrawn", {"reason": "Wrong file"}).status_code == 303
    assert "Withdrawn" in text_of(carol.get("/admin/rosters"))
    assert "Wrong file" in text_of(carol.get(page)), "why, for whoever looks at it later"
    assert carol.get("/admin/rosters/99").status_code == 404


def test_the_page_of_a_long_roster_shows_its_beginning(
    carol: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blueprints.admin.board_rosters.SHOWN", 0)
    page = carol.post("/admin/rosters", {"line": "test-sw", "intent": "long"}).headers["Location"]
    assert "its first 0 lines" in text_of(carol.get(page))
    assert len(rows_of(text_of(carol.get(f"{page}.csv")))) == 2, "the file has all"


def test_a_name_that_is_a_formula_stays_text(carol: Site, app: Flask) -> None:
    from tests.completed import complete_all, issue
    from tests.factories import make_enrollment

    with app.app_context():
        mallory = make_person("mallory@example.org", '=HYPERLINK("http://evil","x") Mallory')
        issue(complete_all(make_enrollment(mallory)), name=mallory.name_on_license)
        db.session.commit()
    page = carol.post("/admin/rosters", {"line": "test-psych", "intent": "x"}).headers["Location"]
    cells = [cell for row in rows_of(text_of(carol.get(f"{page}.csv"))) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_worksheet_is_approved_and_kept(carol: Site) -> None:
    page = text_of(carol.get(WORKSHEET))
    for words in ("Mergener formula", "Nobody has approved a worksheet", "1.85 minutes each"):
        assert words in page, words
    page = text_of(carol.follow(carol.post(WORKSHEET, {**APPROVED, "pilot": "50, 55, 61"})))
    assert "Worksheet 1 of this edition is approved." in page
    assert "Only 3 pilot readers" in page


def test_bad_figures_are_said_at_the_field(carol: Site) -> None:
    for change, words in (
        ({"rate": "20"}, "Enter 150 to 350 words a minute."),
        ({"difficulty": "9"}, "Enter a difficulty from 1 to 5."),
        ({"pilot": "an hour"}, "Enter minutes only"),
        ({"method": "measured"}, "This method has no figure."),
        ({"reason": ""}, "Say why"),
    ):
        response = carol.post(WORKSHEET, {**APPROVED, **change})
        assert response.status_code == 422, change
        assert words in text_of(response)
    assert count(carol.app, CreditWorksheet) == 0


def test_the_transcript_is_filtered_by_period_license_and_body(
    app: Flask, site: Site, issued: Issued
) -> None:
    with app.app_context():
        alice_id = db.session.query(Person.id).filter_by(email="alice@example.org").scalar()
        (mine,) = licenses.list_licenses(alice_id)
        license_id = mine.id
        licenses.add_license(alice_id, "Psychologist", "Ohio", "P-1", mine.added_at)
        other_id = licenses.list_licenses(alice_id)[1].id
        db.session.commit()
    for query, shown in (
        ("", True),
        ("?year=2019", False),
        ("?from=2020-01-01&to=2098-01-01", True),
        ("?to=2020-01-01", False),
        (f"?year={issued.number[:4]}", True),
        (f"?year={issued.number[:4]}&to=2020-01-01", False),
        (f"?license={license_id}", True),
        (f"?license={other_id}", False),
        ("?body=Test+Board+of+Psychology", True),
        ("?body=Nobody", False),
        ("?year=x&from=x&to=99&license=x", True),
    ):
        page = text_of(site.get(f"/certificates{query}"))
        assert (issued.number in page) == shown, query
        rows = rows_of(text_of(site.get(f"/certificates/transcript.csv{query}")))
        assert any(issued.number in row for row in rows) == shown, query
    backward = text_of(site.get("/certificates?from=2026-12-01&to=2026-01-01"))
    assert "The first day you chose is after the last one." in backward
    both = rows_of(text_of(site.get("/certificates/transcript.csv")))
    one = rows_of(text_of(site.get("/certificates/transcript.csv?body=Test+Board+of+Psychology")))
    assert (len(both), len(one)) == (3, 2)


def test_the_transcript_as_pdf(site: Site, issued: Issued) -> None:
    response = site.get("/certificates/transcript.pdf")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.data.startswith(b"%PDF-")


def test_the_present_license_period_is_added_up_and_a_repeat_is_warned_of(
    app: Flask, site: Site, issued: Issued
) -> None:
    with app.app_context():
        alice_id = db.session.query(Person.id).filter_by(email="alice@example.org").scalar()
        license_id = licenses.list_licenses(alice_id)[0].id
        db.session.commit()
    page = f"/account/licenses/{license_id}/renewal"
    enroll = f"/courses/{SLUG}/enrollment"
    assert 'id="repeat"' not in text_of(site.get(enroll))
    assert site.post(page, {"renews_on": "someday", "cycle_years": "2"}).status_code == 422
    assert site.post(page, {"renews_on": "2999-01-01", "cycle_years": "2"}).status_code == 422
    site.follow(site.post(page, {"renews_on": "2027-06-30", "cycle_years": "2"}))
    text = text_of(site.get("/certificates"))
    assert "What counts in the present period" in text
    assert text.count("1.0 contact hours, Test Board of Social Work") == 2
    assert 'id="repeat"' in text_of(site.get(enroll))
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    dave = Site(app)
    dave.log_in("dave@example.org")
    assert dave.get(page).status_code == 404
    assert dave.post(page, {"renews_on": "", "cycle_years": "1"}).status_code == 404
