"""The learner's path by keyboard alone, with a visible focus at every stop."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from extensions import db
from models import AttemptQuestion, Question
from tests.browser.conftest import Center
from tests.browser.learner import PASSWORD, as_text

pytestmark = pytest.mark.browser

GUIDE = "finding-your-way-around-this-learning-center"
MOST_STOPS = 80
FOCUSED = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
  const style = getComputedStyle(e);
  return {
    words: (e.getAttribute("aria-label") || label || e.innerText || e.value || "").trim(),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    body: e === document.body || e.tagName === "IFRAME",  // focus inside a frame shows there
  };
}"""


class Keyboard:
    """Somebody who uses no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, words: str, *, key: str = "Tab") -> None:
        """Press Tab until the focus is on what begins with these words."""
        stops = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press(key)
            here = self.page.evaluate(FOCUSED)
            if here["body"]:
                continue
            assert here["outlined"], f"no visible focus on {here['words']!r} of {self.page.url}"
            stops.append(here["words"])
            if here["words"].startswith(words):
                return
        raise AssertionError(f"{words!r} is not reached on {self.page.url}: {stops}")

    def press(self, words: str) -> None:
        self.go_to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self.go_to(label)
        self.page.keyboard.type(text)

    def choose(self, words: str) -> None:
        """Choose an option of a group: Tab into it, then arrows, then the space bar."""
        radio = self.page.get_by_role("radio", name=words, exact=True)
        if radio.count():
            self._to_group("radio")
            for _ in range(12):
                if radio.is_checked():
                    return
                self.page.keyboard.press("ArrowDown")
            self.page.keyboard.press("Space")
            return
        self.go_to(words)
        self.page.keyboard.press("Space")

    def _to_group(self, kind: str) -> None:
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("() => document.activeElement.type") == kind:
                self.page.keyboard.press("Space")
                return
        raise AssertionError(f"no {kind} is reached")


def test_skip_link_is_first_and_works(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["words"] == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_path_by_keyboard(center: Center, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    keyboard = Keyboard(page)
    page.goto(f"/courses/{GUIDE}")
    keyboard.press("Enroll")
    keyboard.press("Create account")
    keyboard.fill("Your name as on your license", "Kim Keyboard")
    keyboard.fill("E-mail address", "kim@example.org")
    keyboard.fill("Password", PASSWORD)
    keyboard.press("Create account")
    page.goto(f"/courses/{GUIDE}/enrollment")
    keyboard.press("Confirm enrollment")
    keyboard.press("Continue")
    while not page.url.endswith("/post-test"):
        keyboard.press("Mark as complete")
        keyboard.press("Next")
    keyboard.press("Start post-test")
    answer_by_keyboard(center, keyboard)
    keyboard.press("Submit answers")
    expect(page.get_by_text("Passed", exact=True).first).to_be_visible()
    keyboard.press("Continue")
    keyboard.press("Continue")
    evaluate_by_keyboard(keyboard)
    keyboard.fill("Type your name", "Kim Keyboard")
    keyboard.press("Issue my certificate")
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible()


def evaluate_by_keyboard(keyboard: Keyboard) -> None:
    """Choose the first answer of every group, leave the texts empty where they are optional."""
    page = keyboard.page
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        kind = page.evaluate("() => document.activeElement.type || ''")
        if kind == "radio":
            page.keyboard.press("Space")
        elif kind == "textarea":
            page.keyboard.type("Clear.")
        elif here["words"].startswith("Submit evaluation"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError("the end of the evaluation is not reached")


def answer_by_keyboard(center: Center, keyboard: Keyboard) -> None:
    page = keyboard.page
    attempt_id = int(page.url.split("/attempts/")[1].split("/")[0])
    with center.app.app_context():
        questions = db.session.execute(
            select(Question.kind, Question.body)
            .join(AttemptQuestion, AttemptQuestion.question_id == Question.id)
            .where(AttemptQuestion.attempt_id == attempt_id)
            .order_by(AttemptQuestion.position)
        ).all()
        db.session.remove()
    for kind, body in questions:
        answer_one(keyboard, kind, body)
        keyboard.press("Save and continue")


def answer_one(keyboard: Keyboard, kind: str, body: dict[str, Any]) -> None:
    """Answer the question on the page rightly."""
    page = keyboard.page
    if kind in ("single", "multiple"):
        for index in body["right"]:
            keyboard.choose(as_text(body["options"][index]["html"]))
    elif kind in ("short", "number"):
        text = body["number"] if kind == "number" else body["accepted"][0].replace("*", "x")
        keyboard.fill("Your answer", text)
    elif kind == "matching":
        for index, left in enumerate(body["lefts"]):
            keyboard.go_to(as_text(left))
            page.keyboard.type(as_text(body["rights"][body["right"][index]])[:25])
    else:
        fill_places(keyboard, [as_text(step) for step in body["steps"]])


def fill_places(keyboard: Keyboard, steps: list[str]) -> None:
    """Ordering: the steps stand in any order, so each field gets the number of its own step."""
    for _ in steps:
        keyboard.go_to("")
        while keyboard.page.evaluate(FOCUSED)["words"] not in steps:
            keyboard.go_to("")
        place = steps.index(keyboard.page.evaluate(FOCUSED)["words"]) + 1
        keyboard.page.keyboard.type(str(place))
