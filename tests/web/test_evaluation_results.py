"""Results of evaluations: from five on, without names, for those who answer for the course."""

import secrets

import pytest
from sqlalchemy import select

from extensions import db
from models import EvaluationAction, EvaluationResponse
from services import editions
from tests.completed import ANSWERS
from tests.factories import SLUG, make_administrator, make_instructor, make_person
from tests.site import Site

PAGE = f"/instructor/courses/{SLUG}/evaluation"


def add(site: Site, count: int, month: str, **answers: str) -> None:
    with site.app.app_context():
        edition_id = editions.get_current_outline(SLUG).edition_id
        for _ in range(count):
            db.session.add(
                EvaluationResponse(
                    key=secrets.token_hex(16),
                    edition_id=edition_id,
                    month=month,
                    answers={**ANSWERS, **answers},
                )
            )
        db.session.commit()


@pytest.fixture
def bob(site: Site) -> Site:
    with site.app.app_context():
        make_instructor()
        make_administrator()
        make_person("other@example.org", is_instructor=True)
        db.session.commit()
    site.log_in("bob@example.org")
    return site


def text_of(site: Site, path: str) -> str:
    return site.get(path).get_data(as_text=True)


def test_four_are_too_few_and_five_are_shown(bob: Site) -> None:
    add(bob, 4, "2026-10", comments="A secret wish")
    page = text_of(bob, PAGE)
    assert "Too few evaluations to show" in page
    assert "A secret wish" not in page
    assert "A secret wish" not in text_of(bob, f"{PAGE}?format=csv")
    add(bob, 1, "2026-10")
    page = text_of(bob, PAGE)
    assert "5 evaluations" in page
    assert "A secret wish" in page
    assert '<td class="cell-number">5.00</td>' in page


def test_who_would_stand_out_waits_for_others(bob: Site) -> None:
    add(bob, 6, "2026-03")
    add(bob, 1, "2026-10", comments="Only mine")
    for query in ("", "?period=2026", "?period=2026-Q1"):
        page = text_of(bob, PAGE + query)
        assert "6 evaluations" in page, query
        assert "Only mine" not in page, query
    assert '<option value="2026-Q4"' not in page
    assert "Only mine" not in text_of(bob, f"{PAGE}?format=csv")
    add(bob, 4, "2026-11")
    assert "6 evaluations" in text_of(bob, f"{PAGE}?period=2026-Q1")
    assert "5 evaluations" in text_of(bob, f"{PAGE}?period=2026-Q4")
    assert "11 evaluations" in text_of(bob, f"{PAGE}?period=never&edition=x")


def test_fifty_of_many_comments_are_shown_and_all_are_in_the_csv(bob: Site) -> None:
    add(bob, 53, "2026-10", comments="Well made")
    page = text_of(bob, PAGE)
    assert "50 of the latest of 53. All are in the CSV file." in page
    assert page.count("Well made") == 50
    assert text_of(bob, f"{PAGE}?format=csv").count("Well made") == 53


def test_the_csv_has_the_distribution(bob: Site) -> None:
    add(bob, 5, "2026-10")
    table = text_of(bob, f"{PAGE}?format=csv")
    assert "5 Very well,5,5,5.00" in table


def test_what_was_done_is_noted_once_and_shown(bob: Site) -> None:
    typed = {"text": "We shortened unit 2.", "intent": "one"}
    assert bob.post(PAGE, typed).status_code == 303
    assert bob.post(PAGE, typed).status_code == 303
    assert text_of(bob, PAGE).count("We shortened unit 2.") == 1
    assert bob.post(PAGE, {"text": " "}).status_code == 422
    with bob.app.app_context():
        assert len(db.session.scalars(select(EvaluationAction)).all()) == 1


def test_only_those_who_answer_for_the_course_see_results(bob: Site) -> None:
    with bob.app.app_context():
        make_person()
        db.session.commit()
    add(bob, 5, "2026-10")
    for email, status in (
        ("carol@example.org", 200),
        ("other@example.org", 404),
        ("alice@example.org", 403),
    ):
        bob.client.delete_cookie("session")
        bob.log_in(email)
        assert bob.get(PAGE, may_write=True).status_code == status
        assert bob.get(f"{PAGE}?format=csv", may_write=True).status_code == status
