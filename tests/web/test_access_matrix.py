"""Who gets what: every role at every route, with real things of one's own and of others.

The table says for each route whose it is; a route that it does not name fails here. Pages, answers
to HTMX, files and searches are asked for by everybody; forms are sent by everybody they are not
for.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from blueprints.access import ACCESS, Audience
from extensions import db
from models.base import Base
from tests.access_town import OTHER, Values, make_town
from tests.site import Site

IN, LOGIN, ROLE, NONE = "comes in", "must log in", "403", "404"
ROLES = ("visitor", "alice", "dave", "bob", "ben", "carol", "mia", "max", "rita", "rolf")
"""Alice owns what learners own; Bob instructs her course and Ben another one; Carol administers;
Mia manages the agency of Alice's seat and Max another one; Rita reviews her course and Rolf another
one; Dave has an account only."""


def _everybody(otherwise: str, **expected: str) -> dict[str, str]:
    return {role: expected.get(role, otherwise) for role in ROLES}


EXPECTED = {
    "everybody": _everybody(IN),
    "oneself": _everybody(IN, visitor=LOGIN),
    "its learner": _everybody(NONE, visitor=LOGIN, alice=IN),
    "instructors": _everybody(ROLE, visitor=LOGIN, bob=IN, ben=IN, carol=IN),
    "who answers for the course": _everybody(ROLE, visitor=LOGIN, bob=IN, ben=NONE, carol=IN),
    "who may read the course": _everybody(NONE, visitor=LOGIN, bob=IN, carol=IN, rita=IN),
    "managers": _everybody(ROLE, visitor=LOGIN, mia=IN, max=IN),
    "its manager": _everybody(ROLE, visitor=LOGIN, mia=IN, max=NONE),
    "administrators": _everybody(ROLE, visitor=LOGIN, carol=IN),
}
"""What becomes of each role at a route of each kind."""

ROUTES = {
    "everybody": """
        catalog.show_catalogue catalog.show_preview catalog.show_preview_file catalog.show_course
        catalog.show_course_file catalog.list_policies catalog.show_policy catalog.show_health
        catalog.show_favicon catalog.show_robots catalog.show_problem_form
        catalog.create_problem_report catalog.show_problem_sent enrollment.show_key
        time_panel.show_panel time_panel.show_paused certificates.show_verify
        certificates.verify_typed_code
        certificates.show_verification accounts.show_registration accounts.create_account
        accounts.show_login accounts.create_login accounts.show_reset_request
        accounts.create_reset_request accounts.show_reset_sent accounts.show_reset
        accounts.create_new_password accounts.show_email_confirmation
        accounts.create_email_confirmation""",
    "oneself": """
        accounts.delete_login accounts.show_account accounts.save_account accounts.create_password
        accounts.show_sessions accounts.delete_sessions accounts.create_confirmation_mail
        accounts.show_licenses accounts.create_license accounts.show_accommodations
        accounts.create_accommodation_request accounts.show_my_data accounts.download_my_data
        accounts.show_erasure accounts.erase_account enrollment.show_enrollment
        enrollment.create_enrollment enrollment.list_my_courses enrollment.use_key
        orders.show_order_form orders.create_order orders.list_orders
        certificates.list_certificates certificates.download_transcript player.create_beat
        accounts.delete_kept_form""",
    "its learner": """
        accounts.delete_license accounts.show_renewal accounts.save_renewal
        accounts.show_kept_form enrollment.create_extension
        orders.show_order orders.download_document orders.show_cancellation
        orders.create_cancellation player.show_course_home player.show_item player.finish_item
        player.save_media_progress player.show_media player.show_time player.show_earlier_time
        player.create_correction post_tests.show_post_test post_tests.create_attempt
        post_tests.show_question post_tests.save_answer post_tests.show_review
        post_tests.submit_attempt post_tests.show_result evaluation.show_evaluation
        evaluation.submit_evaluation certificates.show_completion certificates.issue_certificate
        certificates.show_certificate certificates.download_pdf certificates.show_image
        questions.list_questions questions.create_question questions.create_reply
        questions.mark_read""",
    "instructors": """
        instructor.show_queue instructor.list_faq_entries instructor.show_promises""",
    "who answers for the course": """
        instructor.show_thread instructor.create_answer instructor.show_faq_form
        instructor.create_faq_entry instructor.show_faq_entry instructor.save_faq_entry
        instructor.remove_faq_entry instructor.show_evaluation_results
        instructor.create_evaluation_action instructor.show_analysis
        instructor.download_analysis instructor.show_question_analysis
        instructor.show_answer_key""",
    "who may read the course": """
        review.show_review review.show_review_item review.show_review_file
        review.show_review_test review.show_review_evaluation""",
    "managers": "agency.list_agencies",
    "its manager": "agency.show_progress agency.download_progress",
    "administrators": "admin.*",
}
"""Whose each route is. Add a new route here, with the kind it is of.

The whole panel is for administrators: a new route of it is tried as such without being named.
"""

NOT_MADE = (
    "catalog.show_course_file", "catalog.show_preview_file", "catalog.show_policy",
    "player.show_media", "review.show_review_file", "certificates.download_pdf",
    "certificates.show_image", "orders.download_document", "post_tests.show_result",
    "accounts.show_reset", "accounts.show_email_confirmation", "admin.download_certificate",
    "admin.download_order_document", "admin.download_audit_pack", "admin.show_body",
    "admin.show_edition",
)  # fmt: skip
"""Pages of which the town holds no thing (a PDF not drawn yet): only refusals are tried."""

SECRETS = ("Alice Learner", "alice@example.org", "asks Alice")
"""Words that tell of Alice; nobody reads them on a page that is not of them."""


@pytest.fixture
def town(app: Flask, tmp_path: Path) -> Values:
    with app.app_context():
        values = make_town(tmp_path)
        db.session.commit()
    return values


on_one_database = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
"""Access does not depend on the database; its parts are tested on both where they are made."""


def kind_of(endpoint: str) -> str:
    """What the table says of a route. Raises KeyError for one that it does not name."""
    named = {e: kind for kind, names in ROUTES.items() for e in names.split()}
    area = endpoint.partition(".")[0]
    return named.get(endpoint) or named[f"{area}.*"]


@on_one_database
def test_the_table_names_every_route_once(app: Flask) -> None:
    named = [endpoint for names in ROUTES.values() for endpoint in names.split()]
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    unnamed = {e for e in routes - set(named) if f"{e.partition('.')[0]}.*" not in named}
    assert unnamed == set(), "say in ROUTES whose a new route is"
    assert {e for e in set(named) - routes if not e.endswith(".*")} == set()
    assert len(named) == len(set(named))
    with pytest.raises(KeyError):
        kind_of("player.show_something_new")


def test_the_table_and_the_access_list_say_the_same() -> None:
    audiences = {
        "everybody": Audience.ANYONE,
        "oneself": Audience.LEARNER,
        "its learner": Audience.LEARNER,
        "instructors": Audience.INSTRUCTOR,
        "who answers for the course": Audience.INSTRUCTOR,
        "who may read the course": Audience.LEARNER,
        "managers": Audience.AGENCY_MANAGER,
        "its manager": Audience.AGENCY_MANAGER,
        "administrators": Audience.ADMINISTRATOR,
    }
    assert {endpoint: audiences[kind_of(endpoint)] for endpoint in ACCESS} == ACCESS


@on_one_database
def test_every_page_fragment_file_and_search(app: Flask, town: Values) -> None:
    wrong = [line for role in ROLES for line in _walk_pages(app, town, role)]
    assert not wrong, "\n".join(wrong)


@on_one_database
def test_every_form_that_is_not_for_one(app: Flask, town: Values) -> None:
    """Refused with the status of the table, and not a row is changed."""
    wrong = [line for role in ROLES for line in _send_forms(app, town, role)]
    assert not wrong, "\n".join(wrong)


@on_one_database
def test_what_is_of_another_course_or_agency(app: Flask, town: Values) -> None:
    """The same routes the other way round: Ben, Max and Rolf come in where theirs is."""
    theirs = {
        "ben": (f"/instructor/courses/{OTHER}/analysis", f"/review/{OTHER}"),
        "rolf": (f"/review/{OTHER}", f"/review/{OTHER}/units/1/post-test"),
    }
    refused = {
        "bob": (f"/instructor/courses/{OTHER}/analysis", f"/review/{OTHER}"),
        "rita": (f"/review/{OTHER}", f"/review/{OTHER}/units/1/post-test"),
        "mia": (f"/agency/{int(str(town['agency_id'])) + 1}",),
    }
    for role, paths in theirs.items():
        for path in paths:
            assert _browser(app, role).client.get(path).status_code == 200, (role, path)
    for role, paths in refused.items():
        for path in paths:
            assert _browser(app, role).client.get(path).status_code == 404, (role, path)
    light = _browser(app, "max").client.get(f"/agency/{int(str(town['agency_id'])) + 1}?q=Alice")
    assert (light.status_code, _tells_of_alice(light)) == (200, False)


def _walk_pages(app: Flask, town: Values, role: str) -> Iterator[str]:
    """What a role meets otherwise than the table says, and where it reads of Alice."""
    browser = _browser(app, role)
    for rule in _rules(app, "GET"):
        expected = EXPECTED[kind_of(rule.endpoint)][role]
        if expected == IN and rule.endpoint in NOT_MADE:
            continue
        path = _path(rule, town)
        asked: list[tuple[str, dict[str, str]]] = [(path, {}), (path, {"HX-Request": "true"})]
        if "list_" in rule.endpoint or rule.rule.startswith("/agency"):
            asked.append((f"{path}?q=Alice&words=Alice", {}))
        for address, headers in asked:
            answer = browser.client.get(address, headers=headers)
            found = _outcome(answer)
            if found != expected and not (found == NONE and _is_unknown(rule, town)):
                yield f"{role}, {address}: {expected}, but {found}"
            if not _may_read_of_alice(rule.endpoint, role) and _tells_of_alice(answer):
                yield f"{role}, {address}: tells of Alice"
            answer.close()


def _send_forms(app: Flask, town: Values, role: str) -> Iterator[str]:
    """Every form that is not for a role, plain and by HTMX: what is not refused as it should."""
    browser = _browser(app, role)
    browser.post("/verify", {"code": "x"})
    before = _counts(app)
    for rule in _rules(app, "POST"):
        expected = EXPECTED[kind_of(rule.endpoint)][role]
        for headers in ({}, {"HX-Request": "true"}) if expected != IN else ():
            fields = {"csrf_token": browser.token, "text": "x", "name": "x"}
            answer = browser.client.post(_path(rule, town), data=fields, headers=headers)
            if _outcome(answer) != expected:
                yield f"{role}, {rule.endpoint}: {expected}, but {answer.status_code}"
    if _counts(app) != before:
        yield f"{role} changed rows"


def _outcome(answer: TestResponse) -> str:
    if answer.status_code in (403, 404):
        return str(answer.status_code)
    where = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""
    if answer.status_code == 401 or where.startswith("/login"):
        return LOGIN
    if b"You are logged out, so nothing was saved" in answer.data:
        return LOGIN
    return IN if answer.status_code < 500 else f"failed with {answer.status_code}"


def _is_unknown(rule: Rule, town: Values) -> bool:
    """Whether the town holds no thing for a page of the panel that is newer than it."""
    return rule.rule.startswith("/admin") and not town.keys() >= rule.arguments


def _may_read_of_alice(endpoint: str, role: str) -> bool:
    """Alice herself; who answers for her course; the director; her agency, of her seat; and
    whoever was given the code of her certificate."""
    kind = kind_of(endpoint)
    if role in ("alice", "carol") or endpoint == "certificates.show_verification":
        return True
    if role == "bob":
        return kind in ("instructors", "who answers for the course")
    return kind in ("its manager", "managers") and role == "mia"


def _tells_of_alice(answer: TestResponse) -> bool:
    text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
    text = text.replace("?q=Alice", "").replace("words=Alice", "")
    return any(word in text for word in SECRETS)


def _counts(app: Flask) -> dict[str, int]:
    """Rows of every table but the log of refusals and throttles."""
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in ("audit_event", "throttle")
        }


def _browser(app: Flask, role: str) -> Site:
    site = Site(app)
    if role != "visitor":
        assert site.log_in(f"{role}@example.org").status_code == 303
    return site


def _rules(app: Flask, method: str) -> list[Rule]:
    found = (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))
    return sorted(found, key=lambda rule: rule.rule)


def _path(rule: Rule, town: Values) -> str:
    """The address of the real thing that a route is about."""
    values = {name: _value(rule, name, town) for name in rule.arguments}
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def _value(rule: Rule, name: str, town: Values) -> object:
    address = rule.rule
    if name == "number" and "/orders/" in address:
        return town["order_number"]
    if name == "number" and "/enrollments/" in address:
        return town["earlier"]
    if name == "question_id" and ("/analysis/" in address or "/ruling" in address):
        return town["bank_question_id"]
    if name == "enrollment_id" and "/seats/" in address:
        return town["seat_enrollment_id"]
    if name == "key_id" and "/invitations/" in address:
        return town["invited_key_id"]
    if name == "code" and address.startswith("/keys/"):
        return town["key_code"]
    if name == "slug" and address.startswith("/policies/"):
        return "none"
    if address.startswith("/admin") and "/editions/" in address and name == "number":
        return 1
    if name == "name" and "/look/" in address:
        return "sheet"
    assert name in town or address.startswith("/admin"), f"say in the town what {name} is"
    return town.get(name, 1)
