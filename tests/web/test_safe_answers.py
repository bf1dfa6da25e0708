"""Headers of every answer, what the request log keeps, sessions of one browser, slowed guesses."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import assets
from blueprints import request_log
from extensions import db
from models import ItemCompletion, LoginSession
from tests.conftest import Installation, test_settings
from tests.factories import PASSWORD, SLUG, make_enrollment, make_person
from tests.mailbox import latest_path
from tests.site import Site

ALICE = "alice@example.org"
FIRST = f"/learn/{SLUG}/units/1/the-first-reading"
SECOND = f"/learn/{SLUG}/units/1/the-second-reading"
PAGES = ("/", "/login", "/learn", "/no-such-page", "/healthz", f"/courses/{SLUG}")
EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def alice(site: Site) -> Site:
    """Alice's browser, logged in; she is enrolled."""
    with site.app.app_context():
        make_enrollment(make_person())
        db.session.commit()
    site.log_in(ALICE)
    return site


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    for path in PAGES:
        headers = site.client.get(path).headers
        for name, value in EVERY_ANSWER.items():
            assert headers[name] == value, (path, name)
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "camera=()" in headers["Permissions-Policy"], path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path


def test_static_files_carry_them_too(sqlite_installation: Installation) -> None:
    app = sqlite_installation.app
    for name in ("app.css", "app.js", "favicon.svg", "sans.woff2"):
        response = app.test_client().get(app.jinja_env.globals["asset"](name))
        assert response.status_code == 200
        for header, value in EVERY_ANSWER.items():
            assert response.headers[header] == value, (name, header)
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), name
        assert "sandbox" in policy, name
        response.close()


def test_static_files_tell_browsers_to_stay_with_https(tmp_path: Path) -> None:
    app = Flask(__name__)
    assets.init_app(app, replace(test_settings(tmp_path), base_url="https://learn.example.org"))
    response = app.test_client().get(app.jinja_env.globals["asset"]("app.css"))
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    response.close()


def test_the_request_log_keeps_no_secret_of_an_address(
    site: Site, alice: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Site(site.app)
    visitor.post("/password-reset", {"email": ALICE})
    link = latest_path(site.app, ALICE)
    monkeypatch.setattr(request_log.LOG, "disabled", False)
    monkeypatch.setattr(request_log.LOG, "propagate", True)
    with caplog.at_level(logging.INFO, request_log.LOG.name):
        visitor.get(link)
        visitor.client.get("/confirm-email/secret-of-a-mail?x=secret-of-a-query")
        visitor.client.get("/v/ABCDE-SECRET")
        visitor.get("/policies")
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    paths = [line["path"] for line in lines if "path" in line]
    assert paths[0] == "/password-reset/…"
    assert paths[-1] == "/policies"
    token = link.rsplit("/", 1)[1]
    assert not any(word in str(lines) for word in (token, "secret-of", "SECRET"))


def test_logging_in_again_ends_the_session_this_browser_had(alice: Site) -> None:
    with alice.client.session_transaction() as session:
        before = dict(session)
    with alice.app.app_context():
        make_person("dave@example.org", "Dave")
        db.session.commit()
    alice.post("/login", {"email": "dave@example.org", "password": PASSWORD})
    with alice.app.app_context():
        live = select(func.count(LoginSession.id)).where(LoginSession.revoked_at.is_(None))
        assert db.session.scalar(live) == 1
    with alice.client.session_transaction() as session:
        session.clear()
        session.update(before)
    assert alice.get("/learn").status_code == 303, "the cookie of before is worth nothing"


@pytest.mark.usefixtures("standing_clock")
def test_guessing_the_present_password_is_slowed_down(alice: Site) -> None:
    def change(present: str) -> int:
        typed = {"present_password": present, "password": "another four plain words"}
        return alice.post("/account/password", typed).status_code

    assert [change("a wrong guess!") for _ in range(5)] == [422] * 5
    assert change(PASSWORD) == 429, "not even the right one is told from a wrong one"


def test_an_item_is_not_completed_from_another_items_page(alice: Site) -> None:
    token = alice.get(SECOND).text.split('name="token" value="')[1].split('"')[0]
    refused = alice.post(FIRST, {"token": token, "action": "complete"})
    assert refused.status_code == 409
    with alice.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ItemCompletion)) == 0
    assert alice.post(SECOND, {"token": token, "action": "complete"}).status_code == 303
