"""The pages around an attempt: start, review, submission, result; and who may see them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from extensions import db
from models import (
    Answer,
    Attempt,
    Enrollment,
    Grade,
    LateAnswer,
)
from services import editions
from tests.factories import SLUG, make_person
from tests.right_answers import fields_for
from tests.site import Site
from tests.web.taking import (
    START,
    START_2,
    begin,
    browser_of_alice,
    count,
    drawn_in,
    save,
    take,
)


@pytest.fixture
def alice(app: Flask, site: Site) -> Site:
    return browser_of_alice(app, site)


@pytest.fixture
def dave(app: Flask) -> Site:
    """The browser of a stranger who is logged in."""
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    other = Site(app)
    other.log_in("dave@example.org")
    return other


def change_enrollment(site: Site, **values: object) -> None:
    with site.app.app_context():
        enrollment = db.session.scalars(select(Enrollment)).one()
        for name, value in values.items():
            setattr(enrollment, name, value)
        db.session.commit()


def test_the_start_page_says_what_the_test_asks(alice: Site) -> None:
    text = alice.get(START).get_data(as_text=True)
    assert "at least 3 of 3 right" in text
    assert "0 used, 3 left of 3" in text
    assert "No time limit" in text
    assert "Start post-test" in text


def test_the_start_page_says_why_it_cannot_start_yet(alice: Site, app: Flask) -> None:
    text = alice.get(START_2).get_data(as_text=True)
    assert "Cannot start yet" in text
    assert "opens when unit 1, First Things, is finished" in text
    assert "Start post-test" not in text
    assert alice.post(START_2).status_code == 409
    assert count(alice, Attempt) == 0


@pytest.mark.parametrize(
    "path", [START, "/attempts/1/questions/1", "/attempts/1/review", "/attempts/1/result"]
)
def test_visitors_are_asked_to_log_in(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code == 303
    assert "/login?next=" in response.headers["Location"]


def test_strangers_find_nothing(alice: Site, dave: Site) -> None:
    attempt_id = begin(alice)
    assert dave.get(START).status_code == 404
    assert dave.post(START).status_code == 404
    for page in ("questions/1", "review", "result"):
        assert dave.get(f"/attempts/{attempt_id}/{page}").status_code == 404
    assert dave.post(f"/attempts/{attempt_id}/questions/1", {"answer": "1"}).status_code == 404
    assert dave.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"}).status_code == 404
    assert count(alice, Answer) == count(alice, Grade) == count(alice, LateAnswer) == 0


@pytest.mark.parametrize("path", ["/attempts/999/review", "/attempts/x/review"])
def test_there_is_no_such_attempt(alice: Site, path: str) -> None:
    assert alice.get(path).status_code == 404


def test_a_double_click_on_start_opens_one_attempt(alice: Site) -> None:
    first, second = (alice.post(START, {"attempt": "1"}) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert count(alice, Attempt) == 1


def test_an_old_click_on_start_leads_to_that_attempts_result(alice: Site) -> None:
    attempt_id = take(alice, right=False)
    response = alice.post(START, {"attempt": "1"})
    assert response.headers["Location"].endswith(f"/attempts/{attempt_id}/result")
    assert count(alice, Attempt) == 1


def test_going_on_leads_to_the_first_question_without_an_answer(alice: Site) -> None:
    attempt_id = begin(alice)
    save(alice, attempt_id, 1, fields_for(drawn_in(alice, attempt_id)[0], right=True))
    assert "Continue post-test" in alice.get(START).get_data(as_text=True)
    assert alice.post(START).headers["Location"].endswith(f"/attempts/{attempt_id}/questions/2")


def test_the_review_names_every_question_and_asks_once_more(alice: Site) -> None:
    attempt_id = begin(alice)
    save(alice, attempt_id, 2, fields_for(drawn_in(alice, attempt_id)[1], right=True))
    text = alice.get(f"/attempts/{attempt_id}/review").get_data(as_text=True)
    assert "1 of 3 questions answered" in text
    assert text.count("Unanswered") == 2
    assert len(re.findall(r'<span class="visually-hidden"> question \d</span></a>', text)) == 3
    response = alice.post(f"/attempts/{attempt_id}/submission")
    assert response.status_code == 422
    asked = response.get_data(as_text=True)
    assert "2 questions are unanswered: number 1, 3." in asked
    assert 'name="confirm" value="yes"' in asked
    assert count(alice, Grade) == 0
    confirmed = alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})
    assert confirmed.status_code == 303
    assert count(alice, Grade) == 1


def test_a_double_submit_shows_the_same_result(alice: Site) -> None:
    attempt_id = take(alice, right=True)
    again = alice.post(f"/attempts/{attempt_id}/submission")
    assert again.headers["Location"].endswith(f"/attempts/{attempt_id}/result")
    assert count(alice, Grade) == 1


def test_a_failed_attempt_names_objectives_and_offers_another(alice: Site) -> None:
    attempt_id = take(alice, right=False)
    text = alice.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert "Not passed yet" in text
    assert "0 of 3 is 0 %. The pass mark is 80 %." in text
    assert "Learning objectives to review" in text
    assert "Identify a test" in text
    assert "/learn/small-course/units/1/the-first-reading" in text
    assert "Try again" in text
    assert "2 attempts are left" in text


def test_the_last_failed_attempt_offers_no_other(alice: Site) -> None:
    for _ in range(3):
        attempt_id = take(alice, right=False)
    text = alice.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert "Try again" not in text
    assert "No attempts are left" in text
    assert "No attempts are left" in alice.get(START).get_data(as_text=True)
    assert "Ask for another attempt at the post-test of unit 1" in alice.get("/learn").text
    assert alice.post(START).status_code == 409


def test_a_pass_shows_every_question_with_its_reason(alice: Site) -> None:
    attempt_id = take(alice, right=True)
    text = alice.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert "Passed" in text
    assert text.count("The secret rationale of") == 3
    assert "Try again" not in text
    assert "You have passed this post-test" in alice.get(START).get_data(as_text=True)
    assert alice.post(START).status_code == 409


def test_an_open_attempt_has_no_result_yet(alice: Site) -> None:
    attempt_id = begin(alice)
    response = alice.get(f"/attempts/{attempt_id}/result")
    assert response.headers["Location"].endswith("/review")


def test_a_submitted_attempt_is_closed(alice: Site) -> None:
    attempt_id = take(alice, right=False)
    for page in ("questions/1", "review"):
        response = alice.get(f"/attempts/{attempt_id}/{page}")
        assert response.headers["Location"].endswith("/result")


def test_after_access_has_ended_nothing_is_taken(alice: Site) -> None:
    attempt_id = begin(alice)
    change_enrollment(alice, access_until=clock.now() - timedelta(minutes=1))
    assert alice.post(f"/attempts/{attempt_id}/questions/1").status_code == 409
    assert alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"}).status_code == 409
    assert "Your access has ended" in alice.get(START).get_data(as_text=True)
    assert count(alice, Grade) == 0


def test_a_missing_minimum_time_is_told_everywhere(
    alice: Site, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        outline = editions.get_current_outline(SLUG)
    monkeypatch.setitem(outline.facts["completion"], "minimum_percent", 50)
    start = alice.get(START).get_data(as_text=True)
    assert "Cannot start yet" in start and "another <strong>15 min</strong>" in start
    assert "0 s recorded of 15 min required" in start
    assert "Start post-test" not in start
    home = alice.get(f"/learn/{SLUG}").get_data(as_text=True)
    assert "Study unit 1 for another 15 min, then take its post-test" in home
    assert f'href="{START}"' not in home, "a test that is not open is no link"
    assert "Unit 1: minimum recorded time" in home
    item = alice.get(f"/learn/{SLUG}/units/1/the-second-reading").get_data(as_text=True)
    assert "opens when another 15 min of study are recorded" in item
    refused = alice.post(START)
    assert refused.status_code == 409
    assert "0 s recorded of 15 min required" in refused.get_data(as_text=True)
