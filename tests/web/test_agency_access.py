"""Who may come to which page of an agency, and that nobody sees anything of another's people.

The matrix is made from the routes there are: a new route of an agency that is not open to
exactly its audience fails here.
"""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from blueprints.access import ACCESS, Audience
from domain.agency import SEEN_BY_AGENCY
from extensions import db
from models import (
    AgencyContract,
    AgencyKey,
    AgencyManager,
    AgencySeat,
    CertificateEvent,
    Enrollment,
    EnrollmentKey,
)
from services import agency_moves, agency_progress, editions
from services.audit import Actor
from services.enrollments import enroll, get_study_for
from tests.agencies import make_agency, make_agency_key, make_contract, make_manager
from tests.completed import complete_all, issue
from tests.factories import (
    SLUG,
    complete_items,
    make_administrator,
    make_enrollment,
    make_instructor,
    make_license,
    make_person,
)
from tests.site import Site

HARBOR_PEOPLE = ("Hanna Harbor", "Hugo Harbor")
LIGHT_PEOPLE = ("Lena Light", "Luis Light")
SECRETS = ("Ines Independent", "Lars Leaver", "@example.org", "Mia Manager's own")
ROLES = ("visitor", "learner", "dave", "bob", "carol", "mia", "max")
"""Mia manages Harbor Agency, Max manages Light Agency; Dave is a learner without agency."""
AGENCY_PAGES = ("", "?q=a", "?before=999999", "/progress.csv", "/progress.csv?q=a")


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    """Two agencies with people half-way and certified, somebody who left, and independents."""
    with app.app_context():
        make_administrator()
        make_instructor()
        make_person("dave@example.org", "Dave Stranger")
        ids = {
            "harbor": _agency("Harbor Agency", HARBOR_PEOPLE, "mia@example.org", "Mia Manager"),
            "light": _agency("Light Agency", LIGHT_PEOPLE, "max@example.org", "Max Manager"),
        }
        make_enrollment(make_person("ines@example.org", "Ines Independent"))
        _leaver(ids["harbor"])
        db.session.commit()
        return ids


def test_every_agency_route_is_open_to_its_audience_only(app: Flask, town: dict[str, int]) -> None:
    """Roles by routes: 200 or 3xx for whom it is; else log in, 403 or 404; nothing is changed."""
    before = _rows(app)
    for role in ROLES:
        browser = _browser(app, role)
        for path in _paths(app, town["harbor"], methods="GET"):
            assert browser.client.get(path).status_code == _expected(role, path), (role, path)
        for path in _paths(app, town["harbor"], methods="POST"):
            if path.startswith("/admin") and role not in ("carol", "visitor"):
                assert browser.post(path, {"name": "x"}).status_code == 403, (role, path)
    assert _rows(app) == before


def test_the_matrix_covers_every_route(app: Flask, town: dict[str, int]) -> None:
    of_agencies = {e for e, audience in ACCESS.items() if audience is Audience.AGENCY_MANAGER}
    assert {r.endpoint for r in _rules(app)} >= of_agencies | {"enrollment.show_key"}
    assert len(list(_rules(app))) >= 25


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_managers_see_their_own_people_and_nobody_elses(
    app: Flask, town: dict[str, int], htmx: bool
) -> None:
    for role, own, theirs in (("mia", "harbor", "light"), ("max", "light", "harbor")):
        mine = HARBOR_PEOPLE if own == "harbor" else LIGHT_PEOPLE
        others = LIGHT_PEOPLE if own == "harbor" else HARBOR_PEOPLE
        browser = _browser(app, role)
        for tail in AGENCY_PAGES:
            head = {"HX-Request": "true"} if htmx else {}
            text = browser.client.get(f"/agency/{town[own]}{tail}", headers=head).text
            if "q=" not in tail and htmx is False:
                assert all(name in text for name in mine), tail
            assert not any(name in text for name in (*others, *SECRETS[:2])), tail
            refused = browser.client.get(f"/agency/{town[theirs]}{tail}", headers=head)
            assert refused.status_code == 404
            assert not any(name in refused.text for name in others)


def test_a_manager_sees_no_more_than_was_told(app: Flask, town: dict[str, int]) -> None:
    """No address, score, attempt, time, answer, license or message of anybody."""
    page = _browser(app, "mia").get(f"/agency/{town['harbor']}").text
    main = page.split("<main")[1].split('id="sees-title"')[0].split('id="contracts-title"')[0]
    for word in ("@", "attempt", "score", "%", "SW-", "answer", "minutes", " min"):
        assert word not in main, word
    assert re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", main)[:8] == [
        "Name",
        "Course",
        "Enrolled",
        "Items complete",
        "Post-tests passed",
        "Completed",
        "CE hours",
        "Certificate",
    ]
    assert all(line in page for line in SEEN_BY_AGENCY)


def test_the_file_holds_the_same_and_is_safe_for_spreadsheets(
    app: Flask, town: dict[str, int]
) -> None:
    with app.app_context():
        _hold(town["harbor"], make_person("x@example.org", "=HYPERLINK(1)"))
        db.session.commit()
    answer = _browser(app, "mia").client.get(f"/agency/{town['harbor']}/progress.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    by_name = {row[0]: row for row in rows[1:]}
    assert set(by_name) == {*HARBOR_PEOPLE, "'=HYPERLINK(1)"}
    assert by_name["Hanna Harbor"][3:7] == ["2", "3", "0", "2"]
    certified = by_name["Hugo Harbor"]
    assert certified[3:7] == ["3", "3", "2", "2"]
    assert certified[7]
    assert re.fullmatch(r"20\d\d-\w{8}", certified[9])
    assert certified[8] != ""


def test_a_revoked_certificate_grants_the_agency_no_hours(app: Flask, town: dict[str, int]) -> None:
    from models import Certificate

    with app.app_context():
        mine = db.session.scalars(
            select(Certificate.id).where(Certificate.printed_name == "Hugo Harbor")
        ).one()
        db.session.add(
            CertificateEvent(
                certificate_id=mine, kind="revoked", reason="error", happened_at=clock.now()
            )
        )
        db.session.commit()
        lines = {line.name: line for line in agency_progress.every_person(town["harbor"])}
    assert lines["Hugo Harbor"].certificate.endswith("(revoked)")
    assert lines["Hugo Harbor"].hours == ""


def test_a_manager_cannot_open_what_belongs_to_the_learner(
    app: Flask, town: dict[str, int]
) -> None:
    """Certificates, transcripts, the time record and the course of her people are theirs."""
    from models import Certificate

    with app.app_context():
        number = db.session.scalars(
            select(Certificate.number).where(Certificate.printed_name == "Hugo Harbor")
        ).one()
    mia = _browser(app, "mia")
    for path in (
        f"/certificates/{number}",
        f"/certificates/{number}.pdf",
        f"/learn/{SLUG}",
        f"/learn/{SLUG}/time",
        f"/learn/{SLUG}/questions",
    ):
        assert mia.client.get(path).status_code == 404, path
    assert "Hugo" not in mia.get("/certificates").text


def test_who_has_left_is_seen_no_more(app: Flask, town: dict[str, int]) -> None:
    with app.app_context():
        names = [line.name for line in agency_progress.every_person(town["harbor"])]
    assert sorted(names) == sorted(HARBOR_PEOPLE)


def test_one_agency_opens_at_once_and_several_are_listed(app: Flask, town: dict[str, int]) -> None:
    mia = _browser(app, "mia")
    assert mia.get("/agency").headers["Location"] == f"/agency/{town['harbor']}"
    with app.app_context():
        manager = db.session.scalars(
            select(AgencyManager.person_id).where(AgencyManager.agency_id == town["harbor"])
        ).one()
        db.session.add(
            AgencyManager(agency_id=town["light"], person_id=manager, granted_at=clock.now())
        )
        db.session.commit()
    page = mia.get("/agency").text
    assert "Harbor Agency" in page
    assert "Light Agency" in page


def test_people_are_found_by_name_and_go_on_on_further_pages(
    app: Flask, town: dict[str, int]
) -> None:
    with app.app_context():
        for n in range(agency_progress.PAGE):
            _hold(town["harbor"], make_person(f"p{n}@example.org", f"Person {n:02d}"))
        db.session.commit()
    mia = _browser(app, "mia")
    first = mia.get(f"/agency/{town['harbor']}").text
    assert "52 seats are held" in first
    further = re.search(r'href="([^"]+before=\d+)"', first)
    assert further is not None
    second = mia.get(further[1]).text
    assert "Hanna Harbor" in second
    assert "Hanna Harbor" not in first
    found = mia.get(f"/agency/{town['harbor']}?q=hanna+HARBOR").text
    assert "Hanna Harbor" in found
    assert "Hugo Harbor" not in found
    assert "Nobody matches" in mia.get(f"/agency/{town['harbor']}?q=%25").text


def test_open_invitations_show_names_and_no_codes(app: Flask, town: dict[str, int]) -> None:
    with app.app_context():
        contract = _contract(town["harbor"])
        make_agency_key(contract, "FOREVE234567", invited="Eve Invited", email="eve@example.org")
        db.session.commit()
    page = _browser(app, "mia").get(f"/agency/{town['harbor']}").text
    assert "Eve Invited" in page
    assert "FORE" not in page
    assert "eve@example.org" not in page


def _agency(name: str, people: tuple[str, str], email: str, manager: str) -> int:
    """One person half-way, one certified."""
    agency = make_agency(name)
    make_contract(agency, seats=100)
    make_manager(agency, make_person(email, manager))
    half, done = (
        make_person(f"{who.split()[0].lower()}@example.org", who, time_zone="UTC") for who in people
    )
    for person in (half, done):
        make_license(person, f"SW-{person.id}")
        _hold(agency.id, person)
    complete_items(get_study_for(half.id, SLUG), unit=1)
    issue(complete_all(get_study_for(done.id, SLUG)), people[1])
    return agency.id


def _leaver(agency_id: int) -> None:
    person = make_person("lars@example.org", "Lars Leaver")
    enrollment = _hold(agency_id, person)
    contract = _contract(agency_id)
    actor = Actor(person.id, "r")
    agency_moves.free_seat(agency_id, contract.id, enrollment, actor, clock.now())


def _hold(agency_id: int, person) -> int:  # type: ignore[no-untyped-def]
    code = f"KEY{agency_id}X{person.id}"
    make_agency_key(_contract(agency_id), code)
    return enroll(person.id, editions.get_current_outline(SLUG), code, clock.now()).id


def _contract(agency_id: int) -> AgencyContract:
    return db.session.scalars(
        select(AgencyContract).where(AgencyContract.agency_id == agency_id)
    ).one()


def _browser(app: Flask, role: str) -> Site:
    site = Site(app)
    email = {"learner": "hanna@example.org"}.get(role, f"{role}@example.org")
    if role != "visitor":
        site.log_in(email)
    return site


def _rules(app: Flask):  # type: ignore[no-untyped-def]
    """The routes of agencies: their managers', the panel's, and the page of a key."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/agency", "/admin/agencies", "/keys/")):
            yield rule


def _paths(app: Flask, agency_id: int, methods: str) -> list[str]:
    """The addresses of Harbor Agency's own things."""
    with app.app_context():
        contract = _contract(agency_id)
        held = db.session.scalars(
            select(AgencySeat.enrollment_id)
            .join(Enrollment, Enrollment.id == AgencySeat.enrollment_id)
            .where(AgencySeat.contract_id == contract.id, Enrollment.completed_at.is_(None))
        ).first()
        key = db.session.scalars(
            select(EnrollmentKey)
            .join(AgencyKey, AgencyKey.enrollment_key_id == EnrollmentKey.id)
            .where(AgencyKey.contract_id == contract.id)
        ).first()
        manager = db.session.scalars(
            select(AgencyManager.id).where(AgencyManager.agency_id == agency_id)
        ).first()
        assert key is not None
        values = {
            "agency_id": agency_id,
            "contract_id": contract.id,
            "enrollment_id": held,
            "key_id": key.id,
            "manager_id": manager,
            "code": key.code,
        }
    found = [rule for rule in _rules(app) if methods in (rule.methods or ())]
    with app.test_request_context():
        return [app.url_for(r.endpoint, **{a: values[a] for a in r.arguments}) for r in found]


def _expected(role: str, path: str) -> int:
    if path.startswith("/keys/"):
        return 303 if role == "learner" else 200
    if role == "visitor":
        return 303
    if path.startswith("/admin"):
        return 200 if role == "carol" else 403
    if role not in ("mia", "max"):
        return 403
    if path == "/agency":
        return 303
    return 200 if role == "mia" else 404


def _rows(app: Flask) -> dict[str, int]:
    """How many rows the tables of agencies have."""
    with app.app_context():
        models = (AgencyContract, AgencyKey, AgencyManager, AgencySeat, Enrollment)
        return {
            model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }
