"""The learner's whole path, with scripts and without: the same rows in the database."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from extensions import db
from models import (
    Attempt,
    Certificate,
    CertificateDocument,
    Enrollment,
    EvaluationSubmission,
    Grade,
    Item,
    ItemCompletion,
    Person,
)
from services import editions
from tests.browser.conftest import Center
from tests.browser.learner import Learner

pytestmark = pytest.mark.browser


def test_same_rows_with_scripts_and_without(
    center: Center, new_context: Callable[..., BrowserContext]
) -> None:
    rows = []
    for scripts in (True, False):
        context = new_context(scripts=scripts, accept_downloads=True)
        name = "with" if scripts else "without"
        learner = Learner(center, context.new_page(), f"{name}@example.org", "Ana María Núñez")
        problems = watch(learner.page)
        walk_whole_path(learner)
        check_certificate_as_visitor(learner, new_context(scripts=scripts).new_page())
        assert problems == []
        rows.append(read_rows(center, learner.email))
    assert rows[0] == rows[1]


def watch(page: Page) -> list[str]:
    """Collect what a browser complains about: console errors, failed requests of our own."""
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems


def walk_whole_path(learner: Learner) -> None:
    learner.register()
    learner.add_license()
    learner.enroll_by_key()
    with learner.center.app.app_context():
        outline = editions.get_current_outline(learner.slug)
    for unit in outline.units:
        learner.study_unit(len(unit.items))
        learner.press("Start post-test")
        if unit.number == 1:
            learner.take_test(right=False)
            expect(learner.page.get_by_text("Learning objectives to review")).to_be_visible()
            learner.press("Try again")
        learner.take_test(right=True)
        expect(learner.page.get_by_text("Passed", exact=True).first).to_be_visible()
    learner.go_home()
    learner.follow("Continue")
    learner.page.wait_for_url("**/evaluation")
    learner.evaluate()
    learner.attest()
    learner.center.work_off()


def check_certificate_as_visitor(learner: Learner, visitor: Page) -> None:
    learner.page.reload()
    with learner.page.expect_download() as download:
        learner.follow("Download PDF")
    content = download.value.path().read_bytes()
    with learner.center.app.app_context():
        person_id = db.session.scalar(select(Person.id).where(Person.email == learner.email))
        row = db.session.scalar(select(Certificate).where(Certificate.person_id == person_id))
        assert row is not None
        stored = db.session.get_one(CertificateDocument, (row.id, "standard"))
        assert hashlib.sha256(content).hexdigest() == stored.sha256
        code = row.verification_code
    visitor.goto("/verify")
    visitor.get_by_label("code").fill(f" {code[:4].lower()}-{code[4:]} ")
    visitor.get_by_role("button", name="Check certificate").click()
    expect(visitor.get_by_text("Ana María Núñez").first).to_be_visible()
    expect(visitor.get_by_text("valid", exact=False).first).to_be_visible()


def read_rows(center: Center, email: str) -> dict[str, Any]:
    """What the database holds of a learner, without what differs from person to person."""
    with center.app.app_context():
        person_id = db.session.scalar(select(Person.id).where(Person.email == email))
        enrollment = db.session.scalars(
            select(Enrollment).where(Enrollment.person_id == person_id)
        ).one()
        items = db.session.execute(
            select(Item.slug, ItemCompletion.route)
            .join(ItemCompletion, ItemCompletion.item_id == Item.id)
            .where(ItemCompletion.enrollment_id == enrollment.id)
            .order_by(Item.id)
        ).all()
        attempts = db.session.execute(
            select(Attempt.post_test_id, Attempt.number, Grade.earned, Grade.passed)
            .join(Grade, Grade.attempt_id == Attempt.id)
            .where(Attempt.enrollment_id == enrollment.id)
            .order_by(Attempt.id)
        ).all()
        evaluated = db.session.get(EvaluationSubmission, enrollment.id) is not None
        certificate = db.session.scalars(
            select(Certificate).where(Certificate.enrollment_id == enrollment.id)
        ).one()
        found = {
            "enrollment": (enrollment.number, enrollment.source, enrollment.completed_at is None),
            "items": [tuple(row) for row in items],
            "attempts": [tuple(row) for row in attempts],
            "evaluated": evaluated,
            "facts": certificate.facts,
        }
        db.session.remove()
    return found
