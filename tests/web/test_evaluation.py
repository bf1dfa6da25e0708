"""The evaluation form: open at the end, kept when something is missing, counted once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from extensions import db
from models import EvaluationResponse, EvaluationSubmission, StudyInterval
from services.enrollments import get_study_for
from tests.completed import ANSWERS, pass_tests
from tests.factories import SLUG, complete_items, make_enrollment, make_person
from tests.site import Site

EVALUATION = f"/learn/{SLUG}/evaluation"
COMPLETION = f"/learn/{SLUG}/completion"


@pytest.fixture
def alice(app: Flask, site: Site) -> int:
    """The id of Alice, enrolled and logged in."""
    with app.app_context():
        person_id = make_enrollment(make_person()).enrollment.person_id
        db.session.commit()
    site.log_in("alice@example.org")
    return person_id


@pytest.fixture
def ready(app: Flask, alice: int) -> int:
    """Alice, with every item complete and every post-test passed."""
    with app.app_context():
        study = get_study_for(alice, SLUG)
        complete_items(study)
        pass_tests(study)
        db.session.commit()
    return alice


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def open_form(site: Site) -> tuple[str, str]:
    """The page and the token of its view."""
    page = str(site.get(EVALUATION, may_write=True).get_data(as_text=True))
    return page, page.split('name="token" value="')[1].split('"')[0]


def test_the_form_asks_every_question(site: Site, ready: int) -> None:
    page, _ = open_form(site)
    for words in (
        "Course evaluation",
        "How well were you enabled to meet each objective?",
        "1. Identify a test",
        "3. Apply a third test",
        "Very well",
        "too slow",
        "Anything you would like to add?",
        "(optional)",
        "Submit evaluation",
    ):
        assert words in page, words


def test_submitting_completes_the_course(app: Flask, site: Site, ready: int) -> None:
    _, token = open_form(site)
    response = site.post(EVALUATION, {**ANSWERS, "token": token})
    assert response.status_code == 303
    assert response.headers["Location"].endswith(COMPLETION)
    assert "Issue my certificate" in site.follow(response).get_data(as_text=True)
    with app.app_context():
        stored = db.session.scalars(select(EvaluationResponse)).one()
        assert stored.answers == {
            "objectives-1": "5",
            "objectives-2": "4",
            "objectives-3": "3",
            "pace": "right",
        }
        assert get_study_for(ready, SLUG).enrollment.completed_at is not None


def test_a_double_click_counts_once(app: Flask, site: Site, ready: int) -> None:
    _, token = open_form(site)
    for _ in range(2):
        assert site.post(EVALUATION, {**ANSWERS, "token": token}).status_code == 303
    assert (count(app, EvaluationSubmission), count(app, EvaluationResponse)) == (1, 1)
    assert site.get(EVALUATION).headers["Location"].endswith(COMPLETION)


def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    app: Flask, site: Site, ready: int
) -> None:
    _, token = open_form(site)
    typed = {**ANSWERS, "pace": "", "comments": "Kept <b>words</b>", "token": token}
    response = site.post(EVALUATION, typed)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert 'href="#pace-1"' in page, "the summary leads to the first radio button"
    assert page.count("Choose an answer: The pace was") == 1, "in the summary"
    assert "Choose an answer.<" in page, "at the field, below the question"
    assert "Kept &lt;b&gt;words&lt;/b&gt;" in page
    assert 'id="objectives-1-5" name="objectives-1" value="5" checked' in page
    assert f'name="token" value="{token}"' in page, "time counts from the first page"
    assert 'id="recorded-time"' in page, "and goes on being recorded on this one"
    assert (count(app, EvaluationSubmission), count(app, EvaluationResponse)) == (0, 0)


def test_an_empty_form_names_every_required_question(site: Site, ready: int) -> None:
    page = site.post(EVALUATION, {}).get_data(as_text=True)
    for target in ("objectives-1-1", "objectives-2-1", "objectives-3-1", "pace-1"):
        assert f'href="#{target}"' in page, target
    assert 'href="#comments"' not in page


def test_values_that_were_not_offered_are_refused(app: Flask, site: Site, ready: int) -> None:
    response = site.post(EVALUATION, {**ANSWERS, "objectives-1": "6", "pace": "9"})
    assert response.status_code == 422
    assert count(app, EvaluationResponse) == 0


@pytest.mark.parametrize("done", ["nothing", "items"])
def test_it_is_closed_before_its_time(app: Flask, site: Site, alice: int, done: str) -> None:
    if done == "items":
        with app.app_context():
            complete_items(get_study_for(alice, SLUG))
            db.session.commit()
    assert site.get(EVALUATION, may_write=True).status_code == 409
    assert site.post(EVALUATION, dict(ANSWERS)).status_code == 409
    assert count(app, EvaluationSubmission) == 0


def test_visitors_log_in_and_strangers_find_nothing(app: Flask, site: Site, ready: int) -> None:
    visitor = Site(app)
    assert visitor.get(EVALUATION).headers["Location"].endswith(f"/login?next={EVALUATION}")
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    visitor.log_in("dave@example.org")
    assert visitor.get(EVALUATION, may_write=True).status_code == 404
    assert visitor.post(EVALUATION, dict(ANSWERS)).status_code == 404
    assert count(app, EvaluationSubmission) == 0


def test_the_time_of_a_form_without_scripts_is_recorded(
    app: Flask, site: Site, ready: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = open_form(site)
    later = clock.now() + timedelta(minutes=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    site.post(EVALUATION, {**ANSWERS, "pace": "", "token": token})
    assert count(app, StudyInterval) == 0, "nothing is credited by a form that is not accepted"
    site.post(EVALUATION, {**ANSWERS, "token": token})
    with app.app_context():
        interval = db.session.scalars(select(StudyInterval)).one()
        assert interval.evidence == "open-finish"
        assert timedelta(minutes=3) < interval.ended_at - interval.started_at


def test_a_forged_view_is_refused(app: Flask, site: Site, ready: int) -> None:
    _, token = open_form(site)
    assert site.post(EVALUATION, {**ANSWERS, "token": token + "x"}).status_code == 404
    assert count(app, EvaluationSubmission) == 0
