"""The instructor's item analysis and answer key: what they show, and to whom."""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from domain import item_analysis
from extensions import db
from models import Person, Question, QuestionRuling
from tests.factories import make_administrator, make_instructor, make_person
from tests.site import Site
from tests.web.taking import browser_of_alice, take

HERE = "/instructor/courses/small-course"
PATHS = (f"{HERE}/analysis", f"{HERE}/answer-key", f"{HERE}/analysis/questions.csv")


@pytest.fixture
def bob(app: Flask) -> Site:
    with app.app_context():
        make_instructor()
        make_administrator()
        db.session.commit()
    browser = Site(app)
    browser.log_in("bob@example.org")
    return browser


@pytest.fixture
def alice(app: Flask, site: Site, bob: Site) -> Site:
    return browser_of_alice(app, site)


def question_id(site: Site, key: str) -> int:
    with site.app.app_context():
        return db.session.scalars(select(Question.id).where(Question.key == key)).one()


def test_the_queue_leads_to_analysis_and_key(bob: Site) -> None:
    text = bob.get("/instructor").get_data(as_text=True)
    assert f'href="{HERE}/analysis"' in text
    assert f'href="{HERE}/answer-key"' in text


def test_without_attempts_the_page_says_so(bob: Site) -> None:
    assert "No attempt has been submitted yet" in bob.get(PATHS[0]).get_data(as_text=True)


def test_figures_are_drawn_and_told(alice: Site, bob: Site) -> None:
    take(alice, right=True)
    text = bob.get(PATHS[0]).get_data(as_text=True)
    assert "1 submitted attempt of 1 learner" in text
    assert text.count('class="bar-drawing"') >= 3 + 3
    assert "100 % right" in text
    assert "point-biserial" in text
    assert "No question stands out" in text
    links = re.findall(rf'href="({HERE}/analysis/\d+)"', text)
    assert len(links) == 8
    page = bob.get(links[0]).get_data(as_text=True)
    assert "What was answered" in page
    assert "secret rationale" in page
    assert "1 of 1 (100 %), right" in page or "0 of 0" in page


@pytest.mark.parametrize("part", ["questions", "objectives", "answers"])
def test_the_numbers_can_be_taken_along(alice: Site, bob: Site, part: str) -> None:
    take(alice, right=True)
    response = bob.get(f"{HERE}/analysis/{part}.csv")
    assert response.mimetype == "text/csv"
    assert f"small-course-edition-1-{part}.csv" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == {"questions": 8, "objectives": 3}.get(part, len(rows))
    assert all(None not in row for row in rows)
    if part == "questions":
        assert {row["facility_percent"] for row in rows} == {"100.0", ""}
    if part == "answers":
        assert {row["right"] for row in rows} == {"yes", "no"}
    assert bob.get(f"{HERE}/analysis/everything.csv").status_code == 404


def test_flags_are_explained(alice: Site, bob: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_analysis, "LEAST_TO_JUDGE", 1)
    take(alice, right=True)
    text = bob.get(PATHS[0]).get_data(as_text=True)
    assert "Too easy" in text and "give itself away" in text
    link = re.search(rf'href="({HERE}/analysis/\d+)"', text)[1]  # type: ignore[index]
    assert "Too easy" in bob.get(link).get_data(as_text=True)


def test_an_administrator_is_led_to_voiding(alice: Site, bob: Site) -> None:
    page = f"{HERE}/analysis/{question_id(bob, 'one')}"
    assert "an administrator can void" in bob.get(page).get_data(as_text=True)
    carol = Site(bob.app)
    carol.log_in("carol@example.org")
    text = carol.get(page).get_data(as_text=True)
    assert f"/admin/questions/{question_id(bob, 'one')}/ruling" in text


def test_the_key_has_every_question_with_its_reasons(bob: Site) -> None:
    text = bob.get(PATHS[1]).get_data(as_text=True)
    for words in ("one", "two", "three", "four", "five", "six", "seven", "eight"):
        assert f"The secret rationale of {words}." in text
    assert "A book about testing" in text
    assert "Bob Instructor, PhD" in text
    assert "Belong to nothing:</span> Right three" in text
    assert "7</p>" in text
    assert text.count(">Right</span>") == 1 + 2 + 1 + 1


def test_the_key_says_what_is_void(bob: Site) -> None:
    with bob.app.app_context():
        ruling = QuestionRuling(
            question_id=question_id(bob, "one"),
            reason="Two are right.",
            decided_by_id=db.session.scalars(select(Person.id)).first(),
            decided_at=clock.now(),
        )
        db.session.add(ruling)
        db.session.commit()
    assert "Void: full credit for everyone.</strong> Two are right." in bob.get(PATHS[1]).text


@pytest.mark.parametrize("path", PATHS)
def test_who_may_see_it(alice: Site, bob: Site, path: str) -> None:
    assert alice.get(path, may_write=True).status_code == 403
    assert Site(bob.app).get(path).status_code == 303
    with bob.app.app_context():
        make_person("eve@example.org", "Eve Other", is_instructor=True)
        db.session.commit()
    eve = Site(bob.app)
    eve.log_in("eve@example.org")
    assert eve.get(path).status_code == 404
    carol = Site(bob.app)
    carol.log_in("carol@example.org")
    assert carol.get(path).status_code == 200
    assert bob.get(f"{path}?edition=7").status_code == 404
    assert bob.get(path.replace("small-course", "no-course")).status_code == 404
