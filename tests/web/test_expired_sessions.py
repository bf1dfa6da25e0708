"""A session that ended while somebody typed: they log in, and what was typed is there."""

import re
from html import unescape

import pytest
from sqlalchemy import func, select

from extensions import db
from models import KeptForm, License
from tests.factories import PASSWORD, make_person
from tests.site import Site

ALICE = "alice@example.org"
LICENSES = "/account/licenses"
TYPED = {"profession": "Psychologist", "jurisdiction": "Ohio", "number": "P-77 <b>"}


@pytest.fixture
def idle(site: Site) -> Site:
    """Alice's browser; she had begun to type, and her session has gone idle."""
    with site.app.app_context():
        make_person(ALICE)
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    site.log_in(ALICE)
    site.get(LICENSES)
    site.forget_login()
    return site


def test_a_page_asks_to_log_in_and_comes_back(idle: Site) -> None:
    assert idle.get(f"{LICENSES}?a=1").headers["Location"] == f"/login?next={LICENSES}?a%3D1"


def test_what_was_typed_comes_back_and_is_saved_once(idle: Site) -> None:
    login = idle.post(LICENSES, TYPED)
    assert login.status_code == 401
    assert "What you typed is safe" in login.text
    assert _count(idle, License) == _count(idle, KeptForm) == 0, "nothing is stored for nobody"
    shown = idle.follow(_log_in(idle, login.text))
    assert "P-77 &lt;b&gt;" in shown.text
    assert "License number" in shown.text
    assert "csrf" not in shown.text.split('id="typed"')[1].split("</dl>")[0]
    saved = idle.post(LICENSES, _fields(shown.text))
    assert saved.status_code == 303
    assert _count(idle, License) == 1
    assert _count(idle, KeptForm) == 0


def test_a_wrong_password_in_between_loses_nothing(idle: Site) -> None:
    login = idle.post(LICENSES, TYPED)
    again = _log_in(idle, login.text, password="not this one at all")
    assert again.status_code == 422
    assert "What you typed is safe" in again.text
    assert "P-77" in idle.follow(_log_in(idle, again.text)).text


def test_a_correction_is_still_possible(idle: Site) -> None:
    shown = idle.follow(_log_in(idle, idle.post(LICENSES, {**TYPED, "number": ""}).text))
    refused = idle.post(LICENSES, _fields(shown.text))
    assert refused.status_code == 422
    assert _count(idle, KeptForm) == 1, "kept until it is accepted"


def test_what_was_typed_can_be_discarded(idle: Site) -> None:
    shown = idle.follow(_log_in(idle, idle.post(LICENSES, TYPED).text))
    path = re.search(r'action="(/kept/\d+/discarded)"', shown.text)
    assert path is not None
    assert idle.post(path[1]).status_code == 303
    assert _count(idle, KeptForm) == 0


def test_another_person_at_the_same_browser_does_not_get_it(idle: Site) -> None:
    login = idle.post(LICENSES, TYPED)
    response = _log_in(idle, login.text, email="dave@example.org")
    assert response.headers["Location"] == "/learn"
    page = idle.follow(response)
    assert "belongs to another account" in page.text
    assert _count(idle, KeptForm) == 0


def test_a_kept_form_is_nobody_elses(idle: Site) -> None:
    response = _log_in(idle, idle.post(LICENSES, TYPED).text)
    dave = Site(idle.app)
    dave.log_in("dave@example.org")
    assert dave.get(response.headers["Location"]).status_code == 404
    assert dave.post(response.headers["Location"] + "/discarded").status_code == 303
    assert _count(idle, KeptForm) == 1, "it is still Alice's"


def test_what_was_altered_on_the_way_is_not_taken(idle: Site) -> None:
    login = idle.post(LICENSES, TYPED)
    sealed = re.search(r'name="kept" value="([^"]+)"', login.text)
    assert sealed is not None
    altered = sealed[1][:-8] + "AAAAAAA="
    response = idle.post("/login", {"email": ALICE, "password": PASSWORD, "kept": altered})
    assert response.headers["Location"] == "/learn"
    assert _count(idle, KeptForm) == 0


def test_passwords_are_not_carried(idle: Site) -> None:
    login = idle.post(
        "/account/password", {"present_password": "a present one", "password": "a new one!"}
    )
    shown = idle.follow(_log_in(idle, login.text)).text
    assert "a new one!" not in shown


def test_what_is_too_long_to_carry_is_said(idle: Site) -> None:
    login = idle.post(LICENSES, {**TYPED, "number": "9" * 70_000})
    assert "What you sent was too long to keep" in login.text


def test_htmx_is_told_in_the_status_line(idle: Site) -> None:
    answer = idle.post(LICENSES, TYPED, htmx=True)
    assert answer.headers["HX-Retarget"] == "#status"
    assert "what you typed will be there" in answer.text


def test_a_form_of_an_older_login_is_shown_to_be_sent_again(site: Site, idle: Site) -> None:
    stale = idle.token
    idle.log_in(ALICE)
    refused = idle.client.post(LICENSES, data={**TYPED, "csrf_token": stale})
    assert refused.status_code == 400
    assert "P-77 &lt;b&gt;" in refused.text
    assert _count(idle, License) == 0
    assert idle.post(LICENSES, _fields(refused.text)).status_code == 303
    assert _count(idle, License) == 1


def test_a_form_of_another_site_is_refused(idle: Site) -> None:
    idle.log_in(ALICE)
    idle.get(LICENSES)
    fields = {**TYPED, "csrf_token": idle.token}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert idle.client.post(LICENSES, data=fields, headers=headers).status_code == 400
    assert _count(idle, License) == 0


def _log_in(site: Site, page: str, email: str = ALICE, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    """Send the login form of a page, with what it carries."""
    response = site.post("/login", {**_fields(page), "email": email, "password": password})
    if response.status_code == 303:
        site.token = ""
    return response


def _fields(page: str) -> dict[str, object]:
    """The hidden fields of the first form below the heading."""
    form = page.split("<h1")[1].split("<form")[1].split("</form>")[0]
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
