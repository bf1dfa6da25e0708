"""Two requests at once by one link or one form: it counts once."""

from flask import Flask
from sqlalchemy import func, select

import clock
from domain.refusals import Conflict, NotFound
from extensions import db
from models import Person
from services import mailed_links, registration
from services.accounts import Registration
from tests.at_once import at_once, own_app
from tests.factories import hashed_password, make_person
from tests.mailbox import latest_path

__all__ = ["own_app"]
AT_ONCE = 6
ALICE = "alice@example.org"


def test_a_reset_link_is_used_once(own_app: Flask) -> None:
    with own_app.app_context():
        alice = make_person().id
        mailed_links.request_password_reset(ALICE, "http://localhost", clock.now())
        db.session.commit()
    token = latest_path(own_app, ALICE).rsplit("/", 1)[1]

    def reset(number: int) -> str | None:
        try:
            return mailed_links.reset_password(token, alice, f"hash {number}", clock.now())
        except NotFound:
            db.session.rollback()
            return None

    outcomes = at_once(own_app, AT_ONCE, reset)
    assert sum(outcome is not None for outcome in outcomes) == 1


def test_an_address_is_confirmed_for_one_of_two_accounts(own_app: Flask) -> None:
    with own_app.app_context():
        tokens = []
        for name in ("One", "Two"):
            person = make_person(ALICE, name, email_confirmed_at=None)
            mailed_links.send_confirmation(person, "http://localhost", clock.now())
            db.session.commit()
            tokens.append(latest_path(own_app, ALICE).rsplit("/", 1)[1])

    def confirm(number: int) -> bool:
        try:
            mailed_links.confirm_email(tokens[number], clock.now())
        except Exception as error:
            assert isinstance(error, Conflict) or type(error).__name__ == "Invalid"
            db.session.rollback()
            return False
        return True

    assert sorted(at_once(own_app, 2, confirm)) == [False, True]


def test_a_double_click_on_registering_makes_one_account(own_app: Flask) -> None:
    typed = Registration(ALICE, hashed_password(), "Alice", "America/Denver", "one-intent")

    def register(_: int) -> int:
        return registration.register(typed, "http://localhost", clock.now()).id

    assert len(set(at_once(own_app, AT_ONCE, register))) == 1
    with own_app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1
