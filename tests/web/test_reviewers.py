"""Reviewers: one course, read-only, for a time, with the key; counted in no statistic."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

import clock
from extensions import db
from models import Base, ReviewerGrant
from services import editions
from tests.factories import SLUG, make_administrator, make_instructor, make_person
from tests.mailbox import list_mail
from tests.site import Site

HOME = f"/review/{SLUG}"
REVIEWER = "rita@example.org"


def pages(site: Site) -> list[str]:
    with site.app.app_context():
        item = editions.get_current_outline(SLUG).units[0].items[0]
    return [
        HOME,
        f"{HOME}/units/1/{item.slug}",
        f"{HOME}/units/1/post-test",
        f"{HOME}/evaluation",
    ]


def in_days(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}"


TYPED = {"email": "Rita@Example.org", "course": SLUG, "body": "Board of Tests", "intent": "one"}


@pytest.fixture
def carol(site: Site) -> Site:
    with site.app.app_context():
        make_administrator()
        make_instructor()
        make_person()
        make_person(REVIEWER, "Rita Reviewer")
        db.session.commit()
    site.log_in("carol@example.org")
    return site


def add(site: Site, **fields: str) -> int:
    response = site.post("/admin/reviewers", {**TYPED, "last_day": in_days(30), **fields})
    return response.status_code


def as_person(site: Site, email: str) -> Site:
    site.client.delete_cookie("session")
    site.log_in(email)
    return site


def count_rows(site: Site) -> dict[str, int]:
    with site.app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_a_reviewer_walks_through_everything_with_the_key_and_leaves_no_trace(carol: Site) -> None:
    assert add(carol) == 303
    as_person(carol, REVIEWER)
    mine = carol.get("/learn").get_data(as_text=True)
    assert HOME in mine
    before = count_rows(carol)
    texts = {path: carol.get(path).get_data(as_text=True) for path in pages(carol)}
    assert "Right" in texts[f"{HOME}/units/1/post-test"]
    assert all("Review" in text for text in texts.values())
    assert count_rows(carol) == before, "nothing is written by reading"


def test_the_mail_says_how_to_begin_and_a_double_click_sends_one(carol: Site) -> None:
    add(carol)
    add(carol)
    sent = list_mail(carol.app, REVIEWER)
    assert len(sent) == 1
    assert HOME in sent[0].body
    with carol.app.app_context():
        assert db.session.scalar(select(func.count(ReviewerGrant.id))) == 1


@pytest.mark.parametrize("email", ["alice@example.org", REVIEWER])
def test_nobody_without_a_grant_sees_anything(carol: Site, email: str) -> None:
    as_person(carol, email)
    assert [carol.get(path).status_code for path in pages(carol)] == [404] * 4


def test_a_grant_that_is_over_or_withdrawn_opens_nothing(carol: Site) -> None:
    add(carol)
    with carol.app.app_context():
        grant = db.session.scalars(select(ReviewerGrant)).one()
        grant_id = grant.id
        grant.until = clock.now() - timedelta(seconds=1)
        db.session.commit()
    as_person(carol, REVIEWER)
    assert carol.get(HOME).status_code == 404
    with carol.app.app_context():
        db.session.scalars(select(ReviewerGrant)).one().until = clock.now() + timedelta(days=1)
        db.session.commit()
    assert carol.get(HOME).status_code == 200
    as_person(carol, "carol@example.org")
    assert carol.post(f"/admin/reviewers/{grant_id}/revoked").status_code == 303
    as_person(carol, REVIEWER)
    assert carol.get(HOME).status_code == 404


def test_an_address_that_is_not_confirmed_opens_nothing(carol: Site) -> None:
    with carol.app.app_context():
        make_person("new@example.org", email_confirmed_at=None)
        db.session.commit()
    add(carol, email="new@example.org")
    as_person(carol, "new@example.org")
    assert carol.get(HOME).status_code == 404


def test_a_reviewer_is_nobody_elsewhere(carol: Site) -> None:
    add(carol)
    as_person(carol, REVIEWER)
    for path in ("/admin/reviewers", f"/instructor/courses/{SLUG}/answer-key"):
        assert carol.get(path, may_write=True).status_code == 403
    assert carol.get(f"/learn/{SLUG}").status_code == 404


def test_staff_preview_by_the_same_pages(carol: Site) -> None:
    for email in ("carol@example.org", "bob@example.org"):
        as_person(carol, email)
        assert [carol.get(path).status_code for path in pages(carol)] == [200] * 4


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nobody"}, "e-mail address"),
        ({"course": "none"}, "Not a valid choice"),
        ({"body": ""}, "approving body"),
        ({"last_day": ""}, "Choose the last day"),
        ({"last_day": "2020-01-01"}, "within the next year"),
        ({"last_day": in_days(400)}, "within the next year"),
    ],
)
def test_bad_input_is_told_at_the_field(carol: Site, fields: dict[str, str], words: str) -> None:
    response = carol.post("/admin/reviewers", {**TYPED, "last_day": in_days(30), **fields})
    assert response.status_code == 422
    assert words in response.get_data(as_text=True)


def test_unknown_things_are_not_found(carol: Site) -> None:
    for path in ("/review/none", f"{HOME}/units/9/post-test", f"{HOME}/units/1/none"):
        assert carol.get(path).status_code == 404
    assert carol.post("/admin/reviewers/999/revoked").status_code == 404
