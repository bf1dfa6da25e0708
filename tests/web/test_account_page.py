"""The account page: passwords, addresses, name and time zone, licenses."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import clock
from extensions import db
from models import License, Person
from tests.factories import PASSWORD, make_license, make_person
from tests.mailbox import latest_path, list_mail
from tests.site import Site
from tests.web.registering import ALICE, NEW_PASSWORD, count, make_alice, register


@pytest.fixture
def alice(site: Site) -> int:
    """Alice's id; she is not logged in yet."""
    return make_alice(site)


def test_a_forgotten_password_is_chosen_anew_by_mail(site: Site, alice: int) -> None:
    before = Site(site.app)
    before.log_in(ALICE)
    known = site.post("/password-reset", {"email": ALICE})
    unknown = site.post("/password-reset", {"email": "nobody@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"] == "/password-reset/sent"
    assert site.get("/password-reset/sent").status_code == 200
    assert not list_mail(site.app, "nobody@example.org")
    link = latest_path(site.app, ALICE)
    assert site.get(link).status_code == 200
    assert site.post(link, {"password": "short"}).status_code == 422
    assert site.post(link, {"password": NEW_PASSWORD}).status_code == 303
    assert site.get("/learn").status_code == 200
    assert before.get("/learn").status_code == 303, "all older sessions have ended"
    assert site.get(link).status_code == 404, "a link works once"
    assert Site(site.app).log_in(ALICE, NEW_PASSWORD).status_code == 303
    assert Site(site.app).log_in(ALICE, PASSWORD).status_code == 422


def test_a_reset_link_ends_after_an_hour(
    site: Site, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.post("/password-reset", {"email": ALICE})
    link = latest_path(site.app, ALICE)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert site.get(link).status_code == 404
    assert site.post(link, {"password": NEW_PASSWORD}).status_code == 404


@pytest.mark.usefixtures("standing_clock")
def test_resets_are_limited_and_checked(site: Site, alice: int) -> None:
    assert site.post("/password-reset", {"email": "alice"}).status_code == 422
    answers = [site.post("/password-reset", {"email": ALICE}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert len(list_mail(site.app, ALICE)) == 3


def test_confirming_an_address(site: Site) -> None:
    register(site)
    link = latest_path(site.app, "erin@example.org")
    page = site.get(link)
    assert "erin@example.org" in page.text
    assert "Password of the account" not in page.text
    assert "Not confirmed yet" in site.get("/account").text, "opening a link does nothing"
    assert site.post(link).status_code == 303
    assert "Not confirmed yet" not in site.get("/account").text
    assert site.get(link).status_code == 404


def test_an_address_is_confirmed_for_one_account_only(site: Site, alice: int) -> None:
    register(site, email=ALICE)
    refused = site.post(latest_path(site.app, ALICE))
    assert refused.status_code == 409
    assert "You already have an account with this address." in refused.text


@pytest.mark.usefixtures("standing_clock")
def test_a_new_confirmation_mail(site: Site) -> None:
    register(site)
    answers = [site.post("/account/confirmation-mails").status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert len(list_mail(site.app, "erin@example.org")) == 4


def test_name_and_time_zone_are_saved(site: Site, alice: int) -> None:
    site.log_in(ALICE)
    site.post("/account", {"name_on_license": "Alice  M. Learner", "time_zone": "America/Denver"})
    page = site.get("/account")
    assert 'value="Alice M. Learner"' in page.text
    assert '<option selected value="America/Denver">' in page.text
    bad = site.post("/account", {"name_on_license": "", "time_zone": "America/Denver"})
    assert bad.status_code == 422
    assert '<a href="#name_on_license">' in bad.text


def test_changing_the_password(site: Site, alice: int) -> None:
    other = Site(site.app)
    other.log_in(ALICE)
    site.log_in(ALICE)
    wrong = site.post(
        "/account/password", {"present_password": "not this one", "password": NEW_PASSWORD}
    )
    assert wrong.status_code == 422
    assert "That is not your present password." in wrong.text
    short = site.post("/account/password", {"present_password": PASSWORD, "password": "short"})
    assert short.status_code == 422
    right = site.post("/account/password", {"present_password": PASSWORD, "password": NEW_PASSWORD})
    assert right.status_code == 303
    assert site.get("/learn").status_code == 200
    assert other.get("/learn").status_code == 303
    assert Site(site.app).log_in(ALICE, NEW_PASSWORD).status_code == 303


def test_licenses_are_added_and_removed(site: Site, alice: int) -> None:
    site.log_in(ALICE)
    typed = {"profession": "Psychologist", "jurisdiction": "Ohio", "number": "P-77"}
    assert site.post("/account/licenses", typed).status_code == 303
    assert "P-77" in site.get("/account/licenses").text
    again = site.post("/account/licenses", typed)
    assert again.status_code == 422
    assert "This license is in your list already." in again.text
    with site.app.app_context():
        license_id = db.session.scalars(select(License.id)).one()
    assert site.post(f"/account/licenses/{license_id}/removed").status_code == 303
    assert "P-77" not in site.get("/account/licenses").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"profession": ""}, "profession"),
        ({"profession": "Wizard"}, "profession"),
        ({"jurisdiction": ""}, "jurisdiction"),
        ({"number": " "}, "number"),
        ({"number": "9" * 41}, "number"),
    ],
)
def test_bad_licenses_are_told_at_the_field(
    site: Site, alice: int, typed: dict[str, object], field: str
) -> None:
    site.log_in(ALICE)
    good = {"profession": "Psychologist", "jurisdiction": "Ohio", "number": "P-77"}
    response = site.post("/account/licenses", {**good, **typed})
    assert response.status_code == 422
    assert f'<a href="#{field}">' in response.text
    assert count(site, License) == 0


def test_a_stranger_removes_no_license(site: Site, alice: int) -> None:
    with site.app.app_context():
        license_id = make_license(db.session.get_one(Person, alice)).id
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    site.log_in("dave@example.org")
    assert site.post(f"/account/licenses/{license_id}/removed").status_code == 404
    assert count(site, License) == 1
