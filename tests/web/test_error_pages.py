"""Every error page, reached as people reach it: in the design, in words, with a reference."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from extensions import db
from tests.factories import SLUG, make_enrollment, make_person
from tests.site import Site, check_page

CLOSED_UNIT = f"/learn/{SLUG}/units/2/the-third-reading"
TITLES = {
    400: "We could not understand that request",
    403: "You may not open this page",
    404: "There is no such page",
    405: "That cannot be done here",
    409: "This cannot be done now",
    413: "That is too large",
    422: "Something in the form needs a correction",
    429: "Too many tries in a short time",
    500: "Something went wrong on our side",
    503: "The service is busy for a moment",
}


@pytest.fixture
def dave(site: Site) -> Site:
    """Dave's browser; he is enrolled and has no role."""
    with site.app.app_context():
        make_enrollment(make_person("dave@example.org", "Dave"))
        db.session.commit()
    site.log_in("dave@example.org")
    site.get("/account")
    return site


@pytest.mark.usefixtures("standing_clock")
def test_every_error_has_its_page(dave: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = {status: _reach(dave, status, monkeypatch) for status in TITLES}
    for status, answer in reached.items():
        assert answer.status_code == status
        text = answer.text
        check_page(text)
        assert TITLES[status] in text, status
        assert f'<span class="error-status">{status}</span>' in text
        reference = answer.headers["X-Request-Id"]
        assert len(reference) == 12
        assert f'<code translate="no">{reference}</code>' in text, "what to quote"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Traceback" not in text
    assert len({answer.headers["X-Request-Id"] for answer in reached.values()}) == len(TITLES)
    for status in (429, 503):
        assert int(reached[status].headers["Retry-After"]) > 0
        assert "You can try again in" in reached[status].text
    assert "POST" in reached[405].headers["Allow"]


def test_an_error_page_needs_no_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the database is gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", gone)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalar", gone)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalars", gone)
    monkeypatch.setattr("sqlalchemy.orm.Session.connection", gone)
    answer = app.test_client().get("/policies")
    assert answer.status_code == 503
    assert TITLES[503] in answer.text
    assert app.test_client().get("/no-such-page").status_code == 404


def _reach(site: Site, status: int, monkeypatch: pytest.MonkeyPatch) -> TestResponse:
    ways: dict[int, Callable[[], TestResponse]] = {
        400: lambda: site.client.get("/?q=%00"),
        403: lambda: site.get("/admin", may_write=True),
        404: lambda: site.get("/no-such-page"),
        405: lambda: site.get("/logout"),
        409: lambda: site.get(CLOSED_UNIT),
        413: lambda: site.post(f"/learn/{SLUG}/questions", {"text": "x" * 1_100_000}),
        422: lambda: site.post("/beats", {"token": _token(site), "seq": "none"}),
        429: lambda: [site.client.get("/v/ABCDE") for _ in range(31)][-1],
        500: lambda: _with_fault(site, RuntimeError("a fault"), monkeypatch),
        503: lambda: _with_fault(site, OperationalError("x", {}, Exception()), monkeypatch),
    }
    return ways[status]()


def _with_fault(site: Site, fault: Exception, monkeypatch: pytest.MonkeyPatch) -> TestResponse:
    def fail() -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setitem(site.app.view_functions, "catalog.list_policies", fail)
        return site.get("/policies")


def _token(site: Site) -> str:
    page = site.get(f"/learn/{SLUG}/units/1/the-first-reading").text
    return page.split('name="token" value="')[1].split('"')[0]
