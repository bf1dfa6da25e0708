"""Pages that are made once and filled in: the same as drawn in full, and nobody else's."""

import re

import pytest
from flask import Flask

from blueprints.player import item_page
from extensions import db
from tests.factories import SLUG, make_enrollment, make_person
from tests.site import Site

FIRST = f"/learn/{SLUG}/units/1/the-first-reading"
NAME = 'Eve "<b>" & Co.'
ESCAPED = "Eve &#34;&lt;b&gt;&#34; &amp; Co."


def learner(app: Flask, email: str, name: str) -> Site:
    with app.app_context():
        make_enrollment(make_person(email, name))
        db.session.commit()
    found = Site(app)
    found.log_in(email)
    return found


def without_tokens(page: str) -> str:
    """Tokens tell when they were signed, and the time's has something of chance in it."""
    for name in ("token", "csrf_token"):
        page = page.replace(re.findall(rf'name="{name}" value="([^"]+)"', page)[0], name.upper())
    return page


def test_a_filled_page_is_the_page_drawn_in_full(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    eve = learner(app, "eve@example.org", NAME)
    for _ in range(2):
        filled = without_tokens(eve.get(FIRST).text)
        with monkeypatch.context() as patch:
            patch.setattr(item_page, "has_flashes", lambda: True)
            assert without_tokens(eve.get(FIRST).text) == filled
        assert filled.count("TOKEN") >= 6
        assert ESCAPED in filled
        token = re.findall(r'name="token" value="([^"]+)"', eve.get(FIRST).text)[0]
        eve.post(FIRST, {"token": token, "action": "complete"})
    assert "since" in filled, "the second time the item was complete"


def test_nobody_sees_what_was_filled_in_for_others(app: Flask) -> None:
    eve = learner(app, "eve@example.org", NAME)
    fay = learner(app, "fay@example.org", "Fay Reader")
    pages = [eve.get(FIRST).text, fay.get(FIRST).text, eve.get(FIRST).text]
    assert [ESCAPED in page for page in pages] == [True, False, True]
    assert ["Fay Reader" in page for page in pages] == [False, True, False]
    tokens = [set(re.findall(r'name="csrf_token" value="([^".]+)', page)) for page in pages]
    assert [len(found) for found in tokens] == [1, 1, 1]
    assert tokens[0] == tokens[2] != tokens[1]


def test_what_is_told_once_is_told_on_a_page_of_the_player(app: Flask) -> None:
    eve = learner(app, "eve@example.org", NAME)
    eve.get(FIRST)
    with eve.client.session_transaction() as session:
        session["_flashes"] = [("success", "Told once.")]
    assert "Told once." in eve.get(FIRST).text
    assert "Told once." not in eve.get(FIRST).text
