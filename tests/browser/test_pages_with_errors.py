"""Pages one sees only on the way: forms sent back, mailed links, what an ended session keeps."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Response
from sqlalchemy import Executable, delete, select, update

import clock
from commands.demonstration import PASSWORD, REFERENCE_COURSE
from domain.refusals import NotFound
from extensions import db
from models import LearnerQuestion, LoginSession, Person, Throttle
from services import editions, enrollments, learner_questions, mailed_links
from services.learner_questions import Written
from tests.browser.conftest import Center
from tests.browser.test_every_page import (
    LOOKED_AT,
    PAIRS,
    SIZES,
    log_in,
    nu_errors,
    too_wide,
    violations,
    vnu_jar,
)
from tests.factories import make_person
from tests.mailbox import latest_path

__all__ = ["vnu_jar"]
pytestmark = pytest.mark.browser
ALICE, BOB, CAROL = "alice@example.org", "bob@example.org", "carol@example.org"
UNCONFIRMED = "una@example.org"
COURSE = f"/courses/{REFERENCE_COURSE}"
QUESTIONS = f"/learn/{REFERENCE_COURSE}/questions"
SENT_EMPTY = {
    "": [
        ("/register", "Create account"),
        ("/login", "Log in"),
        ("/password-reset", "Send me the link"),
    ],
    ALICE: [
        ("/account", "Change password"),
        ("/account/licenses", "Add license"),
        (QUESTIONS, "Send question"),
        (QUESTIONS, "Send message"),
    ],
    BOB: [("/instructor/questions/{question}", "Send answer")],
    CAROL: [
        ("/admin/keys", "Make key"),
        ("/admin/agencies", "Add agency"),
        ("/admin/agencies/1", "Add manager"),
        ("/admin/agencies/1/contracts/new", "Save contract"),
        ("/admin/agencies/1/contracts/1/keys/new", "Make key"),
        ("/admin/agencies/1/contracts/1/invitations/new", "Invite"),
    ],
}


@pytest.fixture(scope="module")
def question(center: Center) -> int:
    """The id of a question that Alice, who is enrolled, has asked."""
    with center.app.app_context():
        alice = db.session.scalars(select(Person.id).where(Person.email == ALICE)).one()
        study = _enrolled(alice)
        written = Written(alice, "Which of the two aims comes first?", "with-errors")
        asked: LearnerQuestion = learner_questions.ask(study, written, "", center.url, clock.now())
        question_id = asked.id
        db.session.commit()
        db.session.remove()
    return question_id


def test_axe_finds_nothing_on_the_way(
    center: Center, question: int, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    found: list[str] = []
    for where in _visit(page, center, question):
        for scheme, size in PAIRS[:LOOKED_AT]:
            width, height = SIZES[size]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{where}, {scheme}: {words}" for words in violations(page)]
            found += [f"{where}: wider than {width} px: {name}" for name in too_wide(page)]
    assert found == []


def test_nu_finds_no_error_on_the_way(
    center: Center,
    question: int,
    new_context: Callable[..., BrowserContext],
    vnu_jar: Path,
    tmp_path: Path,
) -> None:
    page = new_context(scripts=False).new_page()
    pages: list[Response] = []
    page.on("response", lambda answer: pages.append(answer) if _is_page(answer) else None)
    sources: dict[str, str] = {}
    for number, where in enumerate(_visit(page, center, question)):
        (tmp_path / f"{number}.html").write_bytes(pages[-1].body())
        sources[f"{number}.html"] = where
    assert len(sources) == 23
    assert nu_errors(vnu_jar, tmp_path, sources) == []


def _visit(page: Page, center: Center, question: int) -> Iterator[str]:
    """Go to each state; yields its name once it is there."""
    for email, forms in SENT_EMPTY.items():
        page.context.clear_cookies()
        log_in(page, email, PASSWORD)
        for path, button in forms:
            page.goto(path.format(question=question))
            page.get_by_role("button", name=button, exact=True).first.click()
            page.get_by_text("There is a problem").wait_for()
            yield f"{path}, {button}"
    yield from _mailed_links(page, center)
    yield from _ended_session(page, center)


def _mailed_links(page: Page, center: Center) -> Iterator[str]:
    page.context.clear_cookies()
    page.goto("/password-reset")
    page.get_by_label("E-mail address").fill(BOB)
    page.get_by_role("button", name="Send me the link").click()
    page.goto(latest_path(center.app, BOB))
    yield "the page of a mailed link"
    page.get_by_role("button", name="Save the new password").click()
    page.get_by_text("There is a problem").wait_for()
    yield "the page of a mailed link, sent empty"
    yield from _links_of_several_accounts(page, center)


def _links_of_several_accounts(page: Page, center: Center) -> Iterator[str]:
    """An address with several accounts, none confirmed: whose password, and which one."""
    for send, button in (
        (mailed_links.send_confirmation, "Confirm my address"),
        (mailed_links.request_password_reset, "Save the new password"),
    ):
        with center.app.app_context():
            db.session.execute(delete(Throttle))
            person = make_person(UNCONFIRMED, "Una Unconfirmed", email_confirmed_at=None)
            about = person if button.startswith("Confirm") else UNCONFIRMED
            send(about, center.url, clock.now())  # type: ignore[operator]
            db.session.commit()
            db.session.remove()
        page.goto(latest_path(center.app, UNCONFIRMED))
        yield f"{button}: several accounts"
        page.get_by_role("button", name=button).click()
        page.get_by_text("There is a problem").wait_for()
        yield f"{button}: several accounts, sent empty"


def _ended_session(page: Page, center: Center) -> Iterator[str]:
    page.context.clear_cookies()
    log_in(page, ALICE, PASSWORD)
    page.goto(QUESTIONS)
    _write(center, update(LoginSession).values(revoked_at=clock.now()))
    page.get_by_label("Your question", exact=True).fill("Two lines,\nkept.")
    page.get_by_role("button", name="Send question").click()
    page.get_by_role("heading", name="What you typed is safe").wait_for()
    yield "the login that carries what was typed"
    page.get_by_label("E-mail address").fill(ALICE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="What you typed").wait_for()
    yield "what was typed"
    page.get_by_role("button", name="Discard").click()
    page.get_by_text("has been discarded").wait_for()
    yield "my courses after discarding"


def _write(center: Center, statement: Executable) -> None:
    with center.app.app_context():
        db.session.execute(statement)
        db.session.commit()
        db.session.remove()


def _enrolled(alice: int) -> enrollments.Study:
    """Alice's enrollment in the reference course, made if there is none."""
    try:
        return enrollments.get_study_for(alice, REFERENCE_COURSE)
    except NotFound:
        outline = editions.get_current_outline(REFERENCE_COURSE)
        enrollments.enroll(alice, outline, "DEMO-CTA4-KEYS", clock.now())
        return enrollments.get_study_for(alice, REFERENCE_COURSE)


def _is_page(answer: Response) -> bool:
    """Whether it is what the browser now shows: what was sent back cannot be asked for again."""
    return answer.request.is_navigation_request() and answer.status not in (302, 303)
