"""Confirming an enrollment, and my courses with what to do next."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

import clock
from extensions import db
from models import Course, Edition, Enrollment, EnrollmentKey
from services import editions
from services.enrollments import Study
from tests.factories import SLUG, complete_items, make_enrollment, make_key, make_person
from tests.site import Site

CONFIRM = f"/courses/{SLUG}/enrollment"
HOME = f"/learn/{SLUG}"
AFTER_ITS_LAST_DAY = datetime(2029, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def alice(site: Site) -> Site:
    """Alice's browser; she is logged in, and not enrolled."""
    with site.app.app_context():
        make_person()
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def test_a_visitor_logs_in_first_and_comes_back(site: Site) -> None:
    assert site.get(CONFIRM).headers["Location"] == f"/login?next={CONFIRM}"
    assert site.get("/learn").headers["Location"] == "/login?next=/learn"


def test_the_page_names_what_is_confirmed(alice: Site) -> None:
    page = alice.get(CONFIRM)
    assert page.status_code == 200
    for words in ("A Small Course", "edition 1", "Free", "365 days", "Confirm enrollment"):
        assert words in page.text
    assert 'href="/policies/refunds"' in page.text


def test_confirming_enrolls_and_leads_to_the_course(alice: Site) -> None:
    response = alice.post(CONFIRM)
    assert (response.status_code, response.headers["Location"]) == (303, HOME)
    assert "You are enrolled in A Small Course." in alice.get(HOME).text
    assert alice.post(CONFIRM).headers["Location"] == HOME, "a second click changes nothing"
    assert alice.get(CONFIRM).headers["Location"] == HOME
    assert _count(alice, Enrollment) == 1


def test_confirming_with_a_key_takes_a_seat(alice: Site) -> None:
    _make_key(alice, "ABCDEFGHJKLM")
    assert alice.post(CONFIRM, {"key": "abcd-efgh-jklm"}).status_code == 303
    with alice.app.app_context():
        assert db.session.scalars(select(EnrollmentKey.used)).one() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("WRONG-KEY", "This key does not open this course."),
        ("K" * 61, "An enrollment key has at most 60 characters."),
    ],
)
def test_a_bad_key_is_told_at_the_field(alice: Site, typed: str, words: str) -> None:
    refused = alice.post(CONFIRM, {"key": typed})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert '<a href="#key">' in refused.text
    assert words in refused.text.split('id="key-error"')[1]
    assert f'value="{typed}"' in refused.text
    assert _count(alice, Enrollment) == 0


def test_a_course_with_a_price_asks_for_a_key(alice: Site) -> None:
    _give_price(alice)
    page = alice.get(CONFIRM)
    assert "$48.00, paid by your enrollment key" in page.text
    assert "help@example.org" in page.text
    refused = alice.post(CONFIRM, {"key": " "})
    assert refused.status_code == 422
    assert "Enter your enrollment key." in refused.text.split('id="key-error"')[1]


@pytest.mark.usefixtures("standing_clock")
def test_guessing_keys_is_slowed_down(alice: Site) -> None:
    answers = [alice.post(CONFIRM, {"key": f"GUESS{n}"}).status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


def test_nobody_enrolls_after_the_last_day(alice: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with alice.client.session_transaction() as session:
        session["seen"] = int(AFTER_ITS_LAST_DAY.timestamp())
    monkeypatch.setattr(clock, "now", lambda: AFTER_ITS_LAST_DAY)
    assert alice.get(CONFIRM).status_code == 409
    assert alice.post(CONFIRM).status_code == 409
    assert _count(alice, Enrollment) == 0


def test_nobody_enrolls_in_what_is_not_offered(alice: Site) -> None:
    assert alice.get("/courses/none-such/enrollment").status_code == 404
    with alice.app.app_context():
        db.session.query(Course).one().archived_at = clock.now()
        db.session.commit()
    assert alice.get(CONFIRM).status_code == 404
    assert alice.post(CONFIRM).status_code == 404


def test_who_has_completed_it_is_warned_and_may_study_again(alice: Site) -> None:
    alice.post(CONFIRM)
    with alice.app.app_context():
        db.session.query(Enrollment).one().completed_at = clock.now()
        db.session.commit()
    assert "You have completed this course before" in alice.get(CONFIRM).text
    assert alice.post(CONFIRM).status_code == 303
    assert _count(alice, Enrollment) == 2
    assert alice.get("/learn").text.count("course-entry-title") == 1


def test_my_courses_without_any(alice: Site) -> None:
    assert "No course yet" in alice.get("/learn").text


def test_continue_leads_to_the_next_step(alice: Site) -> None:
    alice.post(CONFIRM)
    page = alice.get("/learn").text
    assert "0 of 3 items complete; 0 of 2 post-tests passed" in page
    assert f'href="{HOME}/units/1/the-first-reading"' in page
    assert ">Continue<" in page
    with alice.app.app_context():
        enrollment = db.session.query(Enrollment).one()
        complete_items(_study(enrollment), unit=1)
        db.session.commit()
    page = alice.get("/learn").text
    assert "2 of 3 items complete" in page
    assert f'href="{HOME}/units/1/post-test"' in page


def test_access_that_has_ended_is_said(site: Site) -> None:
    with site.app.app_context():
        make_enrollment(make_person(), access_until=clock.now() - timedelta(days=1))
        db.session.commit()
    site.log_in("alice@example.org")
    page = site.get("/learn").text
    assert "Your access has ended" in page
    assert "/units/" not in page


def test_my_courses_shows_nobody_elses(site: Site) -> None:
    with site.app.app_context():
        make_enrollment(make_person())
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    site.log_in("dave@example.org")
    assert "No course yet" in site.get("/learn").text


def _study(enrollment: Enrollment) -> Study:
    return Study(enrollment, editions.get_outline(enrollment.edition_id))


def _make_key(site: Site, code: str) -> None:
    with site.app.app_context():
        make_key(code)
        db.session.commit()


def _give_price(site: Site) -> None:
    """A second edition of the course, which has a price."""
    with site.app.app_context():
        present = db.session.query(Edition).one()
        columns = {c.name: getattr(present, c.name) for c in Edition.__table__.columns}
        priced = Edition(
            **{
                **columns,
                "id": None,
                "number": 2,
                "content_hash": "0" * 64,
                "price_cents": 4800,
                "facts": {**present.facts, "enrollment": ["key"]},
            }
        )
        db.session.add(priced)
        db.session.flush()
        db.session.query(Course).one().current_edition_id = priced.id
        db.session.commit()


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_whoever_has_to_make_an_account_first_comes_back_to_the_enrollment(site: Site) -> None:
    """Also by the link in the site's navigation, which a newcomer sees first."""
    login = site.follow(site.get(f"/courses/{SLUG}/enrollment")).text
    navigation = login.split('aria-label="Main"')[1].split("</nav>")[0]
    href = next(link for link in navigation.split('href="') if link.startswith("/register"))
    assert href.split('"')[0] == f"/register?next=/courses/{SLUG}/enrollment"
