"""Post-tests in the panel: granting attempts, voiding questions, and who may."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from extensions import db
from models import AttemptGrant, Enrollment, OutgoingMail, Question, QuestionRuling
from services import rulings
from tests.factories import make_administrator, make_instructor
from tests.site import Site
from tests.web.taking import START, begin, browser_of_alice, count, drawn_in, take

GRANT = {"unit": "1", "attempts": "1", "reason": "Her child was ill.", "intent": "one"}
REASON = "Two of the options are right."


@pytest.fixture
def alice(app: Flask, site: Site) -> Site:
    """Alice's browser; she has used all three attempts."""
    browser = browser_of_alice(app, site)
    for _ in range(3):
        take(browser, right=False)
    return browser


@pytest.fixture
def carol(app: Flask) -> Site:
    with app.app_context():
        make_administrator()
        db.session.commit()
    browser = Site(app)
    browser.log_in("carol@example.org")
    return browser


@pytest.fixture
def grants(alice: Site) -> str:
    with alice.app.app_context():
        return f"/admin/enrollments/{db.session.scalars(select(Enrollment.id)).one()}/attempts"


@pytest.fixture
def ruling(alice: Site) -> str:
    """The address at which the first question that Alice was asked is voided."""
    with alice.app.app_context():
        question = db.session.scalars(select(Question.id).order_by(Question.id)).first()
        return f"/admin/questions/{question}/ruling"


def test_the_panel_leads_from_who_is_stuck_to_another_attempt(
    alice: Site, carol: Site, grants: str
) -> None:
    text = carol.get("/admin/post-tests").get_data(as_text=True)
    assert "Alice Learner" in text
    assert f"{grants}?unit=1" in text
    text = carol.get(f"{grants}?unit=1").get_data(as_text=True)
    assert re.search(r'<option selected value="1"', text)
    assert carol.post(grants, GRANT).status_code == 303
    text = carol.get(grants).get_data(as_text=True)
    assert "Her child was ill." in text
    assert "1 used" not in text
    assert "3 used, 1 left of 4" in alice.get(START).get_data(as_text=True)
    assert begin(alice)
    assert "Nobody is stuck" in carol.get("/admin/post-tests").get_data(as_text=True)


def test_the_page_of_an_enrollment_leads_to_the_attempts(
    alice: Site, carol: Site, grants: str
) -> None:
    assert grants in carol.get(grants.removesuffix("/attempts")).get_data(as_text=True)


def test_a_double_click_grants_once(alice: Site, carol: Site, grants: str) -> None:
    assert carol.post(grants, GRANT).status_code == 303
    assert carol.post(grants, GRANT).status_code == 303
    assert count(alice, AttemptGrant) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("unit", "", "Choose a post-test."),
        ("unit", "9", "Not a valid choice."),
        ("attempts", "many", "as a whole number"),
        ("attempts", "0", "from 1 to 10 attempts"),
        ("attempts", "999999999999", "from 1 to 10 attempts"),
        ("reason", " ", "Write why"),
        ("reason", "x" * 501, "at most 500 characters"),
    ],
)
def test_a_wrong_grant_is_shown_back(
    alice: Site, carol: Site, grants: str, field: str, value: str, words: str
) -> None:
    response = carol.post(grants, {**GRANT, field: value})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "There is a problem" in text and words in text
    assert field == "reason" or "Her child was ill." in text
    assert count(alice, AttemptGrant) == 0


def test_a_question_is_voided_once_more_is_asked_for_the_reason(
    alice: Site, carol: Site, ruling: str
) -> None:
    text = carol.get(ruling).get_data(as_text=True)
    assert "This cannot be taken back" in text
    assert "secret rationale" in text
    for reason in ("", "Bad."):
        response = carol.post(ruling, {"reason": reason})
        assert response.status_code == 422
        assert "Say why the question is void" in response.get_data(as_text=True)
    assert count(alice, QuestionRuling) == 0
    assert carol.post(ruling, {"reason": REASON}).status_code == 303
    assert carol.post(ruling, {"reason": REASON}).status_code == 303
    assert count(alice, QuestionRuling) == 1
    text = carol.get(ruling).get_data(as_text=True)
    assert "This question is void" in text
    assert "Void this question" not in text
    assert REASON in carol.get("/admin/post-tests").get_data(as_text=True)


def test_the_learner_reads_why_it_was_graded_again(alice: Site, carol: Site, ruling: str) -> None:
    carol.post(ruling, {"reason": REASON})
    with alice.app.app_context():
        ruling_id = db.session.scalars(select(QuestionRuling.id)).one()
        regraded = rulings.regrade(ruling_id, "http://localhost", clock.now())
        mail = db.session.scalars(select(OutgoingMail.body)).first()
    assert regraded and mail
    path = re.search(r"http://localhost(/attempts/\d+/result)", mail)[1]  # type: ignore[index]
    text = alice.get(path).get_data(as_text=True)
    assert "Graded again" in text and REASON in text
    assert "secret rationale" not in text


def test_an_open_attempt_says_that_a_question_does_not_count(
    alice: Site, carol: Site, grants: str
) -> None:
    carol.post(grants, GRANT)
    attempt_id = begin(alice)
    drawn = drawn_in(alice, attempt_id)[0]
    carol.post(f"/admin/questions/{drawn.question_id}/ruling", {"reason": REASON})
    text = alice.get(f"/attempts/{attempt_id}/questions/1").get_data(as_text=True)
    assert "does not count any more" in text and REASON in text
    other = alice.get(f"/attempts/{attempt_id}/questions/2").get_data(as_text=True)
    assert "does not count any more" not in other


def test_what_is_not_there(carol: Site) -> None:
    for path in ("/admin/questions/999/ruling", "/admin/enrollments/999/attempts"):
        assert carol.get(path).status_code == 404
        assert carol.post(path, GRANT).status_code == 404


@pytest.mark.parametrize("who", ["learner", "instructor", "visitor"])
def test_only_administrators_may(alice: Site, grants: str, ruling: str, who: str) -> None:
    browser = alice
    if who == "instructor":
        with alice.app.app_context():
            make_instructor()
            db.session.commit()
        browser = Site(alice.app)
        browser.log_in("bob@example.org")
    elif who == "visitor":
        browser = Site(alice.app)
    refused = (302, 303) if who == "visitor" else (403,)
    for path in ("/admin/post-tests", grants, ruling):
        assert browser.get(path, may_write=True).status_code in refused
    for path in (grants, ruling):
        posted = browser.post(path, {**GRANT, "reason": REASON})
        assert posted.status_code == (401 if who == "visitor" else 403)
    assert count(alice, AttemptGrant) == count(alice, QuestionRuling) == 0
