"""The course home and the player: what a learner gets, and what a stranger does not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from extensions import db
from models import ItemCompletion, PageView, StudyInterval
from services.enrollments import get_study_for
from tests.factories import SLUG, complete_items, make_enrollment, make_person
from tests.site import Site

HOME = f"/learn/{SLUG}"
FIRST = f"{HOME}/units/1/the-first-reading"
SECOND_UNIT = f"{HOME}/units/2/the-third-reading"


@pytest.fixture
def alice(app: Flask, site: Site):  # type: ignore[no-untyped-def]
    """The id of Alice, who is enrolled and logged in."""
    with app.app_context():
        person_id = make_enrollment(make_person()).enrollment.person_id
        db.session.commit()
    site.log_in("alice@example.org")
    return person_id


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def token_of(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def test_the_course_home_shows_what_is_left(site: Site, alice) -> None:  # type: ignore[no-untyped-def]
    page = site.get(HOME).get_data(as_text=True)
    assert "What is left before my certificate" in page
    assert "Cannot start yet" in page
    assert FIRST in page
    assert f'href="{SECOND_UNIT}"' not in page, "a unit that is not open is no link"


@pytest.mark.parametrize("path", [HOME, FIRST, f"{HOME}/time"])
def test_a_visitor_is_asked_to_log_in_and_comes_back(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code in (302, 303)
    assert response.headers["Location"].endswith(f"/login?next={path}")


@pytest.mark.parametrize("path", [HOME, FIRST, f"{HOME}/time", f"{HOME}/enrollments/1/time"])
def test_a_stranger_finds_nothing(app: Flask, site: Site, alice, path: str) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    other = Site(app)
    other.log_in("dave@example.org")
    assert other.get(path).status_code == 404


def test_an_item_shows_its_text_and_opening_it_writes_nothing(
    app: Flask, site: Site, alice
) -> None:  # type: ignore[no-untyped-def]
    response = site.get(FIRST)
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "<em>carefully</em>" in page
    assert "Mark as complete" in page
    assert count(app, PageView) == 0


def test_an_item_of_a_closed_unit_is_refused(site: Site, alice) -> None:  # type: ignore[no-untyped-def]
    response = site.get(SECOND_UNIT)
    assert response.status_code == 409
    assert "unit 1 is finished" in response.get_data(as_text=True)


@pytest.mark.parametrize("path", [f"{HOME}/units/1/nothing", f"{HOME}/units/9/the-first-reading"])
def test_what_does_not_exist_is_not_found(site: Site, alice, path: str) -> None:  # type: ignore[no-untyped-def]
    assert site.get(path).status_code == 404


def test_marking_complete_twice_counts_once(app: Flask, site: Site, alice) -> None:  # type: ignore[no-untyped-def]
    token = token_of(site.get(FIRST).get_data(as_text=True))
    for _ in range(2):
        response = site.post(FIRST, {"token": token, "action": "complete"})
        assert response.status_code == 303
    assert count(app, ItemCompletion) == 1


def test_next_goes_on_and_credits_the_time_of_a_page_without_signs(
    app: Flask,
    site: Site,
    alice,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    opened = clock.now()
    monkeypatch.setattr(clock, "now", lambda: opened)
    token = token_of(site.get(FIRST).get_data(as_text=True))
    later = opened + timedelta(minutes=7)
    monkeypatch.setattr(clock, "now", lambda: later)
    response = site.post(FIRST, {"token": token, "action": "next"})
    assert response.headers["Location"].endswith("/units/1/the-second-reading")
    with app.app_context():
        interval = db.session.scalars(select(StudyInterval)).one()
        assert interval.evidence == "open-finish"
        credited = interval.ended_at - interval.started_at
        assert timedelta(minutes=6) < credited <= timedelta(minutes=7)


def test_a_sign_is_answered_with_the_region_and_a_forged_token_with_nothing(
    app: Flask,
    site: Site,
    alice,  # type: ignore[no-untyped-def]
) -> None:
    token = token_of(site.get(FIRST).get_data(as_text=True))
    response = site.post("/beats", {"token": token, "seq": "1"}, htmx=True)
    assert response.status_code == 200
    assert 'id="recorded-time"' in response.get_data(as_text=True)
    assert site.post("/beats", {"token": token + "x", "seq": "2"}).status_code == 404
    assert site.post("/beats", {"token": token, "seq": "minus one"}).status_code == 422
    again = site.post("/beats", {"token": token, "seq": "3"}, htmx=True)
    assert again.status_code in (200, 429), "the page's first token still names the same view"
    assert count(app, StudyInterval) == count(app, PageView) == 1


def test_another_person_cannot_use_my_token(app: Flask, site: Site, alice) -> None:  # type: ignore[no-untyped-def]
    token = token_of(site.get(FIRST).get_data(as_text=True))
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    other = Site(app)
    other.log_in("dave@example.org")
    assert other.post("/beats", {"token": token, "seq": "1"}).status_code == 404
    assert count(app, StudyInterval) == 0


def test_after_an_expired_session_a_sign_is_refused_in_one_word(site: Site, alice) -> None:  # type: ignore[no-untyped-def]
    token = token_of(site.get(FIRST).get_data(as_text=True))
    site.forget_login()
    assert site.post("/beats", {"token": token, "seq": "1"}, htmx=True).status_code == 401


def test_the_second_unit_opens_only_after_the_first_test(app: Flask, site: Site, alice) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        complete_items(get_study_for(alice, SLUG), unit=1)
        db.session.commit()
    assert site.get(SECOND_UNIT).status_code == 409
    assert f"{HOME}/units/1/post-test" in site.get(HOME).get_data(as_text=True)


def test_after_access_has_ended_the_record_stays(app: Flask, site: Site) -> None:
    with app.app_context():
        make_enrollment(make_person(), access_until=clock.now() - timedelta(days=1))
        db.session.commit()
    site.log_in("alice@example.org")
    assert site.get(FIRST).status_code == 409
    assert site.get(HOME).status_code == 200
    assert site.get(f"{HOME}/time").status_code == 200
