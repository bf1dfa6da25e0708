"""A key of an agency at the enrollment: whose it is, what the agency sees, why it is closed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from domain.agency import NOT_SEEN_BY_AGENCY, SEEN_BY_AGENCY
from extensions import db
from models import AgencyContract, Enrollment
from tests.agencies import make_agency, make_agency_key, make_contract
from tests.factories import SLUG, make_enrollment, make_key, make_person
from tests.site import Site

CONFIRM = f"/courses/{SLUG}/enrollment"
HOME = f"/learn/{SLUG}"
KEY = "/keys/HARB-ORKE-Y234"


@pytest.fixture
def keyed(app: Flask) -> Flask:
    """Harbor Agency has a contract of two seats and a key of it; Alice has an account."""
    with app.app_context():
        make_agency_key(make_contract(make_agency(), seats=2), "HARBORKEY234")
        make_person()
        db.session.commit()
    return app


def test_a_typed_key_of_an_agency_first_says_what_it_will_see(keyed: Flask, site: Site) -> None:
    site.log_in("alice@example.org")
    asked = site.post(CONFIRM, {"key": "harbor key234"})
    assert (asked.status_code, asked.headers["Location"]) == (303, KEY)
    assert _enrolled(site) == 0, "nobody is enrolled before they are told"
    page = site.follow(asked).text
    for words in ("Harbor Agency has a seat for you in A Small Course", *SEEN_BY_AGENCY):
        assert words in page
    assert NOT_SEEN_BY_AGENCY in page
    made = site.post(KEY)
    assert (made.status_code, made.headers["Location"]) == (303, HOME)
    assert "You are enrolled in A Small Course." in site.get(HOME).text
    assert site.post(KEY).headers["Location"] == HOME, "a double click"
    assert (_enrolled(site), _used(site)) == (1, 1)
    assert site.get(KEY).headers["Location"] == HOME


def test_a_visitor_reads_the_invitation_and_comes_back_to_it(keyed: Flask, site: Site) -> None:
    page = site.get("/keys/harborkey234").text
    assert "Harbor Agency has a seat for you" in page
    assert 'content="noindex"' in page
    assert f"/register?next={KEY}" in page
    assert "Confirm enrollment" not in page
    typed = {
        "name_on_license": "Nina New",
        "email": "nina@example.org",
        "password": "four plain words here",
        "time_zone": "America/New_York",
        "intent": "one",
        "next": KEY,
    }
    assert site.post("/register", typed).headers["Location"] == KEY
    assert "You are logged in as Nina New" in site.get(KEY).text
    assert site.post(KEY).headers["Location"] == HOME


def test_who_enrolls_without_login_is_asked_to_log_in(keyed: Flask, site: Site) -> None:
    assert site.post(KEY).status_code == 401
    assert _enrolled(site) == 0


@pytest.mark.parametrize(
    ("key", "contract", "words"),
    [
        ({"revoked_at": clock.now()}, {}, "This key has been withdrawn."),
        ({"valid_until": clock.now() - timedelta(1)}, {}, "This key is out of date."),
        ({"seats": 1, "used": 1}, {}, "All seats of this key are taken."),
        ({}, {"used": 2}, "All seats of the contract of Harbor Agency are taken."),
        ({}, {"ended_at": clock.now()}, "The contract of Harbor Agency has ended."),
        ({}, {"valid_until": clock.now() - timedelta(hours=1)}, "is out of date."),
        ({}, {"valid_from": clock.now() + timedelta(1)}, "begins on"),
        ({}, {"all_courses": False}, "no longer covers this course"),
    ],
)
def test_a_key_that_is_closed_says_why_on_its_page_and_at_the_field(
    app: Flask, site: Site, key: dict[str, object], contract: dict[str, object], words: str
) -> None:
    with app.app_context():
        of = make_contract(make_agency(), **{"seats": 2, **contract})  # type: ignore[arg-type]
        make_agency_key(of, "HARBORKEY234", **key)  # type: ignore[arg-type]
        make_person()
        db.session.commit()
    site.log_in("alice@example.org")
    page = site.get(KEY).text
    assert words in page
    assert "Confirm enrollment" not in page
    refused = site.post(CONFIRM, {"key": "HARBORKEY234"})
    assert refused.status_code == 422
    assert words in refused.text.split('id="key-error"')[1]
    assert site.post(KEY).status_code == 422
    assert _enrolled(site) == 0


def test_a_wrong_key_is_nowhere(keyed: Flask, site: Site) -> None:
    answer = site.get("/keys/NO-SUCH-KEY")
    assert answer.status_code == 404
    assert "Check it letter by letter" in answer.text
    site.log_in("alice@example.org")
    assert site.post("/keys/NO-SUCH-KEY").status_code == 404


def test_a_key_of_no_agency_enrolls_at_once(app: Flask, site: Site) -> None:
    with app.app_context():
        make_key("PLAINKEY2345")
        make_person()
        db.session.commit()
    site.log_in("alice@example.org")
    assert "will see" not in site.get("/keys/PLAINKEY2345").text
    assert site.post(CONFIRM, {"key": "PLAINKEY2345"}).headers["Location"] == HOME


@pytest.mark.usefixtures("standing_clock")
def test_guessing_keys_by_their_page_is_slowed_down(keyed: Flask, site: Site) -> None:
    site.log_in("alice@example.org")
    answers = [site.post(f"/keys/GUESS{n}").status_code for n in range(21)]
    assert answers == [404] * 20 + [429]


@pytest.mark.parametrize("days", [29, -5], ids=["before the end", "after it"])
def test_access_is_extended_by_one_click_once(app: Flask, site: Site, days: int) -> None:
    with app.app_context():
        make_enrollment(make_person(), access_until=clock.now() + timedelta(days=days))
        db.session.commit()
    site.log_in("alice@example.org")
    for path in (HOME, "/learn"):
        assert "Extend my access by 30 days" in site.get(path).text
    for _ in range(2):
        assert site.post(f"{HOME}/extension").headers["Location"] == HOME
    page = site.get(HOME).text
    assert "now ends on" in page
    assert "Extend my access" not in page
    assert "Extend my access" not in site.get("/learn").text
    with app.app_context():
        until = db.session.scalars(select(Enrollment.access_until)).one()
    left = until - clock.now()
    assert timedelta(days=29) < left < timedelta(days=60), "and it is open again"


def test_no_extension_is_offered_early_or_to_a_stranger(app: Flask, site: Site) -> None:
    with app.app_context():
        make_enrollment(make_person(), access_until=clock.now() + timedelta(days=31))
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    assert site.post(f"{HOME}/extension").status_code == 401
    site.log_in("alice@example.org")
    assert "Extend my access" not in site.get(HOME).text
    assert site.post(f"{HOME}/extension").status_code == 409
    other = Site(app)
    other.log_in("dave@example.org")
    assert other.post(f"{HOME}/extension").status_code == 404


def test_an_ended_enrollment_says_so_and_offers_no_extension(app: Flask, site: Site) -> None:
    with app.app_context():
        now = clock.now()
        make_enrollment(make_person(), access_until=now + timedelta(days=9), ended_at=now)
        db.session.commit()
    site.log_in("alice@example.org")
    page = site.get(HOME).text
    assert "Your access ended on" in page
    assert "Extend my access" not in page


def _enrolled(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count(Enrollment.id))) or 0


def _used(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalars(select(AgencyContract.used)).one()
