"""The audit log in the panel: found by what, who, whom and when; as CSV; for administrators."""

import csv
import io

import pytest
from flask import Flask

from extensions import db
from models import AuditEvent
from services import audit
from tests.factories import make_administrator, make_instructor, make_person
from tests.site import Site

PAGE = "/admin/audit"


@pytest.fixture
def carol(context: Flask, site: Site) -> Site:
    """A site where the administrator is logged in, with three events to find."""
    carol = make_administrator()
    dave = make_person("dave@example.org", "=Dave")
    audit.record("key.created", actor_id=carol.id, subject="key:4", facts={"seats": 3})
    audit.record("key.revoked", actor_id=dave.id, subject="key:5")
    audit.record("role.granted", actor_id=None, subject=f"person:{dave.id}")
    db.session.commit()
    site.log_in("carol@example.org")
    return site


def text_of(site: Site, address: str) -> str:
    response = site.get(address)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_events_are_shown_with_who_acted(carol: Site) -> None:
    page = text_of(carol, PAGE)
    assert "key:4" in page
    assert "Carol Director" in page
    assert "seats: 3" in page


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("kind=key.created", "key:4", "key:5"),
        ("who=dave@example.org", "key:5", "key:4"),
        ("who=DAVE@example.org", "role.granted</td>", "key:4"),
        ("subject=key:5", "key:5", "key:4"),
        ("to=2020-01-01", "Nothing matches", "key:4"),
        ("from=2020-01-01", "key:4", "Nothing matches"),
        ("who=nobody@example.org", "Nothing matches", "key:4"),
        ("from=soon&to=%FF&after=x&sort=y&way=z&kind=%27%3B--", "Nothing matches", "key:4"),
        ("who=person:99999999999999999999999999999999999999999", "Nothing matches", "key:4"),
    ],
)
def test_filters(carol: Site, query: str, there: str, not_there: str) -> None:
    page = text_of(carol, f"{PAGE}?{query}")
    assert there in page
    assert f"<td>{not_there}</td>" not in page


def test_a_further_page_and_the_other_order(carol: Site) -> None:
    for number in range(60):
        audit.record("key.created", actor_id=None, subject=f"key:{100 + number}")
    db.session.commit()
    first = text_of(carol, f"{PAGE}?kind=key.created")
    assert "key:159" in first
    assert "key:4<" not in first
    more = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "key:4<" in text_of(carol, more)
    oldest = text_of(carol, f"{PAGE}?kind=key.created&sort=happened&way=asc")
    assert "key:4<" in oldest


def test_the_csv_holds_what_the_filter_shows_and_runs_nowhere(carol: Site) -> None:
    response = carol.get(f"{PAGE}?kind=key.revoked&format=csv")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["Subject"] for row in rows] == ["key:5"]
    assert rows[0]["Who"] == "'=Dave"


def test_only_administrators_see_it(context: Flask, site: Site) -> None:
    make_person()
    make_instructor()
    db.session.commit()
    assert site.get(PAGE).status_code == 303
    for email in ("alice@example.org", "bob@example.org"):
        site.log_in(email)
        assert site.get(PAGE, may_write=True).status_code == 403
        assert site.get(f"{PAGE}?format=csv", may_write=True).status_code == 403
        site.client.delete_cookie("session")
    db.session.rollback()
    refused = db.session.query(AuditEvent).filter_by(kind="access.refused").count()
    assert refused == 4
