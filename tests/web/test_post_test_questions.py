"""The pages of questions: every move saves, nothing typed is lost, two devices are asked."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models import (
    Answer,
    AuditEvent,
    Enrollment,
    Grade,
    LateAnswer,
)
from services.enrollments import list_studies_for
from tests.factories import complete_items
from tests.right_answers import fields_for
from tests.site import Site
from tests.web.taking import (
    START_2,
    begin,
    browser_of_alice,
    count,
    drawn_in,
    form_of,
    position_of,
    save,
    take,
)


@pytest.fixture
def alice(app: Flask, site: Site) -> Site:
    return browser_of_alice(app, site)


def test_a_question_is_a_fieldset_with_its_number_and_stem(alice: Site) -> None:
    attempt_id = begin(alice)
    text = alice.get(f"/attempts/{attempt_id}/questions/1").get_data(as_text=True)
    assert "<title>Question 1 of 3" in text
    assert "<legend" in text
    assert "Save and continue" in text
    assert "Previous question" not in text
    assert 'id="recorded-time"' in text


def test_every_move_saves_first(alice: Site) -> None:
    attempt_id = begin(alice)
    drawn = drawn_in(alice, attempt_id)
    onward = save(alice, attempt_id, 1, fields_for(drawn[0], right=True))
    assert onward.headers["Location"].endswith("/questions/2")
    back = save(alice, attempt_id, 2, fields_for(drawn[1], right=True), action="previous")
    assert back.headers["Location"].endswith("/questions/1")
    last = save(alice, attempt_id, 3, fields_for(drawn[2], right=True))
    assert last.headers["Location"].endswith("/review")
    assert count(alice, Answer) == 3


def test_a_change_from_the_review_leads_back_to_it(alice: Site) -> None:
    attempt_id = begin(alice)
    text = alice.get(f"/attempts/{attempt_id}/review").get_data(as_text=True)
    path = f"/attempts/{attempt_id}/questions/1?after=review"
    assert path in text
    assert 'name="after" value="review"' in alice.get(path).get_data(as_text=True)
    assert save(alice, attempt_id, 1, [], after="review").headers["Location"].endswith("/review")


def test_what_was_saved_is_there_on_the_next_visit(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    save(alice, attempt_id, position, [("answer", "2")])
    text = alice.get(f"/attempts/{attempt_id}/questions/{position}").get_data(as_text=True)
    assert re.findall(r'value="(\d)" checked', text) == ["2"]


def test_scripts_save_the_same_form_earlier(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    response = save(alice, attempt_id, position, [("answer", "1")], htmx=True)
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert re.search(r'id="status"[^>]*data-hx-swap-oob="true">Saved at \d+:\d\d [AP]M<', text)
    assert count(alice, Answer) == 1


def test_a_save_costs_three_statements_besides_the_session(
    alice: Site, count_statements: Callable
) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    path = f"/attempts/{attempt_id}/questions/{position}"
    form = form_of(alice, path, [("answer", "1")])
    with count_statements() as statements:
        assert alice.post(path, form).status_code == 303
    ours = [s for s in statements if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", s)]
    ours = [s for s in ours if "login_session" not in s]
    assert len(ours) <= 3, ours


def test_what_is_no_answer_is_told_and_kept_as_typed(alice: Site) -> None:
    with alice.app.app_context():
        complete_items_of_unit_2()
    take(alice, right=True)
    attempt_id = begin_with(alice, "number")
    position = position_of(alice, attempt_id, "number")
    response = save(alice, attempt_id, position, [("answer", "about seven")])
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "<title>Error: Question" in text
    assert 'href="#answer-number"' in text
    assert 'value="about seven"' in text
    early = save(alice, attempt_id, position, [("answer", "about seven")], htmx=True)
    assert early.status_code == 422
    assert "Not saved yet" in early.get_data(as_text=True)
    assert count(alice, Answer) == 3


def complete_items_of_unit_2() -> None:
    enrollment = db.session.scalars(select(Enrollment)).one()
    complete_items(list_studies_for(enrollment.person_id)[0], unit=2)
    db.session.commit()


def begin_with(site: Site, kind: str) -> int:
    """An open attempt at unit 2 that asks a question of this kind."""
    attempt_id = begin(site, START_2)
    while kind not in {q.kind for q in drawn_in(site, attempt_id)}:
        site.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})
        attempt_id = begin(site, START_2)
    return attempt_id


@pytest.mark.parametrize("instance", ["", "nonsense", "1" * 200, f"{'a' * 16}.99999999999"])
def test_a_page_that_forgot_its_name_can_still_save(alice: Site, instance: str) -> None:
    attempt_id = begin(alice)
    path = f"/attempts/{attempt_id}/questions/1"
    assert alice.post(path, {"instance": instance, "seq": "-7e9"}).status_code == 303
    assert alice.post(path, {"instance": instance, "seq": str(2**70)}).status_code == 303


def test_two_devices_are_asked_which_answer_stays(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    path = f"/attempts/{attempt_id}/questions/{position}"
    here = form_of(alice, path, [("answer", "1")], after="review")
    there = form_of(alice, path, [("answer", "2")])
    assert alice.post(path, there).status_code == 303
    early = alice.post(path, here, htmx=True)
    assert early.status_code == 409
    assert "Not saved" in early.get_data(as_text=True)
    asked = alice.post(path, here)
    assert asked.status_code == 409
    text = asked.get_data(as_text=True)
    assert "Two answers to one question" in text
    again = dict(re.findall(r'name="(instance|seq|answer|after)" value="([^"]+)"', text))
    assert again["answer"] == "1"
    assert alice.post(path, again).headers["Location"].endswith("/review")
    assert re.findall(r'value="(\d)" checked', alice.get(path).get_data(as_text=True)) == ["1"]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_late_answer_is_refused_and_kept(alice: Site, htmx: bool) -> None:
    attempt_id = begin(alice)
    drawn = drawn_in(alice, attempt_id)[0]
    path = f"/attempts/{attempt_id}/questions/1"
    form = form_of(alice, path, fields_for(drawn, right=True))
    alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})
    response = alice.post(path, form, htmx=htmx)
    assert response.status_code == 409
    assert "was submitted before this answer came" in response.get_data(as_text=True)
    assert count(alice, LateAnswer) == 1
    assert count(alice, Answer) == 0
    with alice.app.app_context():
        kinds = db.session.scalars(select(AuditEvent.kind)).all()
        assert "answer.late" in kinds
        assert db.session.scalars(select(Grade)).one().earned == 0


def test_an_answer_sent_after_the_session_ended_is_shown_back_and_saved(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    path = f"/attempts/{attempt_id}/questions/{position}"
    form = form_of(alice, path, [("answer", "2")], action="previous")
    alice.forget_login()
    asked = alice.post(path, form)
    assert asked.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', asked.get_data(as_text=True))[1]  # type: ignore[index]
    login = {"email": "alice@example.org", "password": "four plain words here", "kept": kept}
    shown = alice.follow(alice.post("/login", login))
    text = shown.get_data(as_text=True)
    assert "Your answer is not saved yet" in text
    assert re.findall(r'value="(\d)" checked', text) == ["2"]
    assert count(alice, Answer) == 0
    again = dict(re.findall(r'name="(instance|seq|kept_form)" value="([^"]+)"', text))
    assert alice.post(path, {**again, "answer": "2"}).status_code == 303
    assert count(alice, Answer) == 1
    assert alice.get(f"{path}?kept_form={again['kept_form']}").status_code == 404


def test_a_kept_answer_is_not_shown_on_another_question(alice: Site) -> None:
    attempt_id = begin(alice)
    path = f"/attempts/{attempt_id}/questions/1"
    form = form_of(alice, path, [])
    alice.forget_login()
    asked = alice.post(path, form).get_data(as_text=True)
    kept = re.search(r'name="kept" value="([^"]+)"', asked)[1]  # type: ignore[index]
    login = {"email": "alice@example.org", "password": "four plain words here", "kept": kept}
    kept_id = re.search(r"\d+$", alice.post("/login", login).headers["Location"])[0]  # type: ignore[index]
    other = alice.get(f"/attempts/{attempt_id}/questions/2?kept_form={kept_id}")
    assert "not saved yet" not in other.get_data(as_text=True)
    assert alice.get(f"{path}?kept_form=999999").status_code == 404
