"""Abuse cases of the server (quality.md §3.3): 17, 37, 38, 39, over every route there is."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

import clock
from blueprints.access import ACCESS, Audience
from extensions import db
from models import AuditEvent, Course, Enrollment, EnrollmentKey, Person
from models.base import Base
from services import attempts
from tests.factories import (
    PASSWORD,
    SLUG,
    complete_items,
    make_administrator,
    make_enrollment,
    make_instructor,
    make_key,
    make_license,
    make_person,
)
from tests.site import Site
from tests.web.odd_forms import list_forms

HOME = f"/learn/{SLUG}"
VALUES = {"slug": SLUG, "item": "the-first-reading", "name": "recording.mp4"}
ASSIGNED = {
    "role": "administrator",
    "is_administrator": "1",
    "is_instructor": "true",
    "verified": "1",
    "email_confirmed_at": "2020-01-01",
    "person_id": "1",
    "price": "0",
    "price_cents": "0",
    "hours": "40",
    "group": "staff",
    "completed_at": "2020-01-01",
    "access_until": "2099-01-01",
    "used": "0",
    "score": "100",
    "passed": "1",
    "seconds": "99999",
}
HOSTILE_NEXT = (
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/%0d%0aLocation:https://evil.example",
    "/\r\nLocation: https://evil.example",
    "/\t/evil.example",
    " //evil.example",
)


@pytest.fixture
def cast(app: Flask) -> dict[str, int]:
    """Alice with an attempt, a license and a key; Bob, Carol, and Dave, who has nothing."""
    with app.app_context():
        alice = make_person()
        license_id = make_license(alice).id
        make_key()
        study = make_enrollment(alice)
        complete_items(study, unit=1)
        attempt_id = attempts.open_attempt(study, 1, clock.now()).id
        make_instructor()
        make_administrator()
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    return {"attempt_id": attempt_id, "license_id": license_id}


def test_case_17_fields_that_no_form_has_are_ignored(app: Flask, cast: dict[str, int]) -> None:
    before = _guarded(app)
    site = Site(app)
    site.log_in("alice@example.org")
    question = f"/attempts/{cast['attempt_id']}/questions/1"
    for page in ("/account", "/account/licenses", f"{HOME}/questions", question, HOME):
        for form in list_forms(site.get(page).text, page):
            if form.action != "/logout" and "erasure" not in form.action:
                fields = {**form.fields, "present_password": PASSWORD, "text": "Hello."}
                site.post(form.action, {**fields, **ASSIGNED, "csrf_token": site.token})
    typed = {
        "name_on_license": "Erin New",
        "email": "erin@example.org",
        "password": PASSWORD,
        "time_zone": "America/Chicago",
        "intent": "one",
    }
    assert Site(app).post("/register", {**typed, **ASSIGNED}).status_code == 303
    after = _guarded(app)
    made = after["person"].keys() - before["person"].keys()
    assert [after["person"].pop(key) for key in made] == [(False, False, None)]
    assert after == before


def test_case_37_next_leads_to_our_own_site_only(app: Flask, cast: dict[str, int]) -> None:
    for hostile in HOSTILE_NEXT:
        typed = {"email": "dave@example.org", "password": PASSWORD, "next": hostile}
        site = Site(app)
        site.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{HOSTILE_NEXT.index(hostile)}"
        answers = [site.post("/login", typed)]
        answers.append(site.client.get("/login", query_string={"next": hostile}))
        answers.append(site.client.get("/register", query_string={"next": hostile}))
        for answer in answers:
            assert answer.status_code == 303
            location = answer.headers["Location"]
            assert location.startswith("/") and location[1:2] not in ("/", "\\"), hostile
            assert "evil" not in location or location.startswith("/%"), hostile
            assert not [value for _, value in answer.headers if "\n" in value or "\r" in value]


def test_case_38_another_site_changes_nothing(app: Flask, cast: dict[str, int]) -> None:
    """Every route that changes something: from another site, without its token, as text, by GET."""
    site = Site(app)
    site.log_in("carol@example.org")
    before, recorded = _all_counts(app), 0
    for rule in _rules(app, "POST"):
        path = _path(rule, cast)
        cross = site.client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert cross.status_code == 400, path
        foreign = site.client.post(path, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 400, path
        recorded += 2
        plain = site.client.post(path, data="csrf_token=x", content_type="text/plain")
        assert plain.status_code in (400, 401), path
        if "GET" not in _methods(app, rule.rule):
            assert site.client.get(path).status_code in (404, 405), path
    after = _all_counts(app)
    with app.app_context():
        kinds = list(db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id.desc())))
    assert kinds.count("form.cross-site") == recorded, "each refusal is in the security log"
    assert after.pop("audit_event") - before.pop("audit_event") == recorded
    assert after == before


def test_case_39_who_may_not_see_a_page_may_not_see_its_variants(
    app: Flask, cast: dict[str, int]
) -> None:
    """Every page, plain and as a fragment: a visitor logs in, a wrong role is 403, a stranger's
    thing is 404."""
    visitor, dave = Site(app), Site(app)
    dave.log_in("dave@example.org")
    for rule in _rules(app, "GET"):
        audience = ACCESS[rule.endpoint]
        path = _path(rule, cast)
        for headers in ({}, {"HX-Request": "true"}):
            if audience is not Audience.ANYONE:
                answer = visitor.client.get(path, headers=headers)
                assert answer.status_code in (303, 204), (path, headers)
                where = answer.headers.get("Location") or answer.headers["HX-Redirect"]
                assert where.startswith("/login"), path
            if audience in (Audience.INSTRUCTOR, Audience.ADMINISTRATOR):
                assert dave.client.get(path, headers=headers).status_code == 403, path
            elif audience is Audience.LEARNER and _is_somebodys(rule):
                assert dave.client.get(path, headers=headers).status_code == 404, path


OWN_THINGS = (
    "/learn/<",
    "/attempts/<",
    "/certificates/<number",
    "/kept/<",
    "/orders/<",
    "/agency/<",
)


def _is_somebodys(rule: Rule) -> bool:
    """Whether a page shows what belongs to one person, under an address that names it."""
    return rule.rule.startswith(OWN_THINGS)


def _guarded(app: Flask) -> dict[str, dict[int, object]]:
    """What no form of a learner may change."""
    with app.app_context():
        people = db.session.scalars(select(Person))
        enrolled = db.session.scalars(select(Enrollment))
        return {
            "person": {
                p.id: (p.is_administrator, p.is_instructor, p.email_confirmed_at) for p in people
            },
            "enrollment": {
                e.id: (e.person_id, e.access_until, e.completed_at, e.edition_id) for e in enrolled
            },
            "course": {c.id: c.current_edition_id for c in db.session.scalars(select(Course))},
            "key": {k.id: (k.used, k.seats) for k in db.session.scalars(select(EnrollmentKey))},
        }


def _all_counts(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def _rules(app: Flask, method: str) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))


def _methods(app: Flask, address: str) -> set[str]:
    return {
        method
        for rule in app.url_map.iter_rules()
        if rule.rule == address
        for method in rule.methods or ()
    }


def _path(rule: Rule, cast: dict[str, int]) -> str:
    """An address of the route; one of its words where it offers a choice of words."""
    choices = {name: getattr(way, "items", None) for name, way in rule._converters.items()}
    values = {
        name: min(choices[name]) if choices.get(name) else VALUES.get(name, cast.get(name, 1))
        for name in rule.arguments
    }
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]
