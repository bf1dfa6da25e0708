"""A learner in a browser: goes by what is written on links and buttons, like a person."""

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from playwright.sync_api import Page, expect
from sqlalchemy import select

from commands.demonstration import KEY, REFERENCE_COURSE
from extensions import db
from models import AttemptQuestion, Question
from tests.browser.conftest import Center

PASSWORD = "a few plain words 42"


@dataclass
class Learner:
    """One person with one page. `right` says whether to answer questions rightly."""

    center: Center
    page: Page
    email: str
    name: str
    slug: str = REFERENCE_COURSE

    def press(self, name: str) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow the first link of this name in the page's main part."""
        self.page.locator("main").get_by_role("link", name=re.compile(f"^{name}")).first.click()

    def register(self) -> None:
        page = self.page
        page.goto(f"/courses/{self.slug}")
        self.follow("Enroll")
        page.get_by_role("link", name="Create account").last.click()
        page.get_by_label("Your name as on your license").fill(self.name)
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password").fill(PASSWORD)
        self.press("Create account")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()

    def log_in(self, password: str = PASSWORD) -> None:
        self.page.goto("/login")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password").fill(password)
        self.press("Log in")
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()

    def add_license(self) -> None:
        self.page.goto("/account/licenses")
        self.page.get_by_label("Profession").select_option("Social worker")
        self.page.get_by_label("State or jurisdiction").select_option("Pennsylvania")
        self.page.get_by_label("License number").fill("SW 4711")
        self.page.locator("main").get_by_role("button").filter(
            has_text=re.compile("Add|Save")
        ).click()
        expect(self.page.get_by_text("SW 4711").first).to_be_visible()

    def enroll_by_key(self) -> None:
        self.page.goto(f"/courses/{self.slug}/enrollment")
        self.page.get_by_label(re.compile("[Kk]ey")).fill(KEY.lower())
        self.press("Confirm enrollment")
        self.page.wait_for_url(f"**/learn/{self.slug}*")

    def go_home(self) -> None:
        self.page.goto(f"/learn/{self.slug}")

    def study_unit(self, items: int) -> None:
        """From the course home: open the next item and complete every item of the unit."""
        self.go_home()
        self.follow("Continue")
        for _ in range(items):
            self.press("Mark as complete")
            expect(self.page.get_by_text("Complete", exact=True).first).to_be_visible()
            self.press("Next")
        expect(self.page.get_by_role("button", name="Start post-test")).to_be_visible()

    def take_test(self, *, right: bool) -> None:
        """Start (or try again), answer every question, review, submit."""
        attempt_id = int(re.search(r"/attempts/(\d+)/", self.page.url)[1])  # type: ignore[index]
        for _, question in enumerate(self.list_questions(attempt_id)):
            self.answer(question, right=right)
            self.press("Save and continue")
        self.page.wait_for_url("**/review")
        self.press("Submit answers")
        self.page.wait_for_url("**/result")

    def list_questions(self, attempt_id: int) -> list[tuple[str, dict[str, Any]]]:
        with self.center.app.app_context():
            rows = db.session.execute(
                select(Question.kind, Question.body)
                .join(AttemptQuestion, AttemptQuestion.question_id == Question.id)
                .where(AttemptQuestion.attempt_id == attempt_id)
                .order_by(AttemptQuestion.position)
            ).all()
        return [(row.kind, row.body) for row in rows]

    def answer(self, question: tuple[str, dict[str, Any]], *, right: bool) -> None:
        """Answer the question on the page by the words of its options."""
        kind, body = question
        if kind in ("single", "multiple"):
            self._choose(kind, body, right)
        elif kind == "short":
            text = body["accepted"][0].replace("*", "x") if right else "nothing of the kind"
            self._field().fill(text)
        elif kind == "number":
            self._field().fill(body["number"] if right else "987654")
        elif kind == "matching":
            self._match(body, right)
        else:
            self._order(body, right)

    def _choose(self, kind: str, body: dict[str, Any], right: bool) -> None:
        wanted = body["right"]
        if not right:
            wanted = [i for i in range(len(body["options"])) if i not in body["right"]][:1] or []
        for index in wanted:
            role = "radio" if kind == "single" else "checkbox"
            text = as_text(body["options"][index]["html"])
            self.page.get_by_role(role, name=text, exact=True).check()

    def _match(self, body: dict[str, Any], right: bool) -> None:
        for index, left in enumerate(body["lefts"]):
            pair = body["right"][index]
            target = pair if right else (pair + 1) % len(body["rights"])
            self.page.get_by_label(as_text(left), exact=True).select_option(
                label=as_text(body["rights"][target])
            )

    def _order(self, body: dict[str, Any], right: bool) -> None:
        count = len(body["steps"])
        for index, step in enumerate(body["steps"]):
            place = index + 1 if right else (index + 1) % count + 1
            self.page.get_by_label(as_text(step), exact=True).fill(str(place))

    def _field(self):  # type: ignore[no-untyped-def]
        return self.page.locator("form.question").get_by_role("textbox")

    def evaluate(self) -> None:
        self.page.goto(f"/learn/{self.slug}/evaluation")
        for group in self.page.locator("main fieldset").all():
            radios = group.get_by_role("radio")
            if radios.count():
                radios.nth(radios.count() - 1).check()
        for area in self.page.locator("main textarea").all():
            area.fill("Clear and useful.")
        self.press("Submit evaluation")
        self.page.wait_for_url("**/completion")

    def attest(self) -> None:
        self.page.get_by_label(re.compile("name", re.IGNORECASE)).fill(self.name)
        self.press("Issue my certificate")
        self.page.wait_for_url("**/certificates/*")


def as_text(html: str) -> str:
    """What a person reads of a piece of HTML."""
    return " ".join(Markup(html).striptags().split())
