"""Input no browser sends: answered with words and a status below 500, on both databases."""

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.exc import DataError

import clock
from extensions import db
from models import Throttle
from services import attempts
from tests.factories import (
    PASSWORD,
    SLUG,
    complete_items,
    make_administrator,
    make_enrollment,
    make_key,
    make_license,
    make_person,
)
from tests.site import Site
from tests.web.odd_forms import list_forms

CAROL = "carol@example.org"
HOME = f"/learn/{SLUG}"
CODE = "TESTKEY1"
NO_NUMBERS = ("9" * 40, "9" * 5000, "2147483648", "9223372036854775808", "²", "٣", "-1", "1.5")
VALUES = {"slug": SLUG, "item": "the-first-reading", "name": "recording.mp4"}
NO_DAYS = ("9999-12-31", "0001-01-01")
ODD_VALUES = (*NO_DAYS, "\0", "a\0b", "x" * 20_000, "9" * 40, "²", "\ud7ff", "﷽" * 100)
ODD_QUERIES = {
    f"{HOME}/units/1/the-first-reading": ("t",),
    f"{HOME}/questions": ("item",),
    "/": ("q", "hours", "level", "price", "body"),
    "/admin/keys": ("before",),
    "/admin/enrollments": ("after", "q", "course", "state", "agency", "from", "to", "sort", "way"),
    "/admin/people": ("after", "q", "kind", "sort", "way"),
    "/admin/courses": ("after", "q", "state", "sort", "way"),
    "/instructor": ("before",),
    "/admin/audit": ("from", "to", "who", "kind"),
    "/admin/reports/money": ("from", "to"),
    "/admin/audit-packs": ("first", "last"),
    "/transcript": ("from", "to"),
    "/login": ("next",),
    "/register": ("next",),
}
FORM_PAGES = (
    "/account",
    "/account/licenses",
    f"{HOME}/units/1/the-first-reading",
    f"{HOME}/questions",
    "/verify",
    "/admin/keys",
    "/admin/reviewers",
    "/admin/audit-packs",
)
VISITORS_FORM_PAGES = ("/register", "/login", "/password-reset", "/verify")
FILLED: dict[str, object] = {
    "email": "erin@example.org",
    "password": "another four plain words",
    "present_password": PASSWORD,
    "name_on_license": "Erin New",
    "number": "SW-7",
    "text": "A question about the alliance.",
    "code": "ABCD",
    "key": CODE,
    "seats": "3",
    "last_day": "2027-06-30",
    "answer": "1",
}


@pytest.fixture
def attempt_id(app: Flask) -> int:
    """An open attempt of Carol's, who administers, and studies as well."""
    with app.app_context():
        carol = make_administrator()
        make_license(carol)
        make_key(CODE)
        study = make_enrollment(carol)
        complete_items(study, unit=1)
        opened: int = attempts.open_attempt(study, 1, clock.now()).id
        db.session.commit()
    return opened


@pytest.fixture
def carol(site: Site, attempt_id: int) -> Site:
    site.log_in(CAROL)
    return site


def test_what_is_no_number_is_an_unknown_address(carol: Site) -> None:
    """Every route with a number in its address."""
    numbered = [rule for rule in carol.app.url_map.iter_rules() if _numbers(rule)]
    assert len(numbered) > 15
    for rule in numbered:
        method = "POST" if "POST" in rule.methods else "GET"
        for name in _numbers(rule):
            for odd in NO_NUMBERS:
                path = _path(rule.rule, rule.arguments, {name: odd})
                response = carol.client.open(path, method=method)
                assert response.status_code == 404, (method, path[:80], response.status_code)


def test_odd_values_in_an_address_are_no_fault(carol: Site) -> None:
    for path, name in [(path, name) for path, names in ODD_QUERIES.items() for name in names]:
        for odd in (*NO_NUMBERS, *ODD_VALUES):
            response = carol.client.get(path, query_string={name: odd})
            assert response.status_code < 500, (name, odd[:20], response.status_code)


def test_an_odd_number_of_a_kept_form_is_no_fault(carol: Site, attempt_id: int) -> None:
    question = f"/attempts/{attempt_id}/questions/1"
    for odd in (*NO_NUMBERS, "\0"):
        assert carol.client.get(question, query_string={"kept_form": odd}).status_code < 500
        sent = carol.post(f"{HOME}/questions", {"text": "A question.", "kept_form": odd})
        assert sent.status_code == (400 if odd == "\0" else 303)


def test_a_sign_of_presence_with_an_odd_number_changes_nothing(carol: Site) -> None:
    page = carol.get(f"{HOME}/units/1/the-first-reading").text
    token = page.split('name="token" value="')[1].split('"')[0]
    for odd in ("9" * 40, "9007199254740993", "²", "٣", "-1", "0"):
        assert carol.post("/beats", {"token": token, "seq": odd}).status_code == 422, odd


def test_a_sign_with_a_number_as_browsers_count_is_recorded(carol: Site) -> None:
    """The script counts on from the milliseconds since 1970."""
    page = carol.get(f"{HOME}/units/1/the-first-reading").text
    token = page.split('name="token" value="')[1].split('"')[0]
    assert carol.post("/beats", {"token": token, "seq": "1795600000001"}).status_code == 200


def test_every_form_withstands_odd_values(carol: Site, attempt_id: int) -> None:
    for page in (*FORM_PAGES, *(f"/attempts/{attempt_id}/questions/{n}" for n in (1, 2))):
        _try_forms(carol, page)


def test_every_form_of_visitors_withstands_odd_values(app: Flask) -> None:
    for page in VISITORS_FORM_PAGES:
        _try_forms(Site(app), page)


def test_the_form_of_enrolling_withstands_odd_values(site: Site, attempt_id: int) -> None:
    with site.app.app_context():
        make_person()
        db.session.commit()
    site.log_in("alice@example.org")
    _try_forms(site, f"/courses/{SLUG}/enrollment")


def test_a_code_and_an_address_with_odd_characters_are_unknown(site: Site) -> None:
    for path in ("/v/%00", "/courses/%00", "/policies/a%00b", f"/courses/{'x' * 5000}", "/v/²"):
        assert site.client.get(path).status_code in (400, 404), path[:40]


def test_what_only_the_database_refuses_is_told_as_input(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DataError("INSERT", {}, Exception("value too long"))

    monkeypatch.setattr("services.catalogue.search", refuse)
    assert site.get("/").status_code == 422


def test_a_form_with_an_overlong_address_ends_at_the_login(carol: Site) -> None:
    carol.forget_login()
    asked = carol.post(f"/learn/{'x' * 600}/questions", {"text": "Typed"})
    sealed = asked.text.split('name="kept" value="')[1].split('"')[0]
    response = carol.post("/login", {"email": CAROL, "password": PASSWORD, "kept": sealed})
    assert response.status_code == 303


def _try_forms(site: Site, path: str) -> None:
    """Send every form of a page with one odd value at a time, the others as they should be."""
    forms = [f for f in list_forms(site.get(path).text, path) if f.action != "/logout"]
    assert forms
    for form in forms:
        filled = {name: FILLED.get(name) or value for name, value in form.fields.items()}
        filled.pop("csrf_token")
        for name, odd in product(filled, ODD_VALUES):
            _forget_counts(site)
            response = site.post(form.action, {**filled, name: odd})
            assert response.status_code < 500, (form.action, name, odd[:20])
            assert response.status_code == 400 or "\0" not in odd, (form.action, name)


def _forget_counts(site: Site) -> None:
    with site.app.app_context():
        db.session.execute(delete(Throttle))
        db.session.commit()


def _numbers(rule) -> list[str]:  # type: ignore[no-untyped-def]
    return [name for name in rule.arguments if f"<int:{name}>" in rule.rule]


def _path(rule: str, arguments: set[str], numbers: dict[str, str]) -> str:
    path = rule
    for name in arguments:
        value = numbers.get(name, VALUES.get(name, "1"))
        path = path.replace(f"<int:{name}>", value).replace(f"<{name}>", value)
    return path
