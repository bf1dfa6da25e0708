"""Enrolling a list: nothing happens before it is confirmed, and then once, whatever breaks off."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from extensions import db
from models import (
    BulkLine,
    BulkList,
    Enrollment,
    Job,
    OutgoingMail,
    Person,
    StudyInterval,
)
from services import bulk_lists, bulk_run, mailed_links
from tests.factories import SLUG, make_administrator, make_enrollment, make_person
from tests.site import Site

FORM = "/admin/enrollments/list"
LIST = """Name,E-mail
New Person,new@example.org
Alice Learner,alice@example.org
Dave Other,dave@example.org
,nobody@example.org
Gone,gone@example.org
Twice,NEW@example.org
"""
TYPED: dict[str, object] = {"course": SLUG, "people": LIST, "reason": "Contract 7", "intent": "one"}
URL = "http://localhost"


@pytest.fixture
def carol(site: Site) -> Site:
    """Carol's browser. Alice has an account, Dave is enrolled, one account is closed."""
    with site.app.app_context():
        make_administrator()
        make_person()
        make_enrollment(make_person("dave@example.org", "Dave Other"))
        make_person("gone@example.org", "Gone", deactivated_at=clock.now())
        db.session.commit()
    site.log_in("carol@example.org")
    return site


def test_a_dry_run_says_line_by_line_and_does_nothing(carol: Site) -> None:
    sent = carol.post(FORM, TYPED)
    assert sent.status_code == 303
    page = carol.follow(sent).text
    for words in (
        "A new account is made and invited",
        ">Is enrolled<",
        "Is enrolled already: nothing happens",
        "No account has this address, and a new one needs a name.",
        "The account of this address is deactivated.",
        "The same address as in line 2.",
        "Enroll 2 people and send 2 mails",
    ):
        assert words in page, words
    assert _counts(carol) == (4, 1, 0)


def test_an_account_nobody_confirmed_is_told_before_a_second_one_is_made(carol: Site) -> None:
    with carol.app.app_context():
        make_person("tess@example.org", "Tess", email_confirmed_at=None)
        db.session.commit()
    page = carol.follow(carol.post(FORM, {**TYPED, "people": "Tess, tess@example.org"})).text
    assert "although 1 account with this address, not confirmed, can be found" in page


def test_a_file_is_read_too_and_faults_keep_what_was_typed(carol: Site) -> None:
    for typed, words in (
        ({"people": ""}, "Choose a CSV file"),
        ({"reason": ""}, "Write why"),
        ({"course": "none-such"}, "Not a valid choice"),
        ({"people": "x" * 300_001}, "too long"),
        ({"file": (io.BytesIO("N\u00fa\u00f1ez,a@b.org".encode("latin-1")), "l.csv")}, "CSV UTF-8"),
    ):
        refused = carol.post(FORM, {**TYPED, **typed})
        assert refused.status_code == 422, typed
        assert words in refused.text
        assert "Contract 7" in refused.text or "reason" in typed
    file = (io.BytesIO(LIST.encode("utf-16")), "list.csv")
    sent = carol.post(FORM, {**TYPED, "people": "", "file": file})
    assert "Enroll 2 people" in carol.follow(sent).text


def test_the_same_form_twice_makes_one_list(carol: Site) -> None:
    first, second = carol.post(FORM, TYPED), carol.post(FORM, TYPED)
    assert first.headers["Location"] == second.headers["Location"]


def test_a_confirmed_list_is_worked_through_once(carol: Site) -> None:
    path = carol.post(FORM, TYPED).headers["Location"]
    stale = carol.post(f"{path}/confirmed", {"people": "9", "mails": "9"})
    assert "has changed meanwhile" in carol.follow(stale).text
    for _ in range(2):
        assert carol.post(f"{path}/confirmed", {"people": "2", "mails": "2"}).status_code == 303
    with carol.app.app_context():
        assert len(db.session.scalars(select(Job).where(Job.kind == "bulk")).all()) == 1
    for _ in range(2):
        _run(carol.app)
    assert _counts(carol) == (5, 3, 2)
    page = carol.get(path).text
    assert "The whole list is done." in page
    assert ">Invited<" in page
    with carol.app.app_context():
        assert not db.session.scalars(select(StudyInterval)).all()
        made = db.session.scalars(select(Person).where(Person.email == "new@example.org")).one()
        assert made.email_confirmed_at is None
    again = carol.follow(carol.post(FORM, {**TYPED, "intent": "two"})).text
    assert "Nobody on the list would be enrolled" in again, "the same list again does nothing"


def test_who_is_invited_chooses_a_password_and_studies(carol: Site) -> None:
    path = carol.post(FORM, TYPED).headers["Location"]
    carol.post(f"{path}/confirmed", {"people": "2", "mails": "2"})
    _run(carol.app)
    with carol.app.app_context():
        body = db.session.scalars(
            select(OutgoingMail.body).where(OutgoingMail.recipient == "new@example.org")
        ).one()
    link = body.split(URL)[1].split()[0]
    visitor = Site(carol.app)
    with carol.app.app_context():
        person = mailed_links.get_person_by_token(
            link.rsplit("/", 1)[1], "password-reset", clock.now()
        ).id
    assert visitor.get(link).status_code == 200
    chosen = visitor.post(link, {"password": "a whole new password", "account": str(person)})
    assert chosen.status_code == 303
    visitor.log_in("new@example.org", "a whole new password")
    assert "A Small Course" in visitor.get("/learn").text


def test_what_breaks_off_goes_on_where_it_was(carol: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = carol.post(FORM, TYPED).headers["Location"]
    carol.post(f"{path}/confirmed", {"people": "2", "mails": "2"})
    tell = bulk_run._tell

    def fail_for_alice(person, *rest) -> None:  # type: ignore[no-untyped-def]
        if person.email == "alice@example.org":
            raise OSError("the power went")
        tell(person, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(bulk_run, "_tell", fail_for_alice)
        with pytest.raises(OSError):
            _run(carol.app)
    assert _counts(carol) == (5, 2, 1), "the first line stands, the second left no trace"
    _run(carol.app)
    assert _counts(carol) == (5, 3, 2)


def test_long_lists_take_several_jobs(carol: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_run, "AT_ONCE", 2)
    path = carol.post(FORM, TYPED).headers["Location"]
    carol.post(f"{path}/confirmed", {"people": "2", "mails": "2"})
    _run(carol.app)
    assert "2 of 6 lines are done" in carol.get(path).text
    with carol.app.app_context():
        assert len(db.session.scalars(select(Job).where(Job.kind == "bulk")).all()) == 2


def test_an_unconfirmed_account_of_a_stranger_is_passed_over(carol: Site) -> None:
    with carol.app.app_context():
        make_person("new@example.org", "Somebody Else", email_confirmed_at=None)
        db.session.commit()
    page = carol.follow(carol.post(FORM, TYPED)).text
    assert "A new account is made and invited" in page


def test_lists_are_deleted_in_time(carol: Site) -> None:
    carol.post(FORM, TYPED)
    with carol.app.app_context():
        bulk_lists.sweep(clock.now() + bulk_lists.KEPT - timedelta(days=1))
        assert _count(BulkList) == 1
        bulk_lists.sweep(clock.now() + bulk_lists.KEPT + timedelta(days=1))
        assert _count(BulkList) == _count(BulkLine) == 0


def _run(app: Flask) -> None:
    with app.app_context():
        bulk_run.run(db.session.scalars(select(BulkList.id)).first() or 0, URL)


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _counts(site: Site) -> tuple[int, int, int]:
    """Accounts, enrollments, mails."""
    with site.app.app_context():
        return _count(Person), _count(Enrollment), _count(OutgoingMail)
