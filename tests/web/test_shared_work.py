"""What pages have in common is done once, and nobody sees what is another's."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

import clock
from extensions import db
from services import provider, publishing
from tests.conftest import TEST_COURSE
from tests.factories import SLUG, complete_items, make_enrollment, make_person
from tests.site import Site

ITEM = f"/learn/{SLUG}/units/1/the-first-reading"
PLAYER_STATEMENTS = 5
COURSE_STATEMENTS = 4


@pytest.fixture
def learners(app: Flask) -> tuple[Site, Site]:
    """Alice, who has completed unit 1's items, and Dave, who has not; each in a browser."""
    with app.app_context():
        complete_items(make_enrollment(make_person()), unit=1)
        make_enrollment(make_person("dave@example.org", "Dave Stranger"))
        db.session.commit()
    alice, dave = Site(app), Site(app)
    alice.log_in("alice@example.org")
    dave.log_in("dave@example.org")
    return alice, dave


def token_of(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


@pytest.mark.parametrize("path", [ITEM, f"/learn/{SLUG}", f"/courses/{SLUG}"])
def test_two_learners_never_see_each_others_things(learners: tuple[Site, Site], path: str) -> None:
    alice, dave = learners
    for _ in range(2):
        hers, his = alice.get(path).text, dave.get(path).text
        assert "Alice Learner" in hers
        assert "Dave Stranger" not in hers
        assert "Dave Stranger" in his
        assert "Alice Learner" not in his
        assert alice.token != dave.token
        assert alice.token not in his
        assert dave.token not in hers


def test_what_is_done_is_each_learners_own(learners: tuple[Site, Site]) -> None:
    alice, dave = learners
    for _ in range(2):
        hers, his = alice.get(ITEM).text, dave.get(ITEM).text
        assert "Mark as complete" not in hers
        assert "Mark as complete" in his
        assert ">Complete<" in hers
        assert ">Complete<" not in his
        assert token_of(hers) != token_of(his)


def test_a_page_changes_when_its_learner_goes_on(learners: tuple[Site, Site]) -> None:
    dave = learners[1]
    page = dave.get(ITEM).text
    dave.post(ITEM, {"token": token_of(page), "action": "complete"})
    assert "Mark as complete" not in dave.get(ITEM).text


def test_a_visitor_gets_nothing_of_who_came_before(app: Flask, learners: tuple[Site, Site]) -> None:
    for site in learners:
        site.get(f"/courses/{SLUG}")
    page = Site(app).get(f"/courses/{SLUG}").text
    assert "Enroll<" in page
    assert "You are enrolled" not in page
    assert "csrf_token" not in page


def test_a_cookie_is_checked_also_after_a_like_one_was_good(learners: tuple[Site, Site]) -> None:
    alice = learners[0]
    assert alice.get(ITEM).status_code == 200
    cookie = alice.client.get_cookie("session")
    assert cookie is not None
    value = cookie.value
    alice.client.set_cookie("session", value[:-2] + ("AA" if value[-2:] != "AA" else "BB"))
    assert alice.get(ITEM).status_code == 303
    alice.client.set_cookie("session", value)
    assert alice.get(ITEM).status_code == 200


def test_signing_out_acts_at_once(app: Flask, learners: tuple[Site, Site]) -> None:
    alice = learners[0]
    assert alice.get(ITEM).status_code == 200
    with app.app_context():
        db.session.execute(db.text("UPDATE login_session SET revoked_at = started_at"))
        db.session.commit()
    assert alice.get(ITEM).status_code == 303


def test_a_new_edition_shows_at_once(app: Flask, site: Site, tmp_path: Path) -> None:
    assert "<h1>A Small Course</h1>" in site.get(f"/courses/{SLUG}").text
    folder = tmp_path / SLUG
    shutil.copytree(TEST_COURSE, folder)
    facts = (folder / "course.yaml").read_text()
    (folder / "course.yaml").write_text(facts.replace("A Small Course", "A Better Course"))
    with app.app_context():
        publishing.publish_course(folder, app.config["SETTINGS"].media_folder, clock.now())
        db.session.commit()
    assert "<h1>A Better Course</h1>" in site.get(f"/courses/{SLUG}").text


def test_a_changed_provider_shows_after_ten_seconds(
    app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.get(f"/courses/{SLUG}")
    with app.app_context():
        db.session.execute(db.text("UPDATE provider SET name = 'The New Center'"))
        db.session.commit()
    monkeypatch.setattr(provider, "REMEMBERED_S", 0.0)
    assert "The New Center" in site.get(f"/courses/{SLUG}").text


@pytest.mark.parametrize(
    ("path", "most"), [(ITEM, PLAYER_STATEMENTS), (f"/courses/{SLUG}", COURSE_STATEMENTS)]
)
def test_a_page_asks_the_database_a_few_times(
    app: Flask, site: Site, count_statements: Callable, path: str, most: int
) -> None:
    make_enrollment(make_person())
    db.session.commit()
    if path == ITEM:
        site.log_in("alice@example.org")
    site.get(path)
    with count_statements() as statements:
        assert site.get(path).status_code == 200
    asked = [one for one in statements if re.match(r"\s*(SELECT|WITH|INSERT|UPDATE)", one)]
    assert len(asked) <= most, asked
