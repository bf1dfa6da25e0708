"""A director's day in the panel, with scripts and without: the same facts come of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from commands.demonstration import PASSWORD, REFERENCE_COURSE
from extensions import db
from models import AuditEvent, BulkLine, Enrollment, OutgoingMail, Person, ProblemEvent, Provider
from tests.browser.conftest import Center

pytestmark = pytest.mark.browser
COURSE = "Cultivating a Therapeutic Alliance"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_directors_day(
    center: Center, new_context: Callable[..., BrowserContext], scripts: bool
) -> None:
    tag = "on" if scripts else "off"
    visitor = new_context(scripts=scripts).new_page()
    report_problem(visitor, tag)
    carol = new_context(scripts=scripts).new_page()
    log_in(carol)
    answer_report(carol, tag)
    enroll_list(carol, center, tag)
    care_for_person(carol, tag)
    archive_and_restore(carol, visitor)
    change_reply_hours(carol, "47" if scripts else "46")
    found = facts(center, tag)
    assert found["outcomes"] == ["invited", "fault"]
    assert found["answers"] == ["We have mended it."]
    assert found["source"] == "staff"
    assert found["hours"] == (47 if scripts else 46)
    assert {"bulk.confirmed", "problem.moved", "enrollment.extended", "enrollment.withdrawn",
            "person.deactivated", "course.archived", "course.restored", "provider.changed"} <= (
        found["kinds"]
    )  # fmt: skip


def log_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill("carol@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/learn")


def report_problem(page: Page, tag: str) -> None:
    """A visitor writes from the foot of the page; a fault keeps what was typed."""
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Report a problem").click()
    page.get_by_label("What happened").fill("The captions lag.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("group", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("What happened")).to_have_value("The captions lag.")
    page.get_by_label("Your e-mail address").fill(f"vera.{tag}@example.org")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report is sent")


def answer_report(page: Page, tag: str) -> None:
    page.goto("/admin")
    page.get_by_role("link", name="problem report").click()
    page.get_by_label("Words").fill(f"vera.{tag}")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Report", exact=False).and_(page.locator("table a")).first.click()
    page.get_by_label("Answer by mail").fill("We have mended it.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("The answer is on its way.")).to_be_visible()


def enroll_list(page: Page, center: Center, tag: str) -> None:
    page.goto("/admin")
    nav = page.get_by_role("navigation", name="Management")
    nav.get_by_role("link", name="People").click()
    nav.get_by_role("link", name="Enrollments").click()
    page.get_by_role("link", name="Enroll a list of people").click()
    page.get_by_label("Course").select_option(label=COURSE)
    page.get_by_label("Or the list itself").fill(f"Noemi {tag}, noemi.{tag}@example.org\nNobody,")
    page.get_by_label("Reason, or who pays").fill("Contract 7")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text("A new account is made and invited")).to_be_visible()
    page.get_by_role("button", name="Enroll 1 person and send 1 mail").click()
    expect(page.get_by_text("Confirmed.")).to_be_visible()
    center.work_off()
    page.reload()
    expect(page.get_by_text("The whole list is done.")).to_be_visible()


def care_for_person(page: Page, tag: str) -> None:
    """Find, extend, withdraw, deactivate."""
    page.goto("/admin/people")
    page.get_by_label("Name or e-mail address").fill(f"noemi {tag}")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name=f"Noemi {tag}").click()
    page.get_by_role("link", name=COURSE).click()
    extend = page.get_by_role("form", name="Extend the access")
    extend.get_by_label("Last day of access").fill("2031-01-31")
    extend.get_by_label("Reason").fill("Illness")
    extend.get_by_role("button", name="Extend access").click()
    expect(page.get_by_text("The access is extended.")).to_be_visible()
    withdraw = page.get_by_role("form", name="Withdraw")
    withdraw.get_by_label("Reason").fill("Left the agency")
    withdraw.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("The enrollment has ended.")).to_be_visible()
    page.get_by_role("complementary").get_by_role("link", name=f"Noemi {tag}").click()
    page.get_by_role("link", name="Deactivate the account").click()
    page.get_by_label("Reason").fill("Left")
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("The account is deactivated.")).to_be_visible()


def archive_and_restore(page: Page, visitor: Page) -> None:
    page.goto("/admin/courses")
    page.get_by_role("link", name="Finding your way").first.click()
    page.get_by_role("button", name="Archive the course").click()
    visitor.goto("/")
    expect(visitor.get_by_role("link", name="Finding your way")).to_have_count(0)
    page.get_by_role("button", name="Offer the course again").click()
    visitor.reload()
    expect(visitor.get_by_role("link", name="Finding your way").first).to_be_visible()
    page.goto(f"/admin/courses/{REFERENCE_COURSE}/versions")
    page.get_by_role("link", name="Check its folder, and publish").click()
    expect(page.get_by_role("heading", name="No errors")).to_be_visible()


def change_reply_hours(page: Page, hours: str) -> None:
    page.goto("/admin/provider")
    page.get_by_label("Hours within which instructors answer").fill(hours)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def facts(center: Center, tag: str) -> dict[str, Any]:
    """What the day left in the database."""
    with center.app.app_context():
        noemi = db.session.scalars(
            select(Person).where(Person.email == f"noemi.{tag}@example.org")
        ).one()
        lines = select(BulkLine).order_by(BulkLine.id.desc()).limit(2)
        told = select(OutgoingMail.id).where(OutgoingMail.recipient == f"vera.{tag}@example.org")
        assert db.session.scalars(told).all(), "the answer went out"
        source = select(Enrollment.source).where(Enrollment.person_id == noemi.id)
        answers = select(ProblemEvent.answer).order_by(ProblemEvent.id.desc()).limit(1)
        return {
            "outcomes": [line.outcome for line in db.session.scalars(lines)][::-1],
            "answers": list(db.session.scalars(answers)),
            "source": db.session.scalars(source).one(),
            "hours": db.session.get_one(Provider, 1).facts["reply_hours"],
            "kinds": set(db.session.scalars(select(AuditEvent.kind))),
        }
