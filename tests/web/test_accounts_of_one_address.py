"""Several accounts with one address: nobody crowds the owner out, and nobody is told anything."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import clock
from extensions import db
from models import Person
from services import passwords, unused_accounts
from tests.factories import make_enrollment, make_license, make_person
from tests.mailbox import latest_path, list_mail
from tests.site import Site

ADDRESS = "erin@example.org"
OWNERS = "the owner's four words"
STRANGERS = "a stranger's four words"
NEW = "another four plain words"


def test_strangers_registering_before_and_after_lock_nobody_out(app: Flask) -> None:
    _register_strangers(app, 3, begin=0)
    _register(Site(app), OWNERS, "Erin Owner")
    _register_strangers(app, 3, begin=3)
    back = Site(app)
    assert back.log_in(ADDRESS, OWNERS).status_code == 303
    assert "Erin Owner" in back.get("/account").text
    stranger = Site(app)
    assert stranger.log_in(ADDRESS, STRANGERS + "5").status_code == 303
    assert "Stranger 5" in stranger.get("/account").text


@pytest.mark.parametrize("others", [0, 1, 4])
def test_a_login_costs_the_same_number_of_hashes(
    app: Flask, others: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is the hashing: three times, for any number of accounts."""
    _register_strangers(app, others)
    hashed: list[str] = []
    original = passwords.PasswordHasher.hash
    verified = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher, "hash", lambda *a, **k: hashed.append("") or original(*a, **k)
    )
    monkeypatch.setattr(
        passwords.PasswordHasher, "verify", lambda *a: hashed.append("") or verified(*a)
    )
    assert Site(app).log_in(ADDRESS, "not the password").status_code == 422
    assert len(hashed) == 3


def test_the_owner_confirms_their_own_account_only(app: Flask) -> None:
    """A link to a stranger's account confirms nothing for whoever does not know its password."""
    _register_strangers(app, 1)
    owner = Site(app)
    _register(owner, OWNERS, "Erin Owner")
    strangers_link, own_link = _links(app)
    assert "Password of the account" in owner.get(strangers_link).text
    refused = owner.post(strangers_link, {"present_password": OWNERS})
    assert refused.status_code == 422
    assert "That is not the password of this account." in refused.text
    assert owner.post(strangers_link, {}).status_code == 422
    assert owner.post(own_link).status_code == 303
    assert "Not confirmed yet" not in owner.get("/account").text
    assert _count_confirmed(app) == 1


def test_an_address_is_confirmed_on_another_device_by_the_password(app: Flask) -> None:
    _register(Site(app), OWNERS, "Erin Owner")
    elsewhere = Site(app)
    link = latest_path(app, ADDRESS)
    assert elsewhere.post(link, {"present_password": OWNERS}).status_code == 303
    assert "Erin Owner" in elsewhere.get("/account").text
    assert _count_confirmed(app) == 1


@pytest.mark.usefixtures("standing_clock")
def test_guessing_the_password_of_a_link_is_slowed_down(app: Flask) -> None:
    _register(Site(app), OWNERS, "Erin Owner")
    site, link = Site(app), latest_path(app, ADDRESS)
    guesses = [site.post(link, {"present_password": "a guess"}).status_code for _ in range(11)]
    assert guesses == [422] * 10 + [429]


def test_a_new_password_by_mail_goes_to_the_account_the_owner_chooses(app: Flask) -> None:
    _register_strangers(app, 2)
    with app.app_context():
        owner = make_person(ADDRESS, "Erin Owner", email_confirmed_at=None)
        make_enrollment(owner)
        chosen = owner.id
        db.session.commit()
    site = Site(app)
    site.post("/password-reset", {"email": ADDRESS})
    link = latest_path(app, ADDRESS)
    page = site.get(link).text
    first = page.split('name="account"')[1].split("</label>")[0]
    assert "Erin Owner" in first, "an account with a course comes first"
    assert "1 course" in first
    unchosen = site.post(link, {"password": NEW})
    assert unchosen.status_code == 422
    assert '<a href="#account-0">' in unchosen.text
    assert site.post(link, {"password": NEW, "account": chosen}).status_code == 303
    assert "Erin Owner" in site.get("/account").text
    assert Site(app).log_in(ADDRESS, NEW).status_code == 303
    assert site.get(link).status_code == 404
    assert _count_confirmed(app) == 1


def test_a_link_sets_no_password_of_another_address(app: Flask) -> None:
    with app.app_context():
        victim = make_person("victim@example.org", "Vic").id
        for name in ("Erin Owner", "Another"):
            make_person(ADDRESS, name, email_confirmed_at=None)
        db.session.commit()
    site = Site(app)
    site.post("/password-reset", {"email": ADDRESS})
    link = latest_path(app, ADDRESS)
    assert site.post(link, {"password": NEW, "account": victim}).status_code == 422
    assert Site(app).log_in("victim@example.org", NEW).status_code == 422


def test_mail_to_an_address_repeats_nothing_typed_and_is_limited(app: Flask) -> None:
    for number in range(7):
        name = f"Win at evil.example/{number}"
        assert _register(Site(app), STRANGERS, name, number).status_code == 303
    Site(app).post("/password-reset", {"email": ADDRESS})
    mails = list_mail(app, ADDRESS)
    assert len(mails) == 6, "five links to confirm a day, and one for a new password"
    assert not any("evil.example" in mail.body for mail in mails)


def test_accounts_never_confirmed_nor_used_are_deleted(app: Flask) -> None:
    long_ago = clock.now() - timedelta(days=31)
    _register_strangers(app, 1)
    with app.app_context():
        for email, fields in {
            "unused@x.org": {"email_confirmed_at": None, "registered_at": long_ago},
            "studies@x.org": {"email_confirmed_at": None, "registered_at": long_ago},
            "licensed@x.org": {"email_confirmed_at": None, "registered_at": long_ago},
            "confirmed@x.org": {"registered_at": long_ago},
        }.items():
            person = make_person(email, email, **fields)
            if email == "studies@x.org":
                make_enrollment(person)
            if email == "licensed@x.org":
                make_license(person)
        db.session.commit()
        unused_accounts.sweep(clock.now())
        db.session.commit()
        left = set(db.session.scalars(select(Person.email)))
    assert left == {ADDRESS, "studies@x.org", "licensed@x.org", "confirmed@x.org"}


def test_deleting_an_unused_account_ends_its_sessions_and_links(app: Flask) -> None:
    site = Site(app)
    _register(site, OWNERS, "Erin Owner")
    link = latest_path(app, ADDRESS)
    with app.app_context():
        unused_accounts.sweep(clock.now() + timedelta(days=31))
        db.session.commit()
    assert site.get("/account").status_code == 303
    assert site.get(link).status_code == 404


def _register(site: Site, password: str, name: str, number: int = 0) -> TestResponse:
    typed = {
        "name_on_license": name,
        "email": ADDRESS,
        "password": password,
        "time_zone": "America/Chicago",
        "intent": f"{name}-{number}",
    }
    response = site.post("/register", typed)
    site.token = ""
    return response


def _register_strangers(app: Flask, number: int, begin: int = 0) -> None:
    for one in range(begin, begin + number):
        assert _register(Site(app), f"{STRANGERS}{one}", f"Stranger {one}").status_code == 303


def _links(app: Flask) -> list[str]:
    bodies = [mail.body for mail in list_mail(app, ADDRESS)]
    return [path for body in bodies for path in re.findall(r"http://localhost(/\S+)", body)]


def _count_confirmed(app: Flask) -> int:
    with app.app_context():
        query = select(func.count(Person.id)).where(Person.email_confirmed_at.is_not(None))
        return db.session.scalar(query) or 0
