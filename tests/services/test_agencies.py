"""Agencies: contracts, keys and invitations, seats that move, what a key says when it is closed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from domain.agency import Invitee
from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import (
    AgencyContract,
    AgencyKey,
    AgencySeat,
    AgencySeatEvent,
    AuditEvent,
    Enrollment,
    EnrollmentKey,
    ItemCompletion,
    Person,
)
from services import (
    agencies,
    agency_contracts,
    agency_invitations,
    agency_keys,
    agency_moves,
    editions,
    erasure,
    personal_data,
)
from services.agency_contracts import ContractTerms
from services.agency_keys import NewKeys
from services.audit import Actor
from services.enrollments import enroll, get_study_for
from tests.agencies import make_agency, make_agency_key, make_contract
from tests.completed import complete_all
from tests.factories import SLUG, complete_items, make_administrator, make_key, make_person
from tests.mailbox import list_mail

DAY = timedelta(days=1)
URL = "https://ce.example.org"
LATER = date(2035, 6, 30)


@pytest.fixture
def carol(context: Flask) -> Actor:
    return Actor(make_administrator().id, "request")


@pytest.fixture
def outline(context: Flask) -> Outline:
    return editions.get_current_outline(SLUG)


@pytest.fixture
def contract(context: Flask) -> AgencyContract:
    return make_contract(make_agency(), seats=2)


def test_a_key_takes_a_seat_of_its_own_and_one_of_the_contract(
    contract: AgencyContract, outline: Outline
) -> None:
    key = make_agency_key(contract, "HARBORKEY234", seats=5)
    alice = make_person()
    made = enroll(alice.id, outline, "harbor-key234", clock.now())
    db.session.refresh(key)
    assert (_used(contract), key.used) == (1, 1)
    seat = db.session.scalars(select(AgencySeat)).one()
    assert (seat.contract_id, seat.number, seat.enrollment_id) == (contract.id, 1, made.id)
    assert enroll(alice.id, outline, "HARBORKEY234", clock.now()).id == made.id
    assert _used(contract) == 1, "a second click takes nothing"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"used": 2}, "All seats of the contract of Harbor Agency are taken."),
        ({"ended_at": clock.now()}, "The contract of Harbor Agency has ended."),
        ({"valid_until": clock.now() - timedelta(hours=1)}, "Harbor Agency is out of date."),
        ({"valid_from": clock.now() + DAY}, "The contract of Harbor Agency begins on"),
        ({"all_courses": False}, "no longer covers this course"),
    ],
)
def test_a_contract_that_gives_no_seat_says_why(
    contract: AgencyContract, outline: Outline, changed: dict[str, object], words: str
) -> None:
    key = make_agency_key(contract, "HARBORKEY234")
    for name, value in changed.items():
        setattr(contract, name, value)
    db.session.flush()
    with pytest.raises(Invalid, match=words) as refusal:
        enroll(make_person().id, outline, "HARBORKEY234", clock.now())
    assert refusal.value.field == "key"
    db.session.refresh(key)
    assert (key.used, _count(Enrollment)) == (0, 0), "the key keeps its seat"


def test_seats_promised_by_name_are_kept(contract: AgencyContract, outline: Outline) -> None:
    make_agency_key(contract, "HARBORKEY234")
    make_agency_key(contract, "FOREVE234567", invited="Eve Invited")
    enroll(make_person().id, outline, "HARBORKEY234", clock.now())
    with pytest.raises(Invalid, match="kept for people invited by name"):
        enroll(make_person("dave@example.org").id, outline, "HARBORKEY234", clock.now())
    eve = make_person("eve@example.org", "Eve Invited")
    assert enroll(eve.id, outline, "FOREVE234567", clock.now()).person_id == eve.id
    assert _used(contract) == 2


def test_a_contract_is_made_once(carol: Actor) -> None:
    agency = make_agency()
    now = clock.now()
    terms = ContractTerms("2026", 5, date(2026, 1, 1), LATER, (SLUG,))
    made = [agency_contracts.make_contract(agency.id, terms, "one", carol, now) for _ in "ab"]
    assert made[0].id == made[1].id
    found = agency_contracts.get_contract(agency.id, made[0].id, now)
    assert [o.slug for o in found.courses] == [SLUG]
    assert (found.state(now), found.free) == ("open", 5)
    with pytest.raises(NotFound):
        agency_contracts.get_contract(make_agency("Other").id, made[0].id, now)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"last_day": date(2025, 1, 1)}, "last_day"),
        ({"first_day": date(2035, 7, 1)}, "last_day"),
        ({"last_day": date(2060, 1, 1)}, "last_day"),
        ({"seats": 1}, "seats"),
    ],
)
def test_terms_that_cannot_be(
    contract: AgencyContract, carol: Actor, changed: dict[str, object], field: str
) -> None:
    contract.used = 2
    terms = ContractTerms("2026", 5, date(2026, 1, 1), LATER, ())
    with pytest.raises(Invalid) as refusal:
        agency_contracts.change_terms(
            contract.agency_id,
            contract.id,
            replace(terms, **changed),  # type: ignore[arg-type]
            carol,
            clock.now(),
        )
    assert refusal.value.field == field


def test_seats_promised_by_name_stay_in_the_contract(
    contract: AgencyContract, carol: Actor
) -> None:
    make_agency_key(contract, "FOREVE234567", invited="Eve Invited")
    contract.used = 1
    terms = ContractTerms("2026", 1, date(2026, 1, 1), LATER, ())
    ids = (contract.agency_id, contract.id)
    with pytest.raises(Invalid, match="1 more promised to open invitations"):
        agency_contracts.change_terms(*ids, terms, carol, clock.now())
    changed = replace(terms, seats=2)
    assert agency_contracts.change_terms(*ids, changed, carol, clock.now()).seats == 2


def test_invitations_by_mail_are_sent_once_and_again_when_asked(
    context: Flask, contract: AgencyContract, carol: Actor
) -> None:
    people = [Invitee("Eve Invited", "eve@example.org"), Invitee("Fay Invited", "fay@example.org")]
    make_person("fay@example.org", "Fay Has-an-account")
    ids = (contract.agency_id, contract.id)
    for _ in range(2):
        made = agency_invitations.make_invitations(
            *ids, NewKeys(SLUG, None, "one"), people, URL, carol, clock.now()
        )
    assert _count(EnrollmentKey) == 2
    mails = [_body_without_name(context, line.own.invited_email, line) for line in made]
    assert mails[0] == mails[1], "with an account or without: the same words"
    assert "number of your certificate" in mails[0]
    for _ in range(2):
        agency_invitations.send_again(*ids, made[0].key.id, 1, URL, clock.now())
    assert len(list_mail(context, "eve@example.org")) == 2


def test_nobody_is_invited_to_a_seat_that_is_not_there(
    contract: AgencyContract, carol: Actor
) -> None:
    people = [Invitee(f"Person {n}") for n in range(3)]
    with pytest.raises(Invalid, match="You invite 3, and the contract has 2 seats") as refusal:
        _invite(contract, people, carol)
    assert (refusal.value.field, _count(EnrollmentKey)) == ("people", 0)
    _invite(contract, people[:1], carol)
    with pytest.raises(Invalid, match="has 1 seat that"):
        _invite(contract, people[:2], carol)


def test_a_withdrawn_invitation_gives_its_seat_back_and_is_not_sent(
    contract: AgencyContract, carol: Actor, outline: Outline
) -> None:
    ids = (contract.agency_id, contract.id)
    key = make_agency_key(contract, "FOREVE234567", invited="Eve", email="eve@example.org")
    other = make_contract(make_agency("Other"))
    with pytest.raises(NotFound):
        agency_keys.revoke(other.agency_id, other.id, key.id, carol, clock.now())
    agency_keys.revoke(*ids, key.id, carol, clock.now())
    assert agency_contracts.get_contract(*ids, clock.now()).free == 2
    with pytest.raises(Conflict, match="cannot be accepted any more"):
        agency_invitations.send_again(*ids, key.id, 0, URL, clock.now())
    with pytest.raises(Invalid, match="withdrawn"):
        enroll(make_person().id, outline, "FOREVE234567", clock.now())


def test_a_key_ends_with_its_contract_or_before(contract: AgencyContract, carol: Actor) -> None:
    ids = (contract.agency_id, contract.id)
    key = agency_keys.make_shared_key(*ids, NewKeys(SLUG, None, ""), 2, carol, clock.now())
    assert key.valid_until == contract.valid_until
    with pytest.raises(Invalid, match="The contract ends on"):
        agency_keys.make_shared_key(*ids, NewKeys(SLUG, LATER, ""), 2, carol, clock.now())
    with pytest.raises(Invalid, match="has 2 seats"):
        agency_keys.make_shared_key(*ids, NewKeys(SLUG, None, ""), 3, carol, clock.now())
    contract.ended_at = clock.now()
    with pytest.raises(Conflict, match="not in force"):
        agency_keys.make_shared_key(*ids, NewKeys(SLUG, None, ""), 1, carol, clock.now())


def test_a_seat_moves_and_what_was_earned_stays(
    contract: AgencyContract, carol: Actor, outline: Outline
) -> None:
    """Alice leaves half-way; Eve gets the seat; Alice keeps her record and comes in no more."""
    make_agency_key(contract, "HARBORKEY234")
    alice = make_person()
    left = enroll(alice.id, outline, "HARBORKEY234", clock.now())
    study = get_study_for(alice.id, SLUG)
    complete_items(study, unit=1)
    ids = (contract.agency_id, contract.id)
    assert agency_moves.free_seat(*ids, left.id, carol, clock.now())
    assert _used(contract) == 0
    assert not get_study_for(alice.id, SLUG).can_study(clock.now())
    assert _count(ItemCompletion) == 2, "what she has done is hers"
    with pytest.raises(Invalid, match="given your seat to somebody else"):
        enroll(alice.id, outline, "HARBORKEY234", clock.now())

    eve = make_person("eve@example.org", "Eve Next")
    taken = enroll(eve.id, outline, "HARBORKEY234", clock.now())
    seat = db.session.scalars(select(AgencySeat)).one()
    assert (seat.number, seat.enrollment_id) == (1, taken.id), "the same seat, another person"
    events = db.session.scalars(select(AgencySeatEvent).order_by(AgencySeatEvent.id)).all()
    assert [(e.kind, e.enrollment_id) for e in events] == [
        ("taken", left.id),
        ("freed", left.id),
        ("taken", taken.id),
    ]
    assert not agency_moves.free_seat(*ids, left.id, carol, clock.now()), "a late second click"
    assert seat.enrollment_id == taken.id
    assert _events("seat.freed") == 1


def test_an_invitation_in_her_name_lets_a_leaver_back_in(
    contract: AgencyContract, carol: Actor, outline: Outline
) -> None:
    make_agency_key(contract, "HARBORKEY234")
    alice = make_person()
    left = enroll(alice.id, outline, "HARBORKEY234", clock.now())
    agency_moves.free_seat(contract.agency_id, contract.id, left.id, carol, clock.now())
    make_agency_key(contract, "FORALICE2345", invited="Alice Learner")
    assert enroll(alice.id, outline, "FORALICE2345", clock.now()).number == 2


def test_a_seat_on_which_a_course_was_completed_stays(
    contract: AgencyContract, carol: Actor, outline: Outline
) -> None:
    make_agency_key(contract, "HARBORKEY234")
    alice = make_person()
    made = enroll(alice.id, outline, "HARBORKEY234", clock.now())
    complete_all(get_study_for(alice.id, SLUG))
    with pytest.raises(Conflict, match="has been completed on the seat"):
        agency_moves.free_seat(contract.agency_id, contract.id, made.id, carol, clock.now())


def test_a_seat_of_another_agency_is_not_there(
    contract: AgencyContract, carol: Actor, outline: Outline
) -> None:
    make_agency_key(contract, "HARBORKEY234")
    made = enroll(make_person().id, outline, "HARBORKEY234", clock.now())
    other = make_contract(make_agency("Other"))
    for ids in ((other.agency_id, other.id), (other.agency_id, contract.id)):
        with pytest.raises(NotFound):
            agency_moves.free_seat(*ids, made.id, carol, clock.now())
        with pytest.raises(NotFound):
            agency_moves.get_seat(*ids, made.id)
    assert _used(contract) == 1


def test_who_is_erased_is_in_no_invitation_any_more(
    contract: AgencyContract, carol: Actor, outline: Outline
) -> None:
    """Alice has accepted one invitation; another, to her address, is open."""
    make_agency_key(contract, "FORALICE2345", invited="Alice Learner")
    make_agency_key(contract, "FORALICE2346", invited="Alice L.", email="Alice@Example.org")
    make_agency_key(contract, "FOREVE234567", invited="Eve", email="eve@example.org")
    alice = make_person()
    enroll(alice.id, outline, "FORALICE2345", clock.now())
    assert len(personal_data.gather(alice.id)["agency_key"]) == 2
    erasure.erase_person(Actor(alice.id, "r"), clock.now())
    db.session.expire_all()
    names = set(db.session.scalars(select(AgencyKey.invited_name)))
    assert names == {"Erased account", "Eve"}
    assert set(db.session.scalars(select(AgencyKey.invited_email))) == {"", "eve@example.org"}
    revoked = db.session.scalars(
        select(EnrollmentKey.code).where(EnrollmentKey.revoked_at.is_not(None))
    ).all()
    assert revoked == ["FORALICE2346"]


def test_only_a_confirmed_address_becomes_manager(carol: Actor) -> None:
    """An account somebody made with another person's address must not see the people."""
    agency = make_agency()
    make_person("mia@example.org", "Mia Impostor", email_confirmed_at=None)
    with pytest.raises(Invalid, match="No account has confirmed this address"):
        agencies.add_manager(agency.id, "mia@example.org", carol, clock.now())
    mia = make_person("mia@example.org", "Mia Manager")
    for _ in range(2):
        found: Person = agencies.add_manager(agency.id, " MIA@example.org", carol, clock.now())
        assert found.id == mia.id
    (line,) = agencies.list_managers(agency.id)
    agencies.end_manager(agency.id, line.manager.id, carol, clock.now())
    assert agencies.list_managers(agency.id) == []
    agencies.add_manager(agency.id, "mia@example.org", carol, clock.now())
    assert len(agencies.list_managers(agency.id)) == 1


def test_keys_of_no_agency_are_as_before(context: Flask, outline: Outline) -> None:
    make_key("PLAINKEY2345", seats=1)
    made = enroll(make_person().id, outline, "PLAINKEY2345", clock.now())
    assert made.source == "key"
    assert _count(AgencySeat) == 0


def _invite(contract: AgencyContract, people: list[Invitee], actor: Actor) -> object:
    return agency_invitations.make_invitations(
        contract.agency_id, contract.id, NewKeys(SLUG, None, ""), people, URL, actor, clock.now()
    )


def _body_without_name(app: Flask, email: str, line: agency_keys.KeyOfContract) -> str:
    from domain.enrollment_key import shown_code

    (mail,) = list_mail(app, email)
    assert f"{URL}/keys/{shown_code(line.key.code)}\n" in mail.body
    return mail.body.replace(shown_code(line.key.code), "").replace(line.own.invited_name, "")


def _used(contract: AgencyContract) -> int:
    db.session.refresh(contract)
    return contract.used


def _events(kind: str) -> int:
    query = select(func.count(AuditEvent.id)).where(AuditEvent.kind == kind)
    return db.session.scalar(query) or 0


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
