"""A whole timed attempt, of every kind of question, by keyboard and by what a screen reader reads.

The tree of names, roles and states is Chromium's own; with scripts and without.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from extensions import db
from tests.browser.conftest import Center
from tests.browser.learner import as_text
from tests.browser.post_test_states import TIMED, publish_every_kind
from tests.browser.test_keyboard import Keyboard, answer_one
from tests.factories import PASSWORD, complete_items, make_enrollment, make_person
from tests.right_answers import Drawn, list_drawn

pytestmark = pytest.mark.browser

START = f"/learn/{TIMED}/units/1/post-test"
ROLES = {
    "single": "radio",
    "multiple": "checkbox",
    "short": "textbox",
    "number": "textbox",
    "matching": "combobox",
    "ordering": "textbox",
}


@pytest.fixture(scope="module")
def course(center: Center, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A course with a time limit whose first post-test asks one question of every kind."""
    with center.app.app_context():
        media = center.settings.media_folder
        slug = publish_every_kind(media, tmp_path_factory.mktemp("course"))
        db.session.commit()
        db.session.remove()
    return slug


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_whole_attempt_by_keyboard_and_by_ear(
    center: Center, course: str, new_context: Callable[..., BrowserContext], scripts: bool
) -> None:
    page = new_context(scripts=scripts).new_page()
    log_in(page, make_learner(center, course, f"ear-{scripts}@example.org".lower()))
    keyboard = Keyboard(page)
    page.goto(START)
    start = tree(page)
    assert '- heading "Post-test of every kind" [level=1]' in start
    assert "30 min from the start" in start
    assert "The test board allows thirty minutes for each." in start
    keyboard.press("Start post-test")
    drawn = list_questions(center, page)
    assert sorted(q.kind for q in drawn) == sorted([*ROLES, "single"])
    for question in drawn:
        hear_question(page, question, len(drawn))
        if question.kind == "number":
            hear_what_is_wrong(keyboard, scripts)
        answer_one(keyboard, question.kind, question.body)
        hear_answer(page, question, scripts)
        if question.position == 1:
            hear_time(keyboard, scripts)
        keyboard.press("Save and continue")
    hear_review(page, len(drawn))
    keyboard.press("Submit answers")
    hear_result(page, len(drawn))


def hear_question(page: Page, question: Drawn, total: int) -> None:
    """One heading, one group named by number and question, every control with its name and role."""
    heard = tree(page)
    assert f"question {question.position} of {total}" in heard.split("[level=1]")[0]
    assert re.search(rf'- group "Question {question.position} of {total} \S', heard), heard
    for name in names_of(question):
        assert f'- {ROLES[question.kind]} "{name}"' in heard, heard
    assert "[checked]" not in heard
    assert '- button "Save and continue"' in heard
    assert ('- button "Previous question"' in heard) == (question.position > 1)
    assert "closes on" in heard


def hear_answer(page: Page, question: Drawn, scripts: bool) -> None:
    """What was answered is a state of its control; with scripts, saving is announced."""
    if scripts:
        page.keyboard.press("Tab")
        expect(page.get_by_role("status")).to_contain_text(re.compile(r"^Saved at \d+:\d\d [AP]M"))
    heard = tree(page)
    if question.kind in ("single", "multiple"):
        for index in question.body["right"]:
            name = as_text(question.body["options"][index]["html"])
            assert f'- {ROLES[question.kind]} "{name}" [checked]' in heard, heard
        assert heard.count("[checked]") == len(question.body["right"])
    elif question.kind == "matching":
        rights = [question.body["rights"][index] for index in question.body["right"]]
        assert all(f'- option "{right}" [selected]' in heard for right in rights), heard
    elif question.kind == "ordering":
        for place, step in enumerate(question.body["steps"], start=1):
            assert re.search(rf'- textbox "{step}": "?{place}"?', heard), heard


def hear_what_is_wrong(keyboard: Keyboard, scripts: bool) -> None:
    """A wrong answer is told first, leads to its field, and stays as it was typed."""
    page = keyboard.page
    keyboard.fill("Your answer", "twelve")
    keyboard.press("Save and continue")
    assert page.title().startswith("Error: ")
    heard = tree(page)
    assert '- heading "There is a problem" [level=2]' in heard
    assert '- link "Write a number in figures, such as 12 or 3.5."' in heard
    assert heard.index("There is a problem") < heard.index("[level=1]")
    assert '- textbox "Your answer, a number": twelve' in heard
    field = page.get_by_role("textbox", name="Your answer, a number")
    field.focus()
    field.fill("")
    page.evaluate("() => document.getElementById('error-summary').focus()")


def hear_time(keyboard: Keyboard, scripts: bool) -> None:
    """The clock time always; with scripts a silent countdown, to be hidden or asked for."""
    page = keyboard.page
    timer = page.get_by_role("timer", name="Time left")
    if not scripts:
        assert timer.count() == 0
        assert page.get_by_role("button", name="Announce time left").count() == 0
        return
    assert timer.get_attribute("aria-live") == "off"
    before = timer.inner_text()
    expect(timer).not_to_have_text(before)
    assert "Saved" in page.get_by_role("status").inner_text(), "ticking must not be announced"
    keyboard.go_to("Hide time left")
    page.keyboard.press("Enter")
    expect(timer).to_be_hidden()
    assert page.evaluate("() => document.activeElement.innerText") == "Show time left"
    keyboard.go_to("Announce time left")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(
        re.compile(r"^2\d minutes( \d+ seconds?)? left\.$")
    )
    keyboard.go_to("Show time left", key="Shift+Tab")
    page.keyboard.press("Space")
    expect(timer).to_be_visible()
    page.locator("h1").evaluate("h => { h.tabIndex = -1; h.focus(); }")


def hear_review(page: Page, total: int) -> None:
    """Every question, answered, with a link whose name says which."""
    heard = tree(page)
    assert '- heading "Review your answers" [level=1]' in heard
    assert f"{total} of {total} questions answered" in heard
    for number in range(1, total + 1):
        assert f'- link "Change question {number}"' in heard
    assert "Unanswered" not in heard
    assert '- button "Submit answers"' in heard


def hear_result(page: Page, total: int) -> None:
    heard = tree(page)
    assert '- heading "Passed" [level=2]' in heard
    assert f"{total} of {total} is 100 %." in heard
    assert heard.count("Correct") >= total
    assert "Cats meow and dogs bark." in heard
    assert '- link "Continue to the course home"' in heard


def tree(page: Page) -> str:
    """The main part as a screen reader has it."""
    return page.locator("main").aria_snapshot()


def names_of(question: Drawn) -> list[str]:
    """The names of a question's controls."""
    body = question.body
    if question.kind in ("single", "multiple"):
        return [as_text(option["html"]) for option in body["options"]]
    if question.kind == "matching":
        return list(body["lefts"])
    if question.kind == "ordering":
        return list(body["steps"])
    return ["Your answer, a number" if question.kind == "number" else "Your answer"]


def list_questions(center: Center, page: Page) -> list[Drawn]:
    attempt_id = int(page.url.split("/attempts/")[1].split("/")[0])
    with center.app.app_context():
        drawn = list_drawn(attempt_id)
        db.session.remove()
    return drawn


def make_learner(center: Center, slug: str, email: str) -> str:
    with center.app.app_context():
        complete_items(make_enrollment(make_person(email, "Erin Ear"), slug), unit=1)
        db.session.commit()
        db.session.remove()
    return email


def log_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/learn")
