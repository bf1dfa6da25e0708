"""Accommodations: asked on the account page, decided in the panel, in force at once, private."""

from typing import Any

import pytest
from sqlalchemy import Select, select

import clock
from domain.accommodation import Effect
from extensions import db
from models import Accommodation, AccommodationRequest, AuditEvent, OutgoingMail
from services import accommodations, editions
from tests.factories import (
    SLUG,
    make_administrator,
    make_enrollment,
    make_instructor,
    make_person,
)
from tests.site import Site

MINE = "/account/accommodations"
WHY = "a private reason"


@pytest.fixture
def alice(site: Site) -> int:
    """The id of Alice, who is enrolled; Carol administers."""
    with site.app.app_context():
        person = make_person()
        make_enrollment(person)
        make_administrator()
        db.session.commit()
        return person.id


def find(site: Site, query: Select[Any]) -> list[Any]:
    with site.app.app_context():
        return list(db.session.scalars(query))


def as_person(site: Site, email: str) -> Site:
    site.client.delete_cookie("session")
    site.log_in(email)
    return site


def ask(site: Site, **fields: str) -> int:
    typed = {"wish": "More time, please", "course": SLUG, "why": WHY, "intent": "one", **fields}
    return as_person(site, "alice@example.org").post(MINE, typed).status_code


def asked_id(site: Site) -> int:
    found: int = find(site, select(AccommodationRequest.id))[0]
    return found


def decide(site: Site, decision: str, **fields: object) -> int:
    typed = {"time": "150", "attempts": "1", "answer": "Gladly.", **fields}
    address = f"/admin/accommodations/{asked_id(site)}/{decision}"
    return as_person(site, "carol@example.org").post(address, typed).status_code


def effect_for(site: Site, person_id: int) -> Effect:
    with site.app.app_context():
        course_id = editions.get_course(SLUG).id
        return accommodations.get_effect(person_id, course_id, clock.now())


def test_asking_and_granting_acts_at_once_and_both_see_it(alice: int, site: Site) -> None:
    assert ask(site) == 303
    assert "Waiting" in site.get(MINE).get_data(as_text=True)
    page = as_person(site, "carol@example.org").get(f"/admin/accommodations/{asked_id(site)}")
    assert WHY in page.get_data(as_text=True)
    assert decide(site, "granted", quiet="y") == 303
    effect = effect_for(site, alice)
    assert (effect.time_percent, effect.extra_attempts, effect.asks_presence) == (150, 1, False)
    mine = as_person(site, "alice@example.org").get(MINE).get_data(as_text=True)
    assert "1.5 times the time" in mine
    assert "Gladly." in mine


def test_declining_needs_an_answer_and_grants_nothing(alice: int, site: Site) -> None:
    ask(site)
    assert decide(site, "declined", answer="", attempts="x") == 422
    assert decide(site, "declined", answer="Let us talk.", attempts="") == 303
    assert effect_for(site, alice).time_percent == 100
    assert "Not granted" in as_person(site, "alice@example.org").get(MINE).get_data(as_text=True)


def test_ending_acts_at_once_and_a_second_click_changes_nothing(alice: int, site: Site) -> None:
    ask(site)
    decide(site, "granted")
    granted = find(site, select(Accommodation.id))[0]
    for _ in range(2):
        response = site.post(f"/admin/accommodations/granted/{granted}/ended")
        assert response.status_code == 303
    assert effect_for(site, alice).time_percent == 100
    ended = select(AuditEvent.id).where(AuditEvent.kind == "accommodation.ended")
    assert len(find(site, ended)) == 1


def test_the_reason_is_in_no_mail_no_log_and_no_page_of_the_instructor(
    alice: int, site: Site
) -> None:
    with site.app.app_context():
        make_instructor()
        db.session.commit()
    ask(site)
    decide(site, "granted")
    written = " ".join(f"{row.subject} {row.body}" for row in find(site, select(OutgoingMail)))
    assert WHY not in written
    assert "Alice" not in written.split("Hello Alice")[0], "the director's mail names nobody"
    assert WHY not in str(find(site, select(AuditEvent.facts)))
    as_person(site, "bob@example.org")
    for path in ("/admin/accommodations", f"/admin/accommodations/{asked_id(site)}"):
        assert site.get(path, may_write=True).status_code == 403
    assert WHY not in site.get("/instructor").get_data(as_text=True)


def test_a_double_click_asks_once_and_decides_once(alice: int, site: Site) -> None:
    ask(site)
    ask(site)
    assert len(find(site, select(AccommodationRequest.id))) == 1
    assert decide(site, "granted") == 303
    assert decide(site, "granted") == 409
    assert decide(site, "declined") == 409
    assert len(find(site, select(Accommodation.id))) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"wish": "  "}, "Say what would help"),
        ({"wish": "x" * 2001}, "at most 2,000"),
        ({"why": "x" * 2001}, "at most 2,000"),
        ({"course": "no-such-course"}, "Not a valid choice"),
    ],
)
def test_bad_requests_are_told_at_the_field_and_kept(
    alice: int, site: Site, fields: dict[str, str], words: str
) -> None:
    as_person(site, "alice@example.org")
    response = site.post(MINE, {"wish": "More time", "course": "", "why": "", **fields})
    assert response.status_code == 422
    assert words in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"answer": ""}, "Write an answer"),
        ({"attempts": "-1"}, "from 0 to 20"),
        ({"attempts": "many"}, "whole number"),
        ({"time": "999"}, "Not a valid choice"),
        ({"last_day": "2020-01-01"}, "This day has passed"),
        ({"time": "100", "attempts": "0"}, "at least one thing"),
    ],
)
def test_bad_decisions_are_told(alice: int, site: Site, fields: dict[str, str], words: str) -> None:
    ask(site)
    as_person(site, "carol@example.org")
    typed = {"time": "150", "attempts": "0", "answer": "Gladly", **fields}
    response = site.post(f"/admin/accommodations/{asked_id(site)}/granted", typed)
    assert response.status_code == 422
    assert words in response.get_data(as_text=True)
    assert len(find(site, select(Accommodation.id))) == 0


def test_nobody_sees_or_decides_for_others(alice: int, site: Site) -> None:
    ask(site)
    with site.app.app_context():
        make_person("dave@example.org")
        db.session.commit()
    as_person(site, "dave@example.org")
    assert "More time, please" not in site.get(MINE).get_data(as_text=True)
    for action in ("granted", "declined"):
        address = f"/admin/accommodations/{asked_id(site)}/{action}"
        assert site.post(address, {"answer": "x"}).status_code == 403
    as_person(site, "carol@example.org")
    assert site.get("/admin/accommodations/999999").status_code == 404
    assert site.post("/admin/accommodations/granted/999999/ended").status_code == 404
