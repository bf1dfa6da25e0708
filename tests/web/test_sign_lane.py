"""Signs answered before Flask: the same answer as from the view, and only where all is right."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g
from sqlalchemy import select, update
from werkzeug.test import TestResponse

import clock
from blueprints.accounts.sessions import RESTAMP_AFTER_S
from blueprints.player import beats
from blueprints.player.sign_lane import SignLane
from extensions import db
from models import Enrollment, LoginSession, Person, StudyInterval
from tests.factories import SLUG, make_enrollment, make_person
from tests.site import Site

START = datetime(2026, 11, 24, 15, tzinfo=UTC)
FIRST = f"/learn/{SLUG}/units/1/the-first-reading"
OF_THE_REQUEST = ("X-Request-Id", "Content-Length")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def set_clock(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + timedelta(seconds=seconds))

    set_clock(0)
    return set_clock


@pytest.fixture
def seen_by_the_view(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sequence numbers that reach the view."""
    seen: list[str] = []
    read = beats._sequence
    monkeypatch.setattr(beats, "_sequence", lambda text: seen.append(text) or read(text))
    return seen


@pytest.fixture
def fields(app: Flask, site: Site, later: Callable[[float], None]) -> dict[str, object]:
    """The form of a page that has been heard of twice, up to second 15."""
    with app.app_context():
        make_enrollment(make_person())
        db.session.commit()
    site.log_in("alice@example.org")
    found: dict[str, object] = {"token": token_of(site.get(FIRST)), "seq": "1"}
    for second, seq in ((0, "1"), (15, "2")):
        later(second)
        found |= {"token": token_of(site.post("/beats", {**found, "seq": seq}, htmx=True))}
    return {**found, "seq": "3"}


def token_of(response: TestResponse) -> str:
    return re.search(r'data-token="([^"]+)"', response.get_data(as_text=True))[1]  # type: ignore[index]


def recorded_s(app: Flask) -> int:
    with app.app_context():
        rows = db.session.scalars(select(StudyInterval)).all()
        return sum(int((row.ended_at - row.started_at).total_seconds()) for row in rows)


def test_a_sign_that_grows_is_answered_before_the_view_and_alike(
    app: Flask,
    site: Site,
    later: Callable[[float], None],
    fields: dict[str, object],
    seen_by_the_view: list[str],
) -> None:
    later(30)
    first = site.post("/beats", fields, htmx=True)
    assert seen_by_the_view == []
    assert recorded_s(app) == 30
    later(45)
    other = site.post("/beats?by=the-view", {**fields, "seq": "4"}, htmx=True)
    assert seen_by_the_view == ["4"]
    assert recorded_s(app) == 45
    assert first.status_code == other.status_code == 200
    assert in_words(first) == in_words(other).replace("45 s", "30 s")
    assert token_of(first) == token_of(other) == fields["token"]
    assert headers_of(first) == headers_of(other)


def test_nothing_of_a_person_is_kept_for_the_next(
    site: Site,
    later: Callable[[float], None],
    fields: dict[str, object],
    seen_by_the_view: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lane's context lives as long as its thread."""
    kept: list[dict[str, object]] = []
    answer = SignLane._answer

    def note(lane: SignLane, environ: dict[str, object]) -> object:
        answered = answer(lane, environ)
        kept.append(dict(vars(g)))
        return answered

    monkeypatch.setattr(SignLane, "_answer", note)
    for second, seq in ((30, "3"), (45, "4")):
        later(second)
        assert site.post("/beats", {**fields, "seq": seq}, htmx=True).status_code == 200
    assert kept == [{}, {}]
    assert seen_by_the_view == []


def in_words(response: TestResponse) -> str:
    text = re.sub(r'width="[0-9.]+"', "", response.get_data(as_text=True))
    return re.sub(r"<[^>]*>", "", text)


def headers_of(response: TestResponse) -> dict[str, str]:
    return {name: text for name, text in response.headers.items() if name not in OF_THE_REQUEST}


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ({"seq": "x"}, 422),
        ({"seq": "0"}, 422),
        ({"token": "forged"}, 404),
        ({"csrf_token": "forged"}, 401),
        ({"csrf_token": ""}, 401),
        ({"final": "1"}, 200),
        ({"more": "a\0b"}, 400),
    ],
)
def test_whatever_else_is_sent_is_answered_by_the_application(
    site: Site,
    later: Callable[[float], None],
    fields: dict[str, object],
    what: dict[str, object],
    status: int,
) -> None:
    later(30)
    assert site.post("/beats", {**fields, **what}, htmx=True).status_code == status


def test_a_number_heard_before_credits_nothing(
    app: Flask, site: Site, later: Callable[[float], None], fields: dict[str, object]
) -> None:
    for second in (30, 31, 32):
        later(second)
        assert site.post("/beats", fields, htmx=True).status_code == 200
    assert recorded_s(app) == 30


def test_a_form_of_another_site_is_refused(
    app: Flask, site: Site, later: Callable[[float], None], fields: dict[str, object]
) -> None:
    later(30)
    data = {"csrf_token": site.token, **fields}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert site.client.post("/beats", data=data, headers=headers).status_code == 400
    cookie = site.client.get_cookie("session")
    assert cookie is not None
    headers = {"Host": "evil.example", "Cookie": f"session={cookie.value}"}
    away = app.test_client(use_cookies=False).post("/beats", data=data, headers=headers)
    assert away.status_code == 400
    assert recorded_s(app) == 15


def test_a_session_that_is_over_records_nothing(
    app: Flask, site: Site, later: Callable[[float], None], fields: dict[str, object]
) -> None:
    over = (
        update(LoginSession).values(revoked_at=START),
        update(Person).values(deactivated_at=START),
    )
    for statement in over:
        with app.app_context():
            db.session.execute(statement)
            db.session.commit()
        later(30)
        assert site.post("/beats", fields, htmx=True).status_code == 401
        with app.app_context():
            db.session.execute(update(LoginSession).values(revoked_at=None))
            db.session.commit()
    assert recorded_s(app) == 15


def test_another_person_cannot_grow_it(
    app: Flask, site: Site, later: Callable[[float], None], fields: dict[str, object]
) -> None:
    with app.app_context():
        make_enrollment(make_person("bob@example.org"))
        db.session.commit()
    bob = Site(app)
    bob.log_in("bob@example.org")
    later(30)
    assert bob.post("/beats", fields, htmx=True).status_code == 404
    assert recorded_s(app) == 15


def test_after_access_has_ended_nothing_grows(
    app: Flask, site: Site, later: Callable[[float], None], fields: dict[str, object]
) -> None:
    with app.app_context():
        db.session.execute(update(Enrollment).values(access_until=START + timedelta(seconds=40)))
        db.session.commit()
    fresh = {"token": token_of(site.get(FIRST)), "seq": "1"}
    later(30)
    fresh = {"token": token_of(site.post("/beats", fresh, htmx=True)), "seq": "2"}
    later(41)
    assert site.post("/beats", fresh, htmx=True).status_code == 409
    assert recorded_s(app) == 30


def test_a_session_in_use_is_stamped_anew(
    site: Site,
    later: Callable[[float], None],
    fields: dict[str, object],
    seen_by_the_view: list[str],
) -> None:
    with site.client.session_transaction() as session:
        session["seen"] = int((START + timedelta(seconds=29 - RESTAMP_AFTER_S)).timestamp())
    later(30)
    assert "Set-Cookie" in site.post("/beats", fields, htmx=True).headers
    later(45)
    assert "Set-Cookie" not in site.post("/beats", {**fields, "seq": "4"}, htmx=True).headers
    assert seen_by_the_view == ["3"]
