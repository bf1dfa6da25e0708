"""The day of an instructor and of a reviewer, with scripts and without."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

import clock
from commands.demonstration import KEY, PASSWORD, REFERENCE_COURSE
from extensions import db
from models import Enrollment, FaqEntry, LearnerQuestion, PageView
from services import editions, enrollments, learner_questions
from services.enrollments import Study
from services.learner_questions import Written
from tests.browser.conftest import Center
from tests.factories import PASSWORD as MADE
from tests.factories import make_person

pytestmark = pytest.mark.browser
REVIEW = f"/review/{REFERENCE_COURSE}"


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/learn")


def ask(center: Center, tag: str) -> int:
    """A learner's question waits; its id."""
    with center.app.app_context():
        person = make_person(f"asks.{tag}@example.org", "Ada Asks")
        outline = editions.get_current_outline(REFERENCE_COURSE)
        enrollment = enrollments.enroll(person.id, outline, KEY, clock.now())
        written = Written(person.id, f"May I print the readings ({tag})?", tag)
        study = Study(enrollment, outline)
        question = learner_questions.ask(study, written, "", center.url, clock.now())
        question_id = question.id
        db.session.commit()
        db.session.remove()
    return question_id


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_an_instructors_day(
    center: Center, new_context: Callable[..., BrowserContext], scripts: bool
) -> None:
    """Answer what waits, make an entry of the FAQ, look at what the answers and tests tell."""
    tag = "on" if scripts else "off"
    question_id = ask(center, tag)
    page = new_context(scripts=scripts).new_page()
    log_in(page, "bob@example.org", PASSWORD)
    page.get_by_role("link", name="Instructor", exact=True).click()
    page.get_by_role("link", name=f"May I print the readings ({tag})?").click()
    page.get_by_label("Your answer").fill("Yes, gladly.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Your answer is sent.")).to_be_visible()
    page.goto(f"/instructor/questions/{question_id}")
    page.get_by_role("link", name="Make an entry of the FAQ").click()
    page.get_by_label("Question").fill(f"May one print the readings ({tag})?")
    page.get_by_role("button", name="Put on the course page").click()
    expect(page.get_by_text("stands on the course page now")).to_be_visible()
    page.goto("/instructor/on-time")
    expect(page.get_by_role("heading", level=1)).to_have_text("Answers in time")
    for name in ("Item analysis", "Answer key", "Evaluations"):
        page.goto("/instructor")
        page.get_by_role("link", name=name).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.goto(f"/courses/{REFERENCE_COURSE}")
    expect(page.get_by_text(f"May one print the readings ({tag})?")).to_be_visible()
    with center.app.app_context():
        answered = db.session.get_one(LearnerQuestion, question_id)
        assert answered.answered_at is not None
        made = db.session.scalars(select(FaqEntry.question)).all()
        assert f"May one print the readings ({tag})?" in made
        db.session.remove()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_reviewers_day(
    center: Center, new_context: Callable[..., BrowserContext], scripts: bool
) -> None:
    """The director lets somebody in; they walk through everything; nothing is counted."""
    email = f"rita.{'on' if scripts else 'off'}@example.org"
    with center.app.app_context():
        make_person(email, "Rita Reviewer")
        db.session.commit()
        db.session.remove()
    carol = new_context(scripts=scripts).new_page()
    log_in(carol, "carol@example.org", PASSWORD)
    carol.goto("/admin/reviewers")
    carol.get_by_label("E-mail address").fill(email)
    carol.get_by_label("Course", exact=True).select_option(REFERENCE_COURSE)
    carol.get_by_label("Approving body").fill("Board of Tests")
    carol.get_by_label("Last day").fill(f"{clock.now() + timedelta(days=20):%Y-%m-%d}")
    carol.get_by_role("button", name="Add reviewer").click()
    expect(carol.get_by_text("told by mail how to begin")).to_be_visible()

    rita = new_context(scripts=scripts).new_page()
    log_in(rita, email, MADE)
    before = counted(center)
    rita.get_by_role("link", name="Cultivating a Therapeutic Alliance").click()
    expect(rita).to_have_url(f"{center.url}{REVIEW}")
    rita.get_by_role("link", name="Creating the Therapeutic System").click()
    expect(rita.get_by_role("heading", level=1)).to_have_text("Creating the Therapeutic System")
    rita.get_by_role("link", name="Next").click()
    rita.goto(f"{REVIEW}/units/1/post-test")
    expect(rita.get_by_text("Right").first).to_be_visible()
    rita.goto(f"{REVIEW}/evaluation")
    expect(rita.get_by_role("heading", level=1)).to_have_text("Evaluation")
    assert counted(center) == before
    assert rita.goto("/admin").status == 403  # type: ignore[union-attr]


def counted(center: Center) -> tuple[int, int]:
    with center.app.app_context():
        found = (
            db.session.scalar(select(func.count(Enrollment.id))) or 0,
            db.session.scalar(select(func.count(PageView.id))) or 0,
        )
        db.session.remove()
    return found
