"""Courses and the provider in the panel: versions, archiving, publishing, settings."""

import re
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from domain.access import AccessTerms
from extensions import db
from models import AuditEvent, Edition, Provider
from services import editions, provider
from tests.conftest import TEST_COURSE
from tests.factories import SLUG, make_enrollment, make_person
from tests.site import Site

COURSE = f"/admin/courses/{SLUG}/versions"
SETTINGS = {
    "name": "New Center", "legal_name": "New Center LLC", "address": "1 Street\nTown",
    "email": "ce@center.example", "phone": "555", "website": "https://center.example",
    "time_zone": "America/Chicago", "signatory_name": "Ann Lee", "signatory_title": "Director",
    "reply_hours": "24", "retention_years": "8",
    "extension_days": "45", "first_reminder_days": "40", "last_reminder_days": "5",
}  # fmt: skip


def test_an_archived_course_is_left_to_who_is_enrolled(carol: Site) -> None:
    with carol.app.app_context():
        make_enrollment(make_person())
        db.session.commit()
    for _ in range(2):
        assert carol.post(f"/admin/courses/{SLUG}/archived").status_code == 303
    assert "Archived on" in carol.get(COURSE).text
    visitor = Site(carol.app)
    assert visitor.get(f"/courses/{SLUG}").status_code == 404
    assert "A Small Course" not in visitor.get("/").text
    alice = Site(carol.app)
    alice.log_in("alice@example.org")
    assert alice.get(f"/learn/{SLUG}").status_code == 200
    assert carol.post(f"/admin/courses/{SLUG}/restored").status_code == 303
    assert "A Small Course" in visitor.get("/").text
    with carol.app.app_context():
        kinds = list(db.session.scalars(select(AuditEvent.kind)))
    assert (kinds.count("course.archived"), kinds.count("course.restored")) == (1, 1)
    assert carol.get("/admin/courses/none-such/versions").status_code == 404


@pytest.fixture
def folder(carol: Site, tmp_path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A copy of the course as the one folder on the server; its days of access are changed."""
    copied = tmp_path / "content" / SLUG
    shutil.copytree(TEST_COURSE, copied)
    source = copied / "course.yaml"
    text = source.read_text()
    assert "access_days:" in text
    source.write_text(re.sub(r"access_days: \d+", "access_days: 77", text))
    settings = replace(carol.app.config["SETTINGS"], content=tmp_path / "content")
    monkeypatch.setitem(carol.app.config, "SETTINGS", settings)
    return copied


def test_a_folder_is_checked_then_published_once(carol: Site, folder) -> None:  # type: ignore[no-untyped-def]
    report = carol.get(f"/admin/courses/publishing?folder={SLUG}").text
    assert "No errors" in report
    for _ in range(2):
        sent = carol.post(f"/admin/courses/publishing/{SLUG}")
        assert sent.status_code == 303
    page = carol.follow(sent).text
    assert "Edition 2, for new enrollments" in page
    changed = carol.get(f"/admin/courses/{SLUG}/editions/2").text
    assert "77" in changed
    assert "needed a new edition" in changed
    assert carol.get(f"/admin/courses/{SLUG}/editions/1").status_code == 404
    with carol.app.app_context():
        of_course = Edition.course_id == editions.get_course(SLUG).id
        assert db.session.scalar(select(func.count()).where(of_course)) == 2
        assert (
            len(
                list(
                    db.session.scalars(
                        select(AuditEvent).where(AuditEvent.kind == "course.published")
                    )
                )
            )
            == 1
        )


def test_a_folder_with_errors_is_not_published(carol: Site, folder) -> None:  # type: ignore[no-untyped-def]
    (folder / "course.yaml").write_text("title: [")
    report = carol.get(f"/admin/courses/publishing?folder={SLUG}").text
    assert "cannot be published yet" in report
    assert "course.yaml" in report
    sent = carol.post(f"/admin/courses/publishing/{SLUG}")
    assert "nothing is published" in carol.follow(sent).text


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fetc", "none-such", "policies"])
def test_no_path_leads_out_of_the_folder(carol: Site, folder, name: str) -> None:  # type: ignore[no-untyped-def]
    assert carol.get(f"/admin/courses/publishing?folder={name}").status_code == 404
    assert carol.post(f"/admin/courses/publishing/{name}").status_code in (404, 308, 405)


def test_settings_are_saved_and_logged_by_name(carol: Site) -> None:
    assert carol.post("/admin/provider", SETTINGS).status_code == 303
    assert carol.post("/admin/provider", SETTINGS).status_code == 303
    assert 'value="New Center LLC"' in carol.get("/admin/provider").text
    with carol.app.app_context():
        provider.forget()
        facts = provider.get_provider()
        assert (facts.name, facts.reply_hours, facts.demonstration) == ("New Center", 24, False)
        assert facts.access_terms == AccessTerms(45, 40, 5)
        assert facts.facts["signatory"] == {"name": "Ann Lee", "title": "Director"}
        assert db.session.get_one(Provider, 1).facts["retention_years"] == 8
        kind = AuditEvent.kind == "provider.changed"
        event = db.session.scalars(select(AuditEvent).where(kind)).one()
        assert "reply_hours" in event.facts["fields"]
        assert "Ann Lee" not in str(event.facts)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter the name of the center."),
        ({"reply_hours": "0"}, "from 1 to 240"),
        ({"retention_years": "many"}, "as a whole number"),
        ({"last_reminder_days": "40"}, "fewer days than for the first"),
        ({"extension_days": "-1"}, "from 0 to 365"),
        ({"website": "javascript:x"}, "Enter the whole address"),
        ({"time_zone": "Mars/Base"}, "Not a valid choice"),
        ({"email": "x"}, "Enter an e-mail address"),
    ],
)
def test_faults_of_settings_are_told(carol: Site, typed: dict[str, str], words: str) -> None:
    refused = carol.post("/admin/provider", {**SETTINGS, **typed})
    assert refused.status_code == 422
    assert words in refused.text
    assert "Director" in refused.text
