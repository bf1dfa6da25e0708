"""A learner at a page whose clock, and the server's, are moved by the test: nothing sleeps."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Request
from sqlalchemy import select

import clock
from commands.demonstration import REFERENCE_COURSE
from domain.outline import Outline
from extensions import db
from models import StudyInterval
from services import editions
from tests.browser.conftest import Center
from tests.factories import PASSWORD, make_enrollment, make_person

HOME = f"/learn/{REFERENCE_COURSE}"
READING = f"{HOME}/units/1/creating-the-therapeutic-system"
WEBINAR = f"{HOME}/units/1/defining-the-elements"
AUDIO = f"{HOME}/units/4/why-families-appear-resistant"
HIDE = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@dataclass
class Desk:
    """One learner with a browser. `sent` counts signs under way, so that nothing is raced."""

    center: Center
    context: BrowserContext
    person_id: int
    now: datetime
    waiting: set[Request] = field(default_factory=set)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(path)
        return page

    def advance(self, seconds: int, *pages: Page, step: int = 5) -> None:
        """Let time pass in the pages and at the server, in steps, signs being answered."""
        for _ in range(seconds // step):
            self.now += timedelta(seconds=step)
            self.context.clock.run_for(step * 1000)
            self.settle(*pages)

    def sleep(self, seconds: int, *pages: Page) -> None:
        """The lid is closed and opened again: no timer fires in between."""
        self.now += timedelta(seconds=seconds)
        self.context.clock.fast_forward(seconds * 1000)
        self.settle(*pages)

    def settle(self, *pages: Page) -> None:
        """Wait until every sign that was sent is answered."""
        for page in pages:
            page.evaluate("1")
        for _ in range(2000):
            if not self.waiting:
                return
            (pages or self.context.pages)[0].evaluate("1")
        raise AssertionError(f"not answered: {self.waiting}")

    def intervals(self) -> list[tuple[str, int]]:
        """(evidence, seconds) of every interval that is not empty, from the database."""
        with self.center.app.app_context():
            rows = db.session.scalars(
                select(StudyInterval)
                .where(StudyInterval.person_id == self.person_id)
                .order_by(StudyInterval.started_at, StudyInterval.id)
            ).all()
            found = [(r.evidence, int((r.ended_at - r.started_at).total_seconds())) for r in rows]
            db.session.remove()
        return [(evidence, seconds) for evidence, seconds in found if seconds]

    @property
    def seconds(self) -> int:
        return sum(seconds for _, seconds in self.intervals())

    def wait_until_stopped(self, page: Page) -> None:
        """Wait until the page's last sign, sent without waiting for an answer, is dealt with."""
        for _ in range(2000):
            page.evaluate("1")
            if not self._is_recording():
                return
        raise AssertionError("the page's last sign did not come")

    def _is_recording(self) -> bool:
        with self.center.app.app_context():
            growing = db.session.scalar(
                select(StudyInterval.id).where(
                    StudyInterval.person_id == self.person_id, StudyInterval.closed_at.is_(None)
                )
            )
            db.session.remove()
        return growing is not None

    def _note(self, request: Request) -> None:
        if request.url.endswith("/beats") and request.resource_type != "ping":
            self.waiting.add(request)


def sit_down(
    center: Center,
    context: BrowserContext,
    monkeypatch: pytest.MonkeyPatch,
    email: str,
    *,
    scripts: bool = True,
) -> Desk:
    """A new learner of the reference course, logged in; the clocks stand still from now on."""
    with center.app.app_context():
        person = make_person(email, "Tessa Timed")
        make_enrollment(person, REFERENCE_COURSE)
        person_id = person.id
        db.session.commit()
        db.session.remove()
    desk = Desk(center, context, person_id, clock.now().replace(microsecond=0))
    monkeypatch.setattr(clock, "now", lambda: desk.now)
    context.on("request", desk._note)
    context.on("response", lambda response: desk.waiting.discard(response.request))
    context.on("requestfailed", lambda request: desk.waiting.discard(request))
    if scripts:
        context.clock.install(time=desk.now)
        context.clock.pause_at(desk.now + timedelta(seconds=1))
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/learn")
    page.close()
    return desk


def outline_of(center: Center) -> Outline:
    with center.app.app_context():
        found = editions.get_current_outline(REFERENCE_COURSE)
        db.session.remove()
    return found
