"""Reporting problems and grievances: for everybody, throttled; answered by mail, with history."""

import pytest
from sqlalchemy import func, select

from extensions import db
from models import OutgoingMail, ProblemReport
from tests.factories import make_person
from tests.site import Site

FORM = "/report-a-problem"
TYPED: dict[str, object] = {
    "kind": "grievance", "text": "The captions are wrong.", "email": "Vera@example.org",
    "page": "/courses/small-course", "intent": "one",
}  # fmt: skip


def test_a_visitor_reports_once_and_the_center_is_told(site: Site) -> None:
    assert 'href="/report-a-problem"' in site.get("/").text
    assert 'value="grievance"' in site.get(f"{FORM}?kind=grievance").text
    for _ in range(2):
        assert site.post(FORM, TYPED).headers["Location"] == f"{FORM}/sent"
    assert site.get(f"{FORM}/sent").status_code == 200
    with site.app.app_context():
        row = db.session.scalars(select(ProblemReport)).one()
        assert (row.kind, row.email, row.state) == ("grievance", "vera@example.org", "new")
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": ""}, "Write what happened."),
        ({"text": "x" * 5001}, "at most 5,000"),
        ({"email": "nowhere"}, "Enter an e-mail address such as"),
        ({"kind": "other"}, "Choose what it is."),
    ],
)
def test_faults_are_told_at_the_field(site: Site, typed: dict[str, object], words: str) -> None:
    refused = site.post(FORM, {**TYPED, **typed})
    assert refused.status_code == 422
    assert words in refused.text
    assert "text" in typed or "The captions are wrong." in refused.text


@pytest.mark.usefixtures("standing_clock")
def test_reports_are_throttled(site: Site) -> None:
    answers = [site.post(FORM, {**TYPED, "intent": str(n)}).status_code for n in range(12)]
    assert answers[:10] == [303] * 10
    assert answers[10:] == [429, 429]


def test_a_learners_report_leads_to_the_account(carol: Site) -> None:
    with carol.app.app_context():
        person = make_person()
        db.session.commit()
        href = f"/admin/people/{person.id}"
    alice = Site(carol.app)
    alice.log_in("alice@example.org")
    assert 'value="alice@example.org"' in alice.get(FORM).text
    alice.post(FORM, {**TYPED, "email": "alice@example.org"})
    assert "problem report is open" in carol.get("/admin").text
    page = carol.get(_path(carol)).text
    assert f'href="{href}"' in page
    assert alice.get("/admin/problems", may_write=True).status_code == 403


def test_answers_go_by_mail_and_two_tabs_do_not_contradict(carol: Site) -> None:
    Site(carol.app).post(FORM, TYPED)
    path = _path(carol)
    noted = {"state": "in work", "note": "Looking", "seen": "0"}
    assert carol.post(f"{path}/state", {**noted, "state": "odd"}).status_code == 422
    assert carol.post(f"{path}/state", noted).status_code == 303
    stale = carol.post(f"{path}/answer", {"answer": "Done.", "seen": "0"})
    assert stale.status_code == 422
    assert "dealt with this report meanwhile" in stale.text
    assert "Done." in stale.text
    assert carol.post(f"{path}/answer", {"answer": "", "seen": "1"}).status_code == 422
    assert carol.post(f"{path}/answer", {"answer": "Done.", "seen": "1"}).status_code == 303
    page = carol.get(path).text
    assert "Looking" in page
    assert "Answered" in page
    with carol.app.app_context():
        mails = select(OutgoingMail.body).where(OutgoingMail.recipient == "vera@example.org")
        assert "Done." in db.session.scalars(mails).one()
    assert "problem report" not in carol.get("/admin").text
    assert carol.get("/admin/problems/999999").status_code == 404


def test_the_list_is_filtered(carol: Site) -> None:
    Site(carol.app).post(FORM, TYPED)
    for query, found in (
        ("state=new", True),
        ("kind=problem", False),
        ("q=captions+vera", True),
        ("q=zzz", False),
        ("state=odd&kind=%27", True),
    ):
        assert ("vera@example.org" in carol.get(f"/admin/problems?{query}").text) is found, query
    assert "The captions are wrong." in carol.get("/admin/problems?format=csv").text


def _path(site: Site) -> str:
    with site.app.app_context():
        return f"/admin/problems/{db.session.scalars(select(ProblemReport.id)).one()}"
