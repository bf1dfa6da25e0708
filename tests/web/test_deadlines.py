"""Pages of timed attempts: told before, shown as a clock time, closed when the time is up."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from extensions import db
from models import Accommodation, Answer, Attempt, AuditEvent, Grade, KeptForm, LateAnswer, Person
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import fields_for
from tests.site import Site
from tests.variants import LIMIT, publish_variant
from tests.web.taking import begin, count, drawn_in, form_of, save

TIMED = "/learn/timed-course/units/1/post-test"


@pytest.fixture
def alice(app: Flask, site: Site, tmp_path: Path) -> Site:
    """Alice's browser; her course has a limit of thirty minutes for each post-test."""
    with app.app_context():
        slug = publish_variant(tmp_path, "timed-course", LIMIT)
        complete_items(make_enrollment(make_person(), slug), unit=1)
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def begun_before(site: Site, attempt_id: int, minutes: float) -> None:
    """Let the attempt have begun earlier."""
    with site.app.app_context():
        attempt = db.session.get_one(Attempt, attempt_id)
        attempt.started_at = clock.now() - timedelta(minutes=minutes)
        db.session.commit()


def grant_extra_time(site: Site, percent: int = 200) -> None:
    with site.app.app_context():
        person_id = db.session.scalars(select(Person.id)).one()
        row = Accommodation(person_id=person_id, time_percent=percent, granted_at=clock.now())
        db.session.add(row)
        db.session.commit()


def test_the_limit_and_its_reason_are_told_before_the_start(alice: Site) -> None:
    text = alice.get(TIMED).get_data(as_text=True)
    assert "30 min from the start" in text
    assert "The test board allows thirty minutes" in text
    assert "No time limit" not in text
    grant_extra_time(alice, 150)
    text = alice.get(TIMED).get_data(as_text=True)
    assert "45 min from the start" in text
    assert "your accommodation makes it longer" in text


def test_the_course_page_tells_the_limit(alice: Site) -> None:
    text = alice.get("/courses/timed-course").get_data(as_text=True)
    assert "30 min for each. The test board allows thirty minutes" in text


@pytest.mark.usefixtures("standing_clock")
def test_question_and_review_show_the_clock_time_with_its_zone(alice: Site) -> None:
    attempt_id = begin(alice, TIMED)
    for page in ("questions/1", "review"):
        text = alice.get(f"/attempts/{attempt_id}/{page}").get_data(as_text=True)
        assert re.search(r"closes on <strong>[^<]+ [AP]M E[SD]T</strong>", text)
        left = int(re.search(r'data-seconds-left="(\d+)"', text)[1])  # type: ignore[index]
        assert left == 1800


def test_untimed_attempts_show_no_deadline(app: Flask, site: Site) -> None:
    with app.app_context():
        complete_items(make_enrollment(make_person()), unit=1)
        db.session.commit()
    site.log_in("alice@example.org")
    attempt_id = begin(site)
    page = site.get(f"/attempts/{attempt_id}/questions/1").get_data(as_text=True)
    assert 'id="deadline"' not in page


def test_a_save_tells_of_extra_time_granted_meanwhile(alice: Site) -> None:
    attempt_id = begin(alice, TIMED)
    path = f"/attempts/{attempt_id}/questions/1"
    text = alice.get(path).get_data(as_text=True)
    closes = re.search(r'name="closes" value="([^"]+)"', text)[1]  # type: ignore[index]
    fields = fields_for(drawn_in(alice, attempt_id)[0], right=True)
    form = form_of(alice, path, fields, closes=closes)
    assert "deadline" not in alice.post(path, form, htmx=True).get_data(as_text=True)
    grant_extra_time(alice)
    answer = alice.post(path, {**form, "seq": "1"}, htmx=True).get_data(as_text=True)
    assert 'id="deadline"' in answer and "data-hx-swap-oob" in answer
    assert "Saved at" in answer


@pytest.mark.parametrize("page", ["questions/1", "review", "result", "start"])
def test_the_next_read_closes_what_is_overdue(alice: Site, page: str) -> None:
    attempt_id = begin(alice, TIMED)
    save(alice, attempt_id, 1, fields_for(drawn_in(alice, attempt_id)[0], right=True))
    begun_before(alice, attempt_id, 31)
    path = TIMED if page == "start" else f"/attempts/{attempt_id}/{page}"
    response = alice.follow(alice.get(path, may_write=True))
    text = response.get_data(as_text=True)
    assert "closed by its deadline on" in text
    assert "1 of 3 is 33 %" in text
    assert count(alice, Grade) == 1


@pytest.mark.parametrize("way", ["start", "submission"])
def test_a_form_sent_after_the_deadline_leads_to_the_result(alice: Site, way: str) -> None:
    attempt_id = begin(alice, TIMED)
    begun_before(alice, attempt_id, 31)
    path = TIMED if way == "start" else f"/attempts/{attempt_id}/submission"
    response = alice.post(path, {"attempt": "1", "confirm": "yes"})
    assert response.headers["Location"].endswith(f"/attempts/{attempt_id}/result")
    assert count(alice, Grade) == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_after_the_deadline_is_kept_and_not_graded(alice: Site, htmx: bool) -> None:
    attempt_id = begin(alice, TIMED)
    path = f"/attempts/{attempt_id}/questions/1"
    form = form_of(alice, path, fields_for(drawn_in(alice, attempt_id)[0], right=True))
    begun_before(alice, attempt_id, 31)
    response = alice.post(path, form, htmx=htmx)
    assert response.status_code == 409
    assert "The time of this attempt was up" in response.get_data(as_text=True)
    assert (count(alice, Answer), count(alice, LateAnswer), count(alice, Grade)) == (0, 1, 1)
    with alice.app.app_context():
        kinds = set(db.session.scalars(select(AuditEvent.kind)))
    assert "answer.late" in kinds


def held_up(site: Site, attempt_id: int) -> str:
    """Answer question 1 rightly with an ended session; the address its owner is led to."""
    path = f"/attempts/{attempt_id}/questions/1"
    form = form_of(site, path, fields_for(drawn_in(site, attempt_id)[0], right=True))
    site.forget_login()
    asked = site.post(path, form).get_data(as_text=True)
    kept = re.search(r'name="kept" value="([^"]+)"', asked)[1]  # type: ignore[index]
    login = {"email": "alice@example.org", "password": "four plain words here", "kept": kept}
    return str(site.post("/login", login).headers["Location"])


def closes_just_after_receipt(site: Site, attempt_id: int) -> None:
    """Let the deadline lie a millisecond after the kept answer was received: it is over now."""
    with site.app.app_context():
        received_at = db.session.scalars(select(KeptForm.received_at)).one()
        attempt = db.session.get_one(Attempt, attempt_id)
        attempt.started_at = received_at - timedelta(minutes=30) + timedelta(milliseconds=1)
        db.session.commit()


def test_receipt_decides_for_an_answer_that_an_ended_session_held_up(alice: Site) -> None:
    attempt_id = begin(alice, TIMED)
    shown_at = held_up(alice, attempt_id)
    closes_just_after_receipt(alice, attempt_id)
    text = alice.follow(alice.get(shown_at), may_write=True).get_data(as_text=True)
    assert "in time for your deadline" in text
    assert count(alice, Grade) == 1
    kept_form = re.search(r'name="kept_form" value="(\d+)"', text)[1]  # type: ignore[index]
    fields = fields_for(drawn_in(alice, attempt_id)[0], right=True)
    sent = {"kept_form": kept_form, "seq": "0"}
    for name, value in fields:
        sent[name] = [*sent.get(name, []), value]  # type: ignore[assignment, misc]
    response = alice.post(f"/attempts/{attempt_id}/questions/1", sent)
    text = alice.follow(response).get_data(as_text=True)
    assert "received before the deadline" in text
    assert "1 of 3 is 33 %" in text
    assert "Graded again" in text
    again = alice.post(f"/attempts/{attempt_id}/questions/1", sent)
    assert again.status_code == 409


def test_a_held_up_answer_that_was_changed_counts_from_now(alice: Site) -> None:
    attempt_id = begin(alice, TIMED)
    shown_at = held_up(alice, attempt_id)
    closes_just_after_receipt(alice, attempt_id)
    text = alice.follow(alice.get(shown_at), may_write=True).get_data(as_text=True)
    kept_form = re.search(r'name="kept_form" value="(\d+)"', text)[1]  # type: ignore[index]
    wrong = fields_for(drawn_in(alice, attempt_id)[0], right=False)
    sent = {"kept_form": kept_form, "seq": "0", **dict(wrong)}
    assert alice.post(f"/attempts/{attempt_id}/questions/1", sent).status_code == 409
    assert count(alice, LateAnswer) == 1
