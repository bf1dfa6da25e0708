"""The framed panel of pages without scripts: always 200, it records, pauses, and asks."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import clock
from extensions import db
from models import Accommodation, Enrollment, StudyInterval
from services import accounts, time_record
from tests.factories import SLUG, make_enrollment, make_person
from tests.site import Site

HOME = f"/learn/{SLUG}"
FIRST = f"{HOME}/units/1/the-first-reading"


@pytest.fixture
def alice(app: Flask, site: Site) -> int:
    with app.app_context():
        person_id = make_enrollment(make_person()).enrollment.person_id
        db.session.commit()
    site.log_in("alice@example.org")
    return person_id


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Sets the clock to so many seconds after the start of the test."""
    start = clock.now()

    def set_clock(seconds: float) -> None:
        instant = start + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: instant)

    set_clock(0)
    return set_clock


def panel_of(page: str) -> str:
    """The address of the frame in a page."""
    return re.search(r'<iframe[^>]* src="([^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]


def action_of(page: str) -> str:
    return re.search(r'id="panel-action" href="([^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]


def open_panel(site: Site) -> str:
    return panel_of(site.get(FIRST).get_data(as_text=True))


def intervals(app: Flask) -> list[tuple[str, int, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(StudyInterval).order_by(StudyInterval.id)).all()
        return [
            (
                row.evidence,
                int((row.ended_at - row.started_at).total_seconds()),
                row.closed_at is None,
            )
            for row in rows
        ]


def test_reloads_of_the_panel_record_the_time_of_an_open_page(
    app: Flask, site: Site, alice: int, later
) -> None:  # type: ignore[no-untyped-def]
    address = open_panel(site)
    for second in (0, 60, 120):
        later(second)
        response = site.get(address, may_write=True)
        assert (response.status_code, response.headers["Refresh"]) == (200, "60")
    assert "2 min" in response.get_data(as_text=True)
    assert intervals(app) == [("page", 120, True)]
    later(800)
    site.get(address, may_write=True)
    assert intervals(app) == [("page", 120, False), ("page", 0, True)], "a sleep earns nothing"


def test_only_the_pages_that_need_it_may_hold_frames(site: Site, alice: int) -> None:
    holds, panel = site.get(FIRST), site.get(open_panel(site), may_write=True)
    home = site.get(HOME)
    policies = [r.headers["Content-Security-Policy"] for r in (holds, panel, home)]
    assert ["frame-src 'self'" in policy for policy in policies] == [True, False, False]
    assert ["frame-ancestors 'self'" in policy for policy in policies] == [False, True, False]
    assert all("frame-ancestors" in policy for policy in policies)


def test_paused_is_an_address_of_its_own_that_earns_nothing(
    app: Flask, site: Site, alice: int, later
) -> None:  # type: ignore[no-untyped-def]
    address = open_panel(site)
    page = site.get(address, may_write=True).get_data(as_text=True)
    later(30)
    paused = site.get(action_of(page), may_write=True)
    assert paused.status_code == 200
    assert "Refresh" not in paused.headers
    assert "Recording is paused" in paused.get_data(as_text=True)
    later(70)
    site.get(action_of(page), may_write=True)
    assert intervals(app) == [("page", 30, False)], "loading the paused panel again earns nothing"
    later(80)
    site.get(action_of(paused.get_data(as_text=True)), may_write=True)
    later(140)
    site.get(address, may_write=True)
    assert intervals(app) == [("page", 30, False), ("page", 60, True)]


def test_after_the_items_minutes_without_an_action_it_asks(
    app: Flask, site: Site, alice: int, later
) -> None:  # type: ignore[no-untyped-def]
    address = open_panel(site)
    minutes = 20
    for second in range(0, minutes * 60 + 61, 60):
        later(second)
        response = site.get(address, may_write=True)
    assert "I am still here" in response.get_data(as_text=True)
    assert response.headers["Refresh"] == "60"
    assert intervals(app) == [("page", minutes * 60, True)]
    here = action_of(response.get_data(as_text=True))
    later(minutes * 60 + 200)
    assert "is being recorded" in site.get(here, may_write=True).get_data(as_text=True)


def test_whoever_is_not_to_be_asked_is_never_asked(
    app: Flask, site: Site, alice: int, later
) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        granted = Accommodation(person_id=alice, asks_presence=False, granted_at=clock.now())
        db.session.add(granted)
        db.session.commit()
    later(1)
    page = site.get(FIRST).get_data(as_text=True)
    assert 'data-ask="off"' in page
    for second in (1, 30_000):
        later(second)
        response = site.get(panel_of(page), may_write=True)
    assert "I am still here" not in response.get_data(as_text=True)


def test_a_time_factor_lengthens_the_wait(app: Flask, site: Site, alice: int, later) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        db.session.add(Accommodation(person_id=alice, time_percent=200, granted_at=clock.now()))
        db.session.commit()
    later(1)
    address = open_panel(site)
    later(39 * 60)
    assert "I am still here" not in site.get(address, may_write=True).get_data(as_text=True)
    later(41 * 60)
    assert "I am still here" in site.get(address, may_write=True).get_data(as_text=True)


def test_an_expired_login_is_told_in_the_panel(site: Site, alice: int) -> None:
    address = open_panel(site)
    site.forget_login()
    response = site.get(address, may_write=True)
    page = response.get_data(as_text=True)
    assert (response.status_code, response.headers["Refresh"]) == (200, "60")
    assert f'href="/login?next={FIRST}" target="_top"' in page


def test_a_page_elsewhere_is_no_place_to_come_back_to(app: Flask) -> None:
    for page in ("//evil.example", "https://evil.example", "/\\evil.example"):
        found = Site(app).get(f"/time-panel?page={page}", may_write=True)
        assert 'href="/login?next=/learn"' in found.get_data(as_text=True)


@pytest.mark.parametrize(
    "address", ["/time-panel", "/time-panel?view=forged", "/time-panel/paused"]
)
def test_a_forged_panel_is_told_so_and_records_nothing(
    app: Flask, site: Site, alice: int, address: str
) -> None:
    response = site.get(address)
    assert (response.status_code, response.headers["Refresh"]) == (200, "60")
    assert "Load it again" in response.get_data(as_text=True)
    assert intervals(app) == []


def test_somebody_elses_panel_records_nothing(app: Flask, site: Site, alice: int) -> None:
    address = open_panel(site)
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    dave = Site(app)
    dave.log_in("dave@example.org")
    assert dave.get(address).status_code == 200
    assert intervals(app) == []


def test_trouble_is_told_in_words_and_the_chain_of_reloads_goes_on(
    app: Flask, site: Site, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = open_panel(site)

    def fail(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    for place, name in (
        (time_record, "record_sign"),
        (accounts, "find_identity"),
    ):
        with monkeypatch.context() as broken:
            broken.setattr(place, name, fail)
            response = site.get(address, may_write=True)
        assert (response.status_code, response.headers["Refresh"]) == (200, "60")
        assert "could not be recorded" in response.get_data(as_text=True)
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]


def test_a_complete_course_is_told_in_the_panel(app: Flask, site: Site, alice: int) -> None:
    address = open_panel(site)
    with app.app_context():
        enrollment = db.session.scalars(select(Enrollment)).one()
        enrollment.completed_at = clock.now()
        db.session.commit()
    response = site.get(address, may_write=True)
    assert response.status_code == 200
    assert "complete or ended" in response.get_data(as_text=True)
    assert intervals(app) == []


def test_the_pages_of_an_attempt_hold_the_panel(app: Flask, site: Site, alice: int, later) -> None:  # type: ignore[no-untyped-def]
    from services.enrollments import get_study_for
    from tests.factories import complete_items

    with app.app_context():
        complete_items(get_study_for(alice, SLUG), unit=1)
        db.session.commit()
    site.get(f"{HOME}/units/1/post-test")
    started = site.post(f"{HOME}/units/1/post-test", {"attempt": "1"})
    address = panel_of(site.follow(started).get_data(as_text=True))
    for second in (1, 61):
        later(second)
        page = site.get(address, may_write=True).get_data(as_text=True)
    assert "Unit 1: 1 min" in page
    assert intervals(app) == [("page", 60, True)]
