"""Registering, logging in and out, passwords, sessions, licenses, addresses."""

import re

import pytest
from sqlalchemy import select

import clock
from extensions import db
from models import AuditEvent, LoginSession, Person
from tests.factories import PASSWORD, make_person
from tests.mailbox import list_mail
from tests.site import Site
from tests.web.registering import ALICE, NEW_PASSWORD, count, make_alice, register

PERSONAL_PAGES = ("/account", "/account/licenses", "/account/sessions", "/kept/1", "/learn")


@pytest.fixture
def alice(site: Site) -> int:
    """Alice's id; she is not logged in yet."""
    return make_alice(site)


def test_registering_makes_an_account_and_logs_in(site: Site) -> None:
    assert site.get("/register?next=/courses/small-course").status_code == 200
    response = register(site, next="/courses/small-course")
    assert response.status_code == 303
    assert response.headers["Location"] == "/courses/small-course"
    page = site.get("/account")
    assert "Erin New" in page.text
    assert "Not confirmed yet" in page.text
    assert len(list_mail(site.app, "erin@example.org")) == 1


def test_registering_a_taken_address_tells_nothing(site: Site, alice: int) -> None:
    fresh = register(site)
    other = Site(site.app)
    taken = register(other, email="Alice@Example.org", intent="two")
    assert (taken.status_code, taken.headers["Location"]) == (
        fresh.status_code,
        fresh.headers["Location"],
    )
    first, second = site.get("/learn").text, other.get("/learn").text
    assert first.replace(site.token, "") == second.replace(other.token, "")
    assert count(site, Person) == 3, "the address now also has an account of its own"
    subjects = [list_mail(site.app, to)[-1].subject for to in ("erin@example.org", ALICE)]
    assert subjects[0] == subjects[1]


def test_a_second_click_makes_no_second_account(site: Site) -> None:
    assert register(site).status_code == 303
    assert register(Site(site.app)).status_code == 303
    assert count(site, Person) == 1
    assert len(list_mail(site.app, "erin@example.org")) == 1


def test_an_intent_of_another_opens_no_account(site: Site) -> None:
    register(site)
    thief = Site(site.app)
    response = register(thief, password="a guess of some length")
    assert response.headers["Location"] == "/login"
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name_on_license": " "}, "name_on_license", "Enter your name as it is printed"),
        ({"email": "erin"}, "email", "Enter an e-mail address such as"),
        ({"password": ""}, "password", "Choose a password."),
        ({"password": "short"}, "password", "Use at least 10 characters."),
        ({"password": "Password123"}, "password", "among the first that others would guess"),
        ({"password": "letmein_2026!"}, "password", "among the first that others would guess"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Not a valid choice"),
        ({"email": "erin，alice@example.org"}, "email", "Enter an e-mail address such as"),
        ({"email": "erin@example.org；alice@example.org"}, "email", "Enter an e-mail address"),
        ({"email": "erin\r\nBcc: x@example.org"}, "email", "Enter an e-mail address such as"),
        ({"email": "e" * 60 + "ﷺ" * 10 + "@example.org"}, "email", "Enter an e-mail address"),
        (
            {"name_on_license": "\u200b\u200d"},
            "name_on_license",
            "Enter your name as it is printed",
        ),
        ({"name_on_license": "Erin \u202eweN"}, "name_on_license", "change the direction"),
        ({"name_on_license": "\u3164"}, "name_on_license", "at least one letter"),
    ],
)
def test_bad_registrations_are_told_at_the_field(
    site: Site, typed: dict[str, object], field: str, words: str
) -> None:
    response = register(site, **typed)
    assert response.status_code == 422
    assert "<title>Error: " in response.text
    assert f'<a href="#{field}">' in response.text
    assert words in response.text.split(f'id="{field}-error"')[1]
    kept = {"name_on_license": "Erin New", "email": "erin@example.org"}
    for name, value in kept.items():
        assert name in typed or f'value="{value}"' in response.text
    assert count(site, Person) == 0


def test_problems_are_listed_in_the_order_of_the_page(site: Site) -> None:
    page = site.post("/register", {}).text
    summary, form = page.split("<form", 1)[0], page.split("<form", 1)[1]
    listed = re.findall(r'<a href="#(\w+)">', summary)
    assert len(listed) == 3
    assert listed == [name for name in re.findall(r'id="(\w+)"', form) if name in listed]


def test_logging_in_and_out(site: Site, alice: int) -> None:
    response = site.log_in("ALICE@example.org ")
    assert response.headers["Location"] == "/learn"
    assert site.get("/learn").status_code == 200
    with site.client.session_transaction() as session:
        before = dict(session)
    assert site.post("/logout").status_code == 303
    assert site.get("/learn").status_code == 303
    with site.client.session_transaction() as session:
        session.update(before)
    assert site.get("/learn").status_code == 303, "a kept cookie is worth nothing any more"


def test_a_session_planted_before_is_not_used(site: Site, alice: int) -> None:
    site.get("/login")
    with site.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    site.log_in(ALICE)
    with site.client.session_transaction() as session:
        assert "planted" not in session


def test_a_wrong_password_and_an_unknown_address_read_the_same(site: Site, alice: int) -> None:
    wrong = site.log_in(ALICE, "not her password")
    unknown = site.log_in("nobody@example.org", "not her password")
    assert wrong.status_code == unknown.status_code == 422
    for words in ("The e-mail address or the password is not right.", "<title>Error: "):
        assert words in wrong.text
        assert words in unknown.text
    assert f'value="{ALICE}"' in wrong.text
    assert "not her password" not in wrong.text
    assert count(site, AuditEvent) == 2


def test_a_deactivated_account_does_not_log_in(site: Site) -> None:
    with site.app.app_context():
        make_person(ALICE, deactivated_at=clock.now())
        db.session.commit()
    assert site.log_in(ALICE).status_code == 422


def test_an_unconfirmed_twin_neither_helps_nor_hinders(site: Site, alice: int) -> None:
    """Somebody else registered Alice's address: each logs in to their own account."""
    register(site, email=ALICE, password=NEW_PASSWORD)
    assert "Erin New" in site.get("/account").text
    owner = Site(site.app)
    assert owner.log_in(ALICE).status_code == 303
    assert "Alice Learner" in owner.get("/account").text


@pytest.mark.usefixtures("standing_clock")
def test_guessing_passwords_is_slowed_down(site: Site, alice: int) -> None:
    tries = [site.log_in(ALICE, "a wrong guess!").status_code for _ in range(5)]
    assert tries == [422] * 5
    slowed = site.log_in(ALICE)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) <= 61
    assert site.log_in("other@example.org", "a wrong guess!").status_code == 422


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/courses/small-course?x=1", "/courses/small-course?x=1"),
        ("https://evil.example/", "/learn"),
        ("//evil.example/", "/learn"),
        ("/\\evil.example/", "/learn"),
        ("/login", "/learn"),
        ("", "/learn"),
    ],
)
def test_next_stays_on_our_site(site: Site, alice: int, asked: str, leads_to: str) -> None:
    response = site.post("/login", {"email": ALICE, "password": PASSWORD, "next": asked})
    assert response.headers["Location"] == leads_to
    again = site.client.get("/login", query_string={"next": asked})
    assert again.headers["Location"] == leads_to


@pytest.mark.parametrize("path", PERSONAL_PAGES)
def test_personal_pages_ask_a_visitor_to_log_in(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code == 303
    assert response.headers["Location"] == f"/login?next={path}"
    fragment = site.get(path, htmx=True)
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (204, f"/login?next={path}")


def test_logging_out_everywhere_else(site: Site, alice: int) -> None:
    other = Site(site.app)
    site.log_in(ALICE)
    other.log_in(ALICE)
    page = site.get("/account/sessions")
    assert page.text.count("This browser") == 1
    assert "Werkzeug" in page.text, "what the browser calls itself"
    assert "Log out everywhere else" in page.text
    assert site.post("/account/sessions/ended").status_code == 303
    assert "You are logged in nowhere else." in site.get("/account/sessions").text
    assert other.get("/learn").status_code == 303


def test_sessions_keep_no_token(site: Site, alice: int) -> None:
    site.log_in(ALICE)
    with site.client.session_transaction() as session:
        token = session["_user_id"]
    with site.app.app_context():
        stored = db.session.scalars(select(LoginSession.token_hash)).one()
    assert len(token) >= 43, "256 random bits"
    assert token not in stored
