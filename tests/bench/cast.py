"""Learners for measuring: logged in, enrolled, each with a page open and an attempt begun."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf

import clock
from app import create_app
from blueprints.accounts import sessions
from blueprints.player import signs
from config import PROJECT, load_settings
from extensions import db
from services import attempts, editions, installation, publishing
from tests.conftest import TEST_COURSE, TEST_PROVIDER
from tests.factories import SLUG, complete_items, make_enrollment, make_person

BENCH_S = 3600
"""So long no cookie is stamped anew. A browser's is every five minutes, wrk would keep the old one
and have every sign after that answered the long way."""


@dataclass(frozen=True)
class BenchLearner:
    """One learner: session cookie, form token, the token of an open page, an attempt."""

    cookie: str
    csrf: str
    view_token: str
    attempt_id: int


@dataclass(frozen=True)
class Cast:
    """All learners and the addresses they use."""

    slug: str
    item_path: str
    learners: list[BenchLearner]

    def beats(self) -> list[tuple[str, str, str]]:
        return [
            (
                "/beats",
                one.cookie,
                urlencode({"csrf_token": one.csrf, "token": one.view_token}) + "&seq=%d",
            )
            for one in self.learners
        ]

    def answers(self) -> list[tuple[str, str, str]]:
        return [
            (
                f"/attempts/{one.attempt_id}/questions/1",
                one.cookie,
                urlencode({"csrf_token": one.csrf, "instance": "0123456789abcdef.0", "answer": "1"})
                + "&seq=%d",
            )
            for one in self.learners
        ]


def prepare(folder: Path, count: int, database_url: str = "") -> Cast:
    """Make the database (SQLite in the folder, or at the address) and the learners."""
    settings = load_settings({"CONTACT_HOUR_DATA": str(folder), "DATABASE_URL": database_url})
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        installation.install_provider(TEST_PROVIDER, clock.now())
        publishing.publish_course(TEST_COURSE, settings.media_folder, clock.now())
        db.session.commit()
        outline = editions.get_current_outline(SLUG)
    learners = [_make_learner(app, number) for number in range(count)]
    with app.app_context():
        db.engine.dispose()
    item = outline.units[0].items[0]
    return Cast(SLUG, f"/learn/{SLUG}/units/1/{item.slug}", learners)


def _make_learner(app: Flask, number: int) -> BenchLearner:
    with app.test_request_context("/", method="POST"):
        person = make_person(f"learner{number}@example.org", f"Learner {number}")
        found = make_enrollment(person)
        complete_items(found, unit=1)
        item = found.outline.units[0].items[0]
        attempt = attempts.open_attempt(found, 1, clock.now())
        opened = signs.open_item(found, item, clock.now()).token
        known = signs.seal(signs.with_view(signs.unseal(opened, person.id)))
        sessions.begin(person.id)
        session["seen"] += BENCH_S
        csrf = generate_csrf()
        cookie = _session_cookie(app)
        db.session.commit()
        return BenchLearner(cookie, csrf, known, attempt.id)


def _session_cookie(app: Flask) -> str:
    response = app.response_class()
    app.session_interface.save_session(app, session, response)
    return response.headers["Set-Cookie"].split(";")[0]
