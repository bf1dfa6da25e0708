"""My data: downloaded whole by its owner, erased only on purpose."""

import json

import pytest
from sqlalchemy import select

from extensions import db
from models import Person
from tests.factories import PASSWORD, make_enrollment, make_license, make_person
from tests.site import Site


@pytest.fixture
def alice(site: Site) -> Site:
    with site.app.app_context():
        person = make_person()
        make_license(person, "SW-42")
        make_enrollment(person)
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def test_the_download_holds_what_is_held(alice: Site) -> None:
    assert alice.get("/account/data").status_code == 200
    response = alice.get("/account/data.json")
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    found = json.loads(response.get_data(as_text=True))
    assert found["license"][0]["number"] == "SW-42"
    assert found["person"][0]["email"] == "alice@example.org"


def test_the_page_says_what_goes_and_what_stays(alice: Site) -> None:
    page = alice.get("/account/erasure").get_data(as_text=True)
    assert "have not completed: A Small Course" in page
    assert "You have no certificate." in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": PASSWORD}, "Tick the box"),
        ({"understood": "y", "password": ""}, "Enter your password"),
        ({"understood": "y", "password": "not the password"}, "not your password"),
    ],
)
def test_nothing_is_erased_without_the_box_and_the_password(
    alice: Site, fields: dict[str, str], words: str
) -> None:
    response = alice.post("/account/erasure", dict(fields))
    assert response.status_code == 422
    assert words in response.get_data(as_text=True)
    with alice.app.app_context():
        assert db.session.scalars(select(Person.deactivated_at)).one() is None


def test_an_erased_account_is_logged_out_and_cannot_log_in(alice: Site) -> None:
    erased = alice.post("/account/erasure", {"understood": "y", "password": PASSWORD})
    assert erased.status_code == 303
    assert alice.get("/account").status_code == 303
    assert alice.log_in("alice@example.org").status_code == 422
    with alice.app.app_context():
        assert "alice" not in str(db.session.scalars(select(Person.email)).all())


def test_a_visitor_is_asked_to_log_in(site: Site) -> None:
    for path in ("/account/data", "/account/data.json", "/account/erasure"):
        assert site.get(path).status_code == 303
