"""Accounts made and counted in tests of accounts."""

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from extensions import db
from tests.factories import PASSWORD, make_person
from tests.site import Site

ALICE = "alice@example.org"
NEW_PASSWORD = "another four plain words"
TYPED = {
    "name_on_license": "Erin New",
    "email": "erin@example.org",
    "password": PASSWORD,
    "time_zone": "America/Chicago",
    "intent": "one-registration",
}


def make_alice(site: Site) -> int:
    """Her id; she is not logged in."""
    with site.app.app_context():
        person_id = make_person(ALICE).id
        db.session.commit()
    return person_id


def register(site: Site, **typed: object) -> TestResponse:
    """Send the form of registration; the session that begins has a token of its own."""
    response = site.post("/register", {**TYPED, **typed})
    site.token = ""
    return response


def count(site: Site, model: type) -> int:
    """How many rows there are."""
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
