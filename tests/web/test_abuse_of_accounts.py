"""Abuse cases of accounts (quality.md §3.3, 28 to 33): links, twins, forged hosts, lock-outs.

Cases 29 (addresses) and 31 (the work of a login, limits) are also in `test_accounts`,
`test_accounts_of_one_address` and `tests/unit/test_identity`.
"""

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from extensions import db
from models import OutgoingMail, Person
from services import accounts, learner_questions, mail
from services.learner_questions import Written
from tests.factories import PASSWORD, make_enrollment, make_instructor, make_person
from tests.mailbox import latest_path, list_mail
from tests.site import Site

ALICE = "alice@example.org"
NEW = "another four plain words"
TYPED = {
    "name_on_license": "Erin New",
    "email": "erin@example.org",
    "password": PASSWORD,
    "time_zone": "America/Chicago",
    "intent": "one",
}


@pytest.fixture
def alice(app: Flask) -> int:
    with app.app_context():
        person_id = make_person(ALICE).id
        db.session.commit()
    return person_id


def test_case_28_a_link_serves_its_own_purpose_once(app: Flask, alice: int) -> None:
    before = Site(app)
    before.log_in(ALICE)
    Site(app).post("/register", TYPED)
    confirm = latest_path(app, "erin@example.org").rsplit("/", 1)[1]
    Site(app).post("/password-reset", {"email": ALICE})
    reset = latest_path(app, ALICE).rsplit("/", 1)[1]
    stranger = Site(app)
    for path in (f"/password-reset/{confirm}", f"/confirm-email/{reset}", "/password-reset/guess"):
        assert stranger.get(path).status_code == 404, "swapped or guessed"
        assert stranger.post(path, {"password": NEW}).status_code == 404
    page = stranger.get(f"/password-reset/{reset}")
    assert page.headers["Referrer-Policy"] == "same-origin", "no other site sees the link"
    assert stranger.post(f"/password-reset/{reset}", {"password": NEW}).status_code == 303
    stranger.token = ""
    assert stranger.post(f"/password-reset/{reset}", {"password": NEW}).status_code == 404
    assert before.get("/learn").status_code == 303, "sessions of before have ended"


TWINS = (" Alice@Example.ORG ", "ａｌｉｃｅ@example.org", "ⓐlice@example.org")


@pytest.mark.parametrize("twin", TWINS)
def test_case_29_a_twin_of_an_address_reaches_no_other_account(
    app: Flask, alice: int, twin: str
) -> None:
    site = Site(app)
    assert site.post("/register", {**TYPED, "email": twin}).status_code == 303
    site.token = ""
    assert "Erin New" in site.get("/account").text
    assert Site(app).log_in(ALICE, PASSWORD).status_code == 303
    Site(app).post("/password-reset", {"email": twin})
    link = latest_path(app, ALICE)
    assert "Which account" not in Site(app).get(link).text, "only the confirmed account's password"
    assert Site(app).post(link, {"password": NEW}).status_code == 303
    owner = Site(app)
    owner.log_in(twin, NEW)
    assert "Alice Learner" in owner.get("/account").text


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Original-Host", "Forwarded"])
def test_case_30_a_forged_host_gets_into_no_link(app: Flask, alice: int, name: str) -> None:
    site = Site(app)
    site.get("/password-reset")
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    answer = site.client.post(
        "/password-reset",
        data={"csrf_token": site.token, "email": ALICE},
        headers={name: value},
    )
    assert answer.status_code == (400 if name == "Host" else 303)
    assert "evil.example" not in answer.text + str(answer.headers)
    assert all("evil.example" not in sent.body for sent in list_mail(app, ALICE))


def test_case_31_whether_somebody_has_an_account_is_never_told(app: Flask, alice: int) -> None:
    """The same status, place and page for an address that is known, and one that is not."""
    for path, typed in {
        "/login": {"password": "not the password"},
        "/password-reset": {},
        "/register": {**TYPED, "password": NEW},
    }.items():
        answers = []
        for number, email in enumerate((ALICE, "nobody@example.org")):
            site = Site(app)
            intent = {"intent": f"{path}{number}"} if path == "/register" else {}
            answer = site.post(path, {**typed, **intent, "email": email})
            text = answer.text.replace(site.token, "").replace(email, "")
            answers.append((answer.status_code, answer.headers.get("Location"), text))
        assert answers[0] == answers[1], path


@pytest.mark.usefixtures("standing_clock")
def test_case_31_guessing_locks_nobody_out(app: Flask, alice: int) -> None:
    guesser = Site(app)
    assert [guesser.log_in(ALICE, "a wrong guess!").status_code for _ in range(6)][-1] == 429
    owner = Site(app)
    owner.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert owner.log_in(ALICE).status_code == 303


def test_case_32_a_suspended_person_is_stopped_by_the_next_request(app: Flask, alice: int) -> None:
    site = Site(app)
    site.log_in(ALICE)
    with app.app_context():
        db.session.get_one(Person, alice).deactivated_at = clock.now()
        db.session.commit()
    assert site.get("/learn").status_code == 303
    assert Site(app).log_in(ALICE).status_code == 422
    Site(app).post("/password-reset", {"email": ALICE})
    assert not list_mail(app, ALICE)
    with app.app_context():
        assert accounts.find_identity("any token") is None


def test_case_33_a_line_break_begins_no_header(context: Flask) -> None:
    learner = make_person(ALICE, "Alice\r\nBcc: everybody@example.org")
    make_instructor()
    study = make_enrollment(learner)
    written = Written(learner.id, "A\r\nBcc: x@example.org", "one")
    learner_questions.ask(study, written, "", "http://localhost", clock.now())
    mail.queue(ALICE, "Your course\r\nBcc: everybody@example.org", "Text")
    sent = list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
    assert len(sent) >= 2
    for one in sent:
        head = bytes(mail.as_message(one, "center@example.org")).split(b"\n\n")[0]
        assert b"\nBcc" not in head
        assert head.count(b"Subject:") == 1


def test_case_33_a_line_break_is_no_part_of_an_address(app: Flask) -> None:
    email = "erin@example.org\r\nBcc: x@example.org"
    assert Site(app).post("/register", {**TYPED, "email": email}).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 0
