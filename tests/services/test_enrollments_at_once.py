"""Many enrollments at once: the last seat is taken once, a double click enrolls once."""

from flask import Flask
from sqlalchemy import func, select

import clock
from domain.refusals import Invalid
from extensions import db
from models import Enrollment, EnrollmentKey
from services import editions
from services.enrollments import enroll
from tests.at_once import at_once, own_app
from tests.factories import SLUG, make_key, make_person

__all__ = ["own_app"]
AT_ONCE = 12
SEATS = 3


def test_the_last_seats_are_taken_once_each(own_app: Flask) -> None:
    with own_app.app_context():
        make_key("LASTSEATS", seats=SEATS)
        people = [make_person(f"p{n}@example.org", f"Person {n}").id for n in range(AT_ONCE)]
        db.session.commit()

    outcomes = at_once(own_app, AT_ONCE, lambda n: _enroll(people[n], "LAST-SEATS"))
    assert sum(outcome is not None for outcome in outcomes) == SEATS
    with own_app.app_context():
        assert _used() == SEATS
        assert db.session.scalar(select(func.count(Enrollment.id))) == SEATS


def test_a_double_click_enrolls_once_and_takes_one_seat(own_app: Flask) -> None:
    with own_app.app_context():
        make_key("ONESEATS", seats=AT_ONCE)
        alice = make_person().id
        db.session.commit()

    outcomes = at_once(own_app, AT_ONCE, lambda _: _enroll(alice, "oneseats"))
    assert len(set(outcomes)) == 1, "every click is answered with the same enrollment"
    assert outcomes[0] is not None
    with own_app.app_context():
        assert _used() == 1
        assert db.session.scalar(select(func.count(Enrollment.id))) == 1


def _enroll(person_id: int, code: str) -> int | None:
    """The enrollment; None where no seat was left."""
    try:
        outline = editions.get_current_outline(SLUG)
        return enroll(person_id, outline, code, clock.now()).id
    except Invalid as refusal:
        assert "All seats of this key are taken" in refusal.message
        return None


def _used() -> int:
    return db.session.scalars(select(EnrollmentKey.used)).one()
