"""Agencies in the management panel: contracts, keys, invitations, seats that move, managers."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import clock
from extensions import db
from models import (
    Agency,
    AgencyContract,
    AgencyKey,
    AgencyManager,
    AgencySeat,
    Enrollment,
    EnrollmentKey,
)
from services import agency_seats, editions
from services.enrollments import enroll
from tests.agencies import make_agency, make_agency_key, make_contract, make_manager
from tests.completed import complete_all
from tests.factories import SLUG, make_enrollment, make_person
from tests.mailbox import list_mail
from tests.site import Site

AGENCIES = "/admin/agencies"
CONTRACT = {
    "name": "2027",
    "seats": "3",
    "first_day": "2026-01-01",
    "last_day": "2034-12-31",
    "scope": "some",
    "courses": [SLUG],
    "intent": "one",
}
PEOPLE = "Eve Invited, eve@example.org\nFay Invited, fay@example.org"
INVITED = {"course": SLUG, "by": "mail", "people": PEOPLE, "last_day": "", "intent": "two"}
KEY = {"course": SLUG, "seats": "2", "last_day": "", "intent": "three"}

BAD_CONTRACTS: list[tuple[dict[str, object], str, str]] = [
    ({"name": ""}, "name", "Enter a name or number"),
    ({"name": "x" * 121}, "name", "at most 120 characters"),
    ({"seats": ""}, "seats", "Enter how many seats"),
    ({"seats": "0"}, "seats", "from 1 to 10,000"),
    ({"seats": "many"}, "seats", "whole number"),
    ({"first_day": ""}, "first_day", "Enter the first day"),
    ({"last_day": "soon"}, "last_day", "as a date"),
    ({"last_day": "2025-12-31", "first_day": "2025-01-01"}, "last_day", "has passed"),
    ({"last_day": "2025-12-31"}, "last_day", "before the first"),
    ({"last_day": "2060-01-01"}, "last_day", "at most ten years"),
    ({"scope": ""}, "scope-0", "Choose which courses"),
    ({"courses": []}, "courses-0", "Choose at least one course"),
    ({"courses": ["none-such"]}, "courses-0", "not a valid"),
]
BAD_INVITATIONS: list[tuple[dict[str, object], str, str]] = [
    ({"course": ""}, "course", "Choose the course"),
    ({"course": "none-such"}, "course", "Not a valid choice"),
    ({"by": ""}, "by-0", "Choose how"),
    ({"people": ""}, "people", "Enter at least one person."),
    ({"people": "Eve, nowhere"}, "people", "Line 1 has no e-mail address"),
    ({"people": "A\nB\nC\nD", "by": "list"}, "people", "You invite 4"),
    ({"last_day": "2020-01-01"}, "last_day", "This day has passed"),
    ({"last_day": "2060-01-01"}, "last_day", "The contract ends on"),
]


@pytest.fixture
def place(carol: Site) -> str:
    """The address of a contract of Harbor Agency with three seats."""
    with carol.app.app_context():
        contract = make_contract(make_agency(), seats=3)
        db.session.commit()
        return f"{AGENCIES}/{contract.agency_id}/contracts/{contract.id}"


def test_from_an_agency_to_its_contract(carol: Site) -> None:
    assert "No agency yet" in carol.get(AGENCIES).text
    for _ in range(2):
        made = carol.post(AGENCIES, {"name": "Harbor Agency", "note": "by Ann", "intent": "one"})
    home = made.headers["Location"]
    assert _count(carol, Agency) == 1, "a double click adds one"
    assert "No contract yet" in carol.get(home).text
    assert 'value="all" checked' in _tidy(carol.get(f"{home}/contracts/new").text)
    for _ in range(2):
        made = carol.post(f"{home}/contracts", CONTRACT)
        assert made.status_code == 303
    assert _count(carol, AgencyContract) == 1
    page = carol.get(made.headers["Location"]).text
    for words in (
        "Harbor Agency: 2027",
        "0 of 3",
        "December 31, 2034",
        "A Small Course",
        "Invite people",
    ):
        assert words in page
    assert "0 of 3" in carol.get(AGENCIES).text


def test_bad_contracts_are_told_at_the_field(carol: Site) -> None:
    with carol.app.app_context():
        home = f"{AGENCIES}/{make_agency().id}"
        db.session.commit()
    for typed, field, words in BAD_CONTRACTS:
        refused = carol.post(f"{home}/contracts", {**CONTRACT, **typed})
        _check_told(refused, field, words)
        assert "name" in typed or 'value="2027"' in refused.text
    assert _count(carol, AgencyContract) == 0


def test_a_contract_grows_and_ends(carol: Site, place: str) -> None:
    form = carol.get(f"{place}/terms").text
    assert 'value="Contract 2026"' in form
    changed = {**CONTRACT, "scope": "all", "seats": "9"}
    assert carol.post(f"{place}/terms", changed).headers["Location"] == place
    assert "0 of 9" in carol.get(place).text
    for _ in range(2):
        assert carol.post(f"{place}/ended").status_code == 303
    page = carol.get(place).text
    assert "Ended" in page
    assert "Invite people" not in page
    assert "End the contract now" not in carol.get(f"{place}/terms").text
    assert carol.post(f"{place}/keys", KEY).status_code == 409
    assert carol.post(f"{place}/invitations", INVITED).status_code == 409


def test_seats_that_are_held_cannot_be_taken_out_of_a_contract(carol: Site, place: str) -> None:
    _hold(carol, place)
    refused = carol.post(f"{place}/terms", {**CONTRACT, "seats": "1"})
    assert refused.status_code == 303, "one is held"
    _hold(carol, place, "fay@example.org", seats=3)
    refused = carol.post(f"{place}/terms", {**CONTRACT, "seats": "1"})
    assert refused.status_code == 422
    assert "2 seats are held. Enter at least 2." in refused.text.split('id="seats-error"')[1]


def test_people_are_invited_by_mail(carol: Site, place: str) -> None:
    assert "3 seats are free" in carol.get(f"{place}/invitations/new").text
    for _ in range(2):
        assert carol.post(f"{place}/invitations", INVITED).headers["Location"] == place
    assert _count(carol, EnrollmentKey) == 2, "a double click invites nobody twice"
    assert [len(list_mail(carol.app, f"{who}@example.org")) for who in ("eve", "fay")] == [1, 1]
    page = carol.get(place).text
    assert "2 people are invited by mail." in page
    assert "eve@example.org" in page
    send = re.search(r'action="([^"]+/mails)".*?name="times_sent" value="(\d)"', page, re.DOTALL)
    assert send is not None
    for _ in range(2):
        assert carol.post(send[1], {"times_sent": send[2]}).status_code == 303
    mails = [len(list_mail(carol.app, f"{who}@example.org")) for who in ("eve", "fay")]
    assert sorted(mails) == [1, 2], "sent again once"


def test_people_are_invited_on_a_list_to_hand_out(carol: Site, place: str) -> None:
    names = {**INVITED, "by": "list", "people": "Gil <b>Given</b>\nHal Handed"}
    made = carol.post(f"{place}/invitations", names)
    slips = carol.follow(made).text
    assert "Gil &lt;b&gt;Given" in slips
    with carol.app.app_context():
        codes = db.session.scalars(select(EnrollmentKey.code)).all()
    for code in codes:
        shown = f"{code[:4]}-{code[4:8]}-{code[8:]}"
        assert f"http://localhost/keys/{shown}" in slips
    visitor = Site(carol.app)
    assert "Harbor Agency has a seat for you" in visitor.get(f"/keys/{codes[0]}").text


def test_bad_invitations_are_told_at_the_field(carol: Site, place: str) -> None:
    for typed, field, words in BAD_INVITATIONS:
        refused = carol.post(f"{place}/invitations", {**INVITED, **typed})
        _check_told(refused, field, words)
        assert "people" in typed or "Eve Invited, eve@example.org" in refused.text
    assert _count(carol, AgencyKey) == 0


def test_a_shared_key_is_made_once_and_withdrawn(carol: Site, place: str) -> None:
    assert "3 free" in carol.get(f"{place}/keys/new").text
    for _ in range(2):
        assert carol.post(f"{place}/keys", KEY).headers["Location"] == place
    assert _count(carol, EnrollmentKey) == 1
    page = carol.get(place).text
    withdraw = re.search(r'action="([^"]+/revoked)"', page)
    assert withdraw is not None
    assert "0 of 2" in page
    assert "No key yet" in carol.get("/admin/keys").text, "keys of agencies are with their contract"
    for _ in range(2):
        assert carol.post(withdraw[1]).headers["Location"] == place
    assert "Withdrawn" in carol.get(place).text
    refused = carol.post(f"{place}/keys", {**KEY, "seats": "4", "intent": "x"})
    assert "The contract has 3 seats" in refused.text.split('id="seats-error"')[1]


def test_a_seat_moves_to_the_next_person(carol: Site, place: str) -> None:
    enrollment = _hold(carol, place)
    page = carol.get(place).text
    assert f'href="{place}/seats/{enrollment}"' in page
    assert "Taken by Alice Learner" in page
    assert "The time record, passed post-tests" in carol.get(f"{place}/seats/{enrollment}").text
    typed = {"name": "Eve Next", "email": "eve@example.org", "intent": "one"}
    for _ in range(2):
        freed = carol.post(f"{place}/seats/{enrollment}/freed", typed)
        assert freed.headers["Location"] == place
    late = carol.post(f"{place}/seats/{enrollment}/freed", {"name": "Oz Late", "intent": "other"})
    told = carol.follow(late).text
    assert "Oz Late is not invited" in told, "the seat was given away in another window"
    page = carol.get(place).text
    assert "Freed of Alice Learner" in page
    assert "Eve Next" in page
    assert len(list_mail(carol.app, "eve@example.org")) == 1
    (told,) = list_mail(carol.app, "alice@example.org")
    assert "Harbor Agency has given your seat in A Small Course to somebody else" in told.body
    with carol.app.app_context():
        assert db.session.get_one(Enrollment, enrollment).ended_at is not None
        assert db.session.scalars(select(AgencyContract.used)).one() == 0
    assert carol.get(f"{place}/seats/{enrollment}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "email": "eve@example.org"}, "email"),
        ({"name": "Eve", "email": "nowhere"}, "email"),
        ({"name": "E" * 121, "email": ""}, "name"),
    ],
)
def test_a_next_person_who_cannot_be_invited_frees_no_seat(
    carol: Site, place: str, typed: dict[str, str], field: str
) -> None:
    enrollment = _hold(carol, place)
    refused = carol.post(f"{place}/seats/{enrollment}/freed", typed)
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    assert typed["email"] in refused.text
    with carol.app.app_context():
        assert db.session.scalars(select(AgencySeat.enrollment_id)).one() == enrollment


def test_moving_and_inviting_are_both_or_neither(carol: Site, place: str) -> None:
    """The contract is overbooked: nobody can be invited to the seat, so nobody loses it."""
    enrollment = _hold(carol, place)
    with carol.app.app_context():
        contract = db.session.scalars(select(AgencyContract)).one()
        contract.seats = 1
        make_agency_key(contract, "FOREVE234567", invited="Eve Earlier")
        db.session.commit()
    refused = carol.post(f"{place}/seats/{enrollment}/freed", {"name": "Fay", "intent": "one"})
    assert refused.status_code == 422
    assert "the contract has 0 seats" in refused.text.split('id="name-error"')[1]
    with carol.app.app_context():
        assert db.session.scalars(select(AgencyContract.used)).one() == 1
        assert db.session.get_one(Enrollment, enrollment).ended_at is None


def test_a_seat_on_which_a_course_was_completed_stays(carol: Site, place: str) -> None:
    from services.enrollments import get_study_for

    enrollment = _hold(carol, place)
    with carol.app.app_context():
        person_id = db.session.get_one(Enrollment, enrollment).person_id
        complete_all(get_study_for(person_id, SLUG))
        db.session.commit()
    assert "Spent" in carol.get(place).text
    assert "This seat cannot move" in carol.get(f"{place}/seats/{enrollment}").text
    assert carol.post(f"{place}/seats/{enrollment}/freed", {"intent": "x"}).status_code == 409
    with carol.app.app_context():
        assert db.session.get_one(Enrollment, enrollment).ended_at is None


def test_managers_come_and_go(carol: Site) -> None:
    with carol.app.app_context():
        home = f"{AGENCIES}/{make_agency().id}"
        make_person("mia@example.org", "Mia Manager")
        db.session.commit()
    for email, words in (("", "Enter your e-mail"), ("no@example.org", "No account has confirmed")):
        refused = carol.post(f"{home}/managers", {"email": email})
        assert refused.status_code == 422
        assert words in refused.text.split('id="email-error"')[1]
    for _ in range(2):
        assert carol.post(f"{home}/managers", {"email": "Mia@example.org"}).status_code == 303
    assert _count(carol, AgencyManager) == 1
    page = carol.get(home).text
    assert "Mia Manager" in page
    mia = Site(carol.app)
    mia.log_in("mia@example.org")
    assert ">My agency<" in mia.get("/learn").text
    remove = re.search(r'action="([^"]+/ended)"', page)
    assert remove is not None
    for _ in range(2):
        assert carol.post(remove[1]).status_code == 303
    assert mia.get("/agency", may_write=True).status_code == 403, "at once"
    assert ">My agency<" not in mia.get("/learn").text


def test_what_is_not_there_or_another_agencys_is_404(carol: Site, place: str) -> None:
    enrollment = _hold(carol, place)
    with carol.app.app_context():
        other = make_contract(make_agency("Other"))
        manager = make_manager(make_agency("Third"), make_person("mia@example.org", "Mia"))
        key = make_agency_key(other, "OTHERKEY2345").id
        ids = (other.agency_id, other.id, manager.id)
        db.session.commit()
    crossed = place.rpartition("/")[0] + f"/{ids[1]}"
    assert carol.get(crossed).status_code == 404
    for path in (f"{place}/keys/{key}/revoked", f"{place}/invitations/{key}/mails"):
        assert carol.post(path).status_code == 404
    elsewhere = f"{AGENCIES}/{ids[0]}/contracts/{ids[1]}"
    assert carol.get(f"{elsewhere}/seats/{enrollment}").status_code == 404
    assert carol.post(f"{elsewhere}/seats/{enrollment}/freed", {"intent": "x"}).status_code == 404
    assert carol.post(f"{AGENCIES}/{ids[0]}/managers/{ids[2]}/ended").status_code == 404
    assert carol.get(f"{AGENCIES}/999999").status_code == 404
    assert carol.get(f"{AGENCIES}/999999/contracts/new").status_code == 404


def test_long_lists_go_on_on_further_pages(carol: Site, place: str) -> None:
    with carol.app.app_context():
        contract = db.session.scalars(select(AgencyContract)).one()
        contract.seats = 200
        for n in range(51):
            make_agency_key(contract, f"SHARED{n:03d}")
            make_agency_key(contract, f"FORONE{n:03d}", invited=f"Person {n:03d}")
            holder = make_enrollment(make_person(f"p{n}@example.org", f"Holder {n}"))
            agency_seats.assign(contract.id, holder.enrollment, clock.now())
        db.session.commit()
    page = carol.get(place).text
    for name in ("invitations_before", "keys_before", "seats_after", "events_before"):
        further = re.search(rf'href="([^"]+{name}=\d+)"', page)
        assert further is not None
        assert carol.get(further[1]).status_code == 200
    assert "Person 000" not in page
    assert (
        "Person 000" in carol.get(re.search(r'href="([^"]+invitations_before=\d+)"', page)[1]).text
    )  # type: ignore[index]


def _check_told(refused: TestResponse, field: str, words: str) -> None:
    """The problem is told in the summary, which leads to the field, and at the field."""
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert f'<a href="#{field}">' in refused.text
    told = refused.text.split(f'id="{field.removesuffix("-0")}-error"')[1].split("</div>")[0]
    assert words in told


def _hold(site: Site, place: str, email: str = "alice@example.org", seats: int = 5) -> int:
    """Let a person hold a seat of the contract; returns the enrollment."""
    with site.app.app_context():
        contract = db.session.get_one(AgencyContract, int(place.rpartition("/")[2]))
        contract.seats = max(contract.seats, seats)
        code = f"HARBOR{_count_rows(EnrollmentKey)}"
        make_agency_key(contract, code)
        person = make_person(email)
        made = enroll(person.id, editions.get_current_outline(SLUG), code, clock.now())
        made.enrolled_at -= timedelta(days=3)
        db.session.commit()
        return made.id


def _tidy(text: str) -> str:
    """Attributes in one order for comparing: `value`, then `checked`."""
    return re.sub(r'checked ([^>]*)value="(\w+)"', r'\1value="\2" checked', text)


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return _count_rows(model)


def _count_rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
