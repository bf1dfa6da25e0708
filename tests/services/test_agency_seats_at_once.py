"""Many takers of an agency's last seat: it is taken once, whatever keys they hold."""

from flask import Flask
from sqlalchemy import func, select

import clock
from domain.refusals import Conflict, Invalid
from extensions import db
from models import AgencyContract, AgencySeat, AgencySeatEvent, Enrollment, EnrollmentKey
from services import agency_moves, editions
from services.audit import Actor
from services.enrollments import enroll
from tests.agencies import make_agency, make_agency_key, make_contract
from tests.at_once import at_once, own_app
from tests.factories import SLUG, make_administrator, make_person

__all__ = ["own_app"]
TAKERS = 20


def test_twenty_takers_of_the_last_seat(own_app: Flask) -> None:
    """By two keys that both have seats enough: the contract's one seat decides."""
    with own_app.app_context():
        contract = make_contract(make_agency(), seats=1)
        for code in ("FIRSTKEY", "OTHERKEY"):
            make_agency_key(contract, code, seats=TAKERS)
        people = [make_person(f"p{n}@example.org", f"Person {n}").id for n in range(TAKERS)]
        db.session.commit()

    codes = ("FIRSTKEY", "OTHERKEY")
    outcomes = at_once(own_app, TAKERS, lambda n: _enroll(people[n], codes[n % 2]))
    assert sum(outcome is not None for outcome in outcomes) == 1
    with own_app.app_context():
        assert db.session.scalars(select(AgencyContract.used)).one() == 1
        assert sum(db.session.scalars(select(EnrollmentKey.used))) == 1, "no key lost a seat"
        assert _count(Enrollment) == _count(AgencySeat) == _count(AgencySeatEvent) == 1


def test_twenty_takers_of_one_invitation(own_app: Flask) -> None:
    with own_app.app_context():
        contract = make_contract(make_agency(), seats=TAKERS)
        make_agency_key(contract, "INVITED2", invited="Alice Learner")
        people = [make_person(f"p{n}@example.org", f"Person {n}").id for n in range(TAKERS)]
        db.session.commit()

    outcomes = at_once(own_app, TAKERS, lambda n: _enroll(people[n], "INVITED2"))
    assert sum(outcome is not None for outcome in outcomes) == 1
    with own_app.app_context():
        assert db.session.scalars(select(AgencyContract.used)).one() == 1


def test_every_seat_gets_a_number_of_its_own(own_app: Flask) -> None:
    with own_app.app_context():
        make_agency_key(make_contract(make_agency(), seats=12), "FIRSTKEY", seats=12)
        people = [make_person(f"p{n}@example.org", f"Person {n}").id for n in range(12)]
        db.session.commit()
    at_once(own_app, 12, lambda n: _enroll(people[n], "FIRSTKEY"))
    with own_app.app_context():
        numbers = db.session.scalars(select(AgencySeat.number).order_by(AgencySeat.number)).all()
        assert numbers == list(range(1, 13))


def test_a_seat_is_freed_once(own_app: Flask) -> None:
    """Two administrators and a double click: the contract gets one seat back."""
    with own_app.app_context():
        contract = make_contract(make_agency(), seats=3)
        ids = (contract.agency_id, contract.id)
        make_agency_key(contract, "FIRSTKEY", seats=3)
        alice, carol = make_person().id, make_administrator().id
        db.session.commit()
        enrollment = _enroll(alice, "FIRSTKEY")
        db.session.commit()
    assert enrollment is not None

    actor = Actor(carol, "r")
    freed = at_once(
        own_app, 6, lambda _: agency_moves.free_seat(*ids, enrollment, actor, clock.now())
    )
    assert sorted(freed) == [False] * 5 + [True]
    with own_app.app_context():
        assert db.session.scalars(select(AgencyContract.used)).one() == 0


def test_completing_and_moving_at_once_never_both(own_app: Flask) -> None:
    """Whichever comes first holds: a completed enrollment keeps its seat, an ended one is open."""
    with own_app.app_context():
        contract = make_contract(make_agency(), seats=9)
        ids = (contract.agency_id, contract.id)
        make_agency_key(contract, "FIRSTKEY", seats=9)
        carol = make_administrator().id
        people = [make_person(f"p{n}@example.org", f"Person {n}").id for n in range(4)]
        db.session.commit()
        made = [_enroll(person, "FIRSTKEY") for person in people]
        db.session.commit()

    at_once(own_app, 8, lambda n: _complete_or_free(n, made[n // 2], ids, Actor(carol, "r")))
    with own_app.app_context():
        for enrollment in db.session.scalars(select(Enrollment)):
            assert (enrollment.completed_at is None) != (enrollment.ended_at is None)
        held = db.session.scalars(
            select(AgencySeat.enrollment_id).where(AgencySeat.enrollment_id.is_not(None))
        ).all()
        complete = db.session.scalars(
            select(Enrollment.id).where(Enrollment.completed_at.is_not(None))
        ).all()
        assert sorted(held) == sorted(complete)
        assert db.session.scalars(select(AgencyContract.used)).one() == len(complete)


def _complete_or_free(n: int, enrollment: int | None, ids: tuple[int, int], actor: Actor) -> None:
    from services.completion import _set_completed

    assert enrollment is not None
    if n % 2:
        _set_completed(enrollment, clock.now())
        return
    try:
        agency_moves.free_seat(*ids, enrollment, actor, clock.now())
    except Conflict:
        db.session.rollback()


def _enroll(person_id: int, code: str) -> int | None:
    """The enrollment; None where no seat was left."""
    try:
        outline = editions.get_current_outline(SLUG)
        return enroll(person_id, outline, code, clock.now()).id
    except Invalid as refusal:
        assert "are taken" in refusal.message
        return None


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
