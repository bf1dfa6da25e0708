"""A session that ends in the middle of a test or a message: log in, and what was typed is there."""

import re
from random import Random

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

import clock
from commands.demonstration import REFERENCE_COURSE
from domain.outline import Outline
from extensions import db
from models import Answer, AttemptQuestion, Message, Question
from services import accounts, attempts, editions
from tests.browser.conftest import Center
from tests.factories import PASSWORD, complete_items, make_enrollment, make_person

pytestmark = pytest.mark.browser
HOME = f"/learn/{REFERENCE_COURSE}"
WORDS = "How do I keep the alliance\n\nwith two parents who <b>disagree</b>?"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_answer_and_a_message_outlive_the_session(
    center: Center,
    new_context,
    scripts: bool,  # type: ignore[no-untyped-def]
) -> None:
    email = f"interrupted-{scripts}@example.org".lower()
    person_id, attempt_id, position = _prepare(center, email)
    page = new_context(scripts=scripts).new_page()
    page.goto("/login")
    _log_in(page, email)

    page.goto(f"/attempts/{attempt_id}/questions/{position}")
    _end_sessions(center, person_id)
    chosen = page.locator("form.question").get_by_role("radio").nth(1)
    chosen.check()
    if scripts:
        expect(page.get_by_role("status").first).to_contain_text("You are logged out")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("What you typed is safe")).to_be_visible()
    _log_in(page, email)
    expect(page.locator("form.question").get_by_role("radio").nth(1)).to_be_checked()
    assert _answers(center, attempt_id) == 0, "nothing is saved before the learner says so"
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(re.compile(rf"/questions/{position + 1}$|/review$"))
    assert _answers(center, attempt_id) == 1

    page.goto(f"{HOME}/questions")
    page.get_by_label("Your question", exact=True).fill(WORDS)
    _end_sessions(center, person_id)
    page.get_by_role("button", name="Send question").click()
    expect(page.get_by_text("What you typed is safe")).to_be_visible()
    _log_in(page, email)
    expect(page.get_by_text("with two parents who <b>disagree</b>?")).to_be_visible()
    page.get_by_role("button", name="Save what I typed").click()
    expect(page.get_by_text("Your question is sent.")).to_be_visible()
    assert _messages(center, person_id) == [WORDS]


def _prepare(center: Center, email: str) -> tuple[int, int, int]:
    """A learner with an open attempt; the position of a question with one right answer."""
    with center.app.app_context():
        outline: Outline = editions.get_current_outline(REFERENCE_COURSE)
        person = make_person(email, "Ivy Interrupted")
        study = make_enrollment(person, REFERENCE_COURSE)
        complete_items(study, unit=outline.units[0].number)
        attempt_id = attempts.open_attempt(study, 1, clock.now(), chance=Random(1)).id
        position = db.session.scalars(
            select(AttemptQuestion.position)
            .join(Question, Question.id == AttemptQuestion.question_id)
            .where(AttemptQuestion.attempt_id == attempt_id, Question.kind == "single")
            .order_by(AttemptQuestion.position)
        ).first()
        person_id = person.id
        db.session.commit()
        db.session.remove()
    assert position is not None
    return person_id, attempt_id, position


def _log_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def _end_sessions(center: Center, person_id: int) -> None:
    with center.app.app_context():
        accounts.end_all_sessions(person_id, clock.now())
        db.session.commit()
        db.session.remove()


def _answers(center: Center, attempt_id: int) -> int:
    with center.app.app_context():
        saved = select(Answer.position).where(Answer.attempt_id == attempt_id)
        found = list(db.session.scalars(saved))
        db.session.remove()
    return len(found)


def _messages(center: Center, person_id: int) -> list[str]:
    with center.app.app_context():
        found = list(db.session.scalars(select(Message.text).where(Message.author_id == person_id)))
        db.session.remove()
    return found
