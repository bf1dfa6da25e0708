"""Rosters: everybody who completed is in one of a body, nobody in two that count."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

import clock
from domain.refusals import Conflict, Invalid
from extensions import db
from models import BoardRoster, BoardRosterEntry
from services import board_rosters, certificate_corrections, provider_days
from services.audit import Actor
from services.board_rosters import split_name
from services.certificate_corrections import Correction
from tests.completed import BASE_URL, complete_all, issue
from tests.factories import make_administrator, make_enrollment, make_license, make_person

LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def carol(context: Flask) -> Actor:
    return Actor(make_administrator().id, "request")


@pytest.fixture
def certify(context: Flask) -> Callable[..., None]:
    def certified(email: str, name: str, *licenses: tuple[str, str]) -> None:
        person = make_person(email, name)
        for profession, number in licenses:
            make_license(person, number, profession=profession)
        issue(complete_all(make_enrollment(person)), name=name)

    return certified


def make(carol: Actor, line: str = "test-sw", intent: str = "one") -> BoardRoster:
    return board_rosters.make_roster(line, LONG_AGO, intent, carol, clock.now())


def waiting() -> dict[str, int]:
    return {one.line: one.learners for one in board_rosters.list_waiting()}


def test_a_roster_holds_the_generic_columns(carol: Actor, certify: Callable[..., None]) -> None:
    certify("alice@example.org", "Ann Alice Learner, LCSW", ("Social worker", "SW-1"))
    roster = make(carol)
    (row,) = board_rosters.list_rows(roster.id)
    found = dict(zip(roster.heads, row, strict=True))
    assert (found["first_name"], found["last_name"]) == ("Ann Alice", "Learner")
    assert (found["profession"], found["license_number"]) == ("Social worker", "SW-1")
    assert (found["credits"], found["credit_type"]) == ("1.0", "contact hours")
    assert found["date_completed"] == provider_days.today_is(clock.now()).isoformat()
    assert found["email"] == "alice@example.org"


def test_nobody_is_reported_twice_and_each_body_counts_by_itself(
    carol: Actor, certify: Callable[..., None]
) -> None:
    certify("alice@example.org", "Alice Learner", ("Social worker", "SW-1"))
    assert waiting() == {"test-psych": 1, "test-sw": 1}
    first = make(carol)
    assert waiting() == {"test-psych": 1, "test-sw": 0}
    with pytest.raises(Invalid, match="Nobody waits"):
        make(carol, intent="two")
    certify("dave@example.org", "Dave Stranger", ("Social worker", "SW-2"))
    second = make(carol, intent="three")
    assert (first.lines, second.lines) == (1, 1)
    assert board_rosters.list_rows(second.id)[0][2] == "dave@example.org"


def test_a_roster_goes_back_to_a_day_and_reads_little_at_a_time(
    carol: Actor, certify: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        certify(f"p{number}@example.org", f"Person {number}")
    monkeypatch.setattr(board_rosters, "AT_ONCE", 2)
    monkeypatch.setattr(board_rosters, "MOST_LINES", 3)
    tomorrow = clock.now().date() + timedelta(days=2)
    with pytest.raises(Invalid, match="Nobody waits"):
        board_rosters.make_roster("test-sw", tomorrow, "none", carol, clock.now())
    first, second = make(carol), make(carol, intent="two")
    emails = [row[2] for one in (first, second) for row in board_rosters.list_rows(one.id)]
    assert emails == [f"p{number}@example.org" for number in range(5)]


def test_a_double_click_makes_one_roster(carol: Actor, certify: Callable[..., None]) -> None:
    certify("alice@example.org", "Alice Learner")
    assert make(carol).id == make(carol).id
    assert len(board_rosters.list_rosters()) == 1


def test_the_database_itself_refuses_a_second_report(
    carol: Actor, certify: Callable[..., None]
) -> None:
    certify("alice@example.org", "Alice Learner")
    make(carol)
    (entry,) = db.session.query(BoardRosterEntry).all()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(
            BoardRosterEntry(
                roster_id=entry.roster_id,
                enrollment_id=entry.enrollment_id,
                certificate_id=entry.certificate_id,
                approval_line=entry.approval_line,
                position=2,
                cells=[],
                is_counted=True,
            )
        )


def test_a_withdrawn_roster_lets_them_wait_again(
    carol: Actor, certify: Callable[..., None]
) -> None:
    certify("alice@example.org", "Alice Learner")
    roster = make(carol)
    board_rosters.withdraw(roster.id, "refused", carol, clock.now())
    assert waiting()["test-sw"] == 1
    assert len(board_rosters.list_rows(roster.id)) == 1, "what the file held stays"
    with pytest.raises(Conflict):
        board_rosters.mark_sent(roster.id, "R-1", carol, clock.now())
    assert make(carol, intent="two").lines == 1


def test_a_corrected_certificate_is_not_reported_again(
    carol: Actor, certify: Callable[..., None]
) -> None:
    certify("alice@example.org", "Alice Learner", ("Social worker", "SW-1"))
    roster = make(carol)
    number = board_rosters.list_rows(roster.id)[0][-1]
    correction = Correction("Alice Levi", "", (), False, "the name was corrected", "")
    certificate_corrections.replace(number, correction, carol, BASE_URL, clock.now())
    assert waiting() == {"test-psych": 1, "test-sw": 0}


def test_every_license_the_body_is_for_has_a_line(
    carol: Actor, certify: Callable[..., None]
) -> None:
    licenses = (("Social worker", "SW-1"), ("Psychologist", "P-1"), ("Social worker", "SW-2"))
    certify("alice@example.org", "Alice Learner", *licenses)
    numbers = [row[7] for row in board_rosters.list_rows(make(carol).id)]
    assert numbers == ["SW-1", "SW-2"]
    assert waiting()["test-sw"] == 0


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Alice Learner", ("Alice", "Learner")),
        ("Ann Marie Vance, PhD, LCSW", ("Ann Marie", "Vance")),
        ("Prince", ("Prince", "")),
    ],
)
def test_names_are_parted(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
