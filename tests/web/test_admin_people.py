"""People in the panel: found by beginnings of words; what is done for them, and what is refused."""

import pytest
from sqlalchemy import func, select

import clock
from extensions import db
from models import (
    Accommodation,
    AuditEvent,
    AuditPack,
    Certificate,
    CourseInstructor,
    Enrollment,
    License,
    OutgoingMail,
    Person,
    PersonWord,
    StudyInterval,
)
from services import editions, word_search
from tests.completed import complete_all, issue
from tests.factories import SLUG, make_enrollment, make_license, make_person
from tests.site import Site

LICENSE = {"profession": "Social worker", "jurisdiction": "Pennsylvania", "number": "SW-9"}
GRANT = {
    "course": "", "time": "150", "attempts": "0", "format": "", "last_day": "", "why": "Private",
    "answer": "You have more time.",
}  # fmt: skip


def make(site: Site, email: str = "alice@example.org", name: str = "Alice Learner", **more) -> str:  # type: ignore[no-untyped-def]
    """Somebody; the address of their page."""
    with site.app.app_context():
        person = make_person(email, name, **more)
        db.session.commit()
        return f"/admin/people/{person.id}"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ali", True),
        ("LEARNER", True),
        ("lear ali", True),
        ("alice@exam", True),
        ("nguyen", False),
        ("ice", False),
        ("alice zz", False),
        ("%25", False),
        ("---", False),
    ],
)
def test_people_are_found_by_beginnings_of_words(carol: Site, typed: str, found: bool) -> None:
    make(carol)
    page = carol.get(f"/admin/people?q={typed}").text
    assert (">Alice Learner</a>" in page) is found


def test_accents_and_new_names_are_found(carol: Site) -> None:
    path = make(carol, "minh@example.org", "Nguy\u1ec5n Th\u1ecb Minh")
    assert f'href="{path}"' in carol.get("/admin/people?q=nguyen").text
    with carol.app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == "minh@example.org")).one()
        person.name_on_license = "Minh Tran"
        db.session.commit()
    assert f'href="{path}"' not in carol.get("/admin/people?q=nguyen").text
    assert f'href="{path}"' in carol.get("/admin/people?q=tran").text


def test_too_many_are_told(carol: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_search, "MOST_FOUND", 2)
    for number in range(4):
        make(carol, f"p{number}@example.org", f"Same Name{number}")
    assert "Type more of the name" in carol.get("/admin/people?q=same").text
    one = carol.get("/admin/people?q=same+name3").text
    assert "Name3" in one
    assert "Type more of the name" not in one, "the rarer word decides"


def test_kinds_and_csv(carol: Site) -> None:
    make(carol)
    make(carol, "d@example.org", "=Dora Gone", deactivated_at=clock.now())
    make(carol, "u@example.org", "Uma", email_confirmed_at=None)
    for kind, name in (
        ("administrator", "Carol Director"),
        ("deactivated", "Dora Gone"),
        ("unconfirmed", "Uma"),
    ):
        page = carol.get(f"/admin/people?kind={kind}").text
        assert name in page
        assert "Alice Learner" not in page
    file = carol.get("/admin/people?sort=name&format=csv").text
    assert "'=Dora Gone" in file
    assert file.index("Alice") < file.index("Carol") < file.index("Uma")


def test_a_person_has_everything_on_one_page(carol: Site) -> None:
    path = make(carol)
    with carol.app.app_context():
        person = db.session.get_one(Person, int(path.rsplit("/", 1)[1]))
        make_license(person, "SW-77")
        study = make_enrollment(person)
        db.session.commit()
        enrollment = study.enrollment.id
    page = carol.get(path).text
    assert "SW-77" in page
    assert f'href="/admin/enrollments/{enrollment}">A Small Course</a>' in page
    assert carol.get("/admin/people/999999").status_code == 404


def test_deactivating_ends_sessions_with_the_next_request(carol: Site) -> None:
    path = make(carol)
    alice = Site(carol.app)
    alice.log_in("alice@example.org")
    assert alice.get("/learn").status_code == 200
    assert carol.post(f"{path}/deactivation", {"reason": ""}).status_code == 422
    assert carol.post(f"{path}/deactivation", {"reason": "Left"}).status_code == 303
    assert alice.get("/learn", may_write=True).status_code == 303
    assert alice.log_in("alice@example.org").status_code == 422
    assert carol.post(f"{path}/password-link").status_code == 303
    assert _count(carol, OutgoingMail) == 0
    assert carol.post(f"{path}/reactivation").status_code == 303
    assert alice.log_in("alice@example.org").status_code == 303
    assert _kinds(carol) >= {"person.deactivated", "person.reactivated"}


def test_the_last_administrator_stays(carol: Site) -> None:
    with carol.app.app_context():
        person = db.session.scalars(select(Person).where(Person.is_administrator)).one()
        path = f"/admin/people/{person.id}"
    for refused in (
        carol.post(f"{path}/deactivation", {"reason": "x"}),
        carol.post(f"{path}/roles", {}),
    ):
        assert refused.status_code == 422
        assert "only administrator" in refused.text
    other = make(carol, "ada@example.org", "Ada")
    assert carol.post(f"{other}/roles", {"administrator": "y"}).status_code == 303
    assert carol.post(f"{path}/roles", {}).status_code == 303, "now there is another"
    assert carol.get("/admin", may_write=True).status_code == 403, "from the next page on"


def test_instructors_are_made_and_unmade(carol: Site) -> None:
    path = make(carol, "bob@example.org", "Bob")
    with carol.app.app_context():
        course = editions.get_course(SLUG).id
    assert carol.post(f"{path}/roles", {"courses": ["999"]}).status_code == 422
    assert carol.post(f"{path}/roles", {"courses": [str(course)]}).status_code == 303
    bob = Site(carol.app)
    bob.log_in("bob@example.org")
    assert bob.get("/instructor").status_code == 200
    assert carol.post(f"{path}/roles", {}).status_code == 303
    assert bob.get("/instructor", may_write=True).status_code == 403
    assert _count(carol, CourseInstructor) == 0
    assert _kinds(carol) >= {"role.granted", "role.withdrawn"}


def test_name_and_time_zone_are_corrected_and_certificates_stay(carol: Site) -> None:
    path = make(carol)
    with carol.app.app_context():
        alice = db.session.scalars(select(Person).where(Person.email == "alice@example.org")).one()
        issued = issue(complete_all(make_enrollment(alice)), alice.name_on_license)
        db.session.commit()
        number, before = issued.number, dict(issued.facts)
    typed = {
        "name_on_license": "Alice Corrected",
        "time_zone": "America/Chicago",
        "reason": "By ID",
    }
    for change in ({"name_on_license": ""}, {"time_zone": "Nowhere/At"}, {"reason": " "}):
        refused = carol.post(f"{path}/profile", {**typed, **change})
        assert refused.status_code == 422, change
    done = carol.follow(carol.post(f"{path}/profile", typed))
    assert "Alice Corrected" in done.text
    again = carol.post(f"{path}/profile", typed)
    assert again.status_code == 422
    assert "Nothing changed" in again.text
    with carol.app.app_context():
        event = db.session.scalars(
            select(AuditEvent).where(AuditEvent.kind == "person.corrected")
        ).one()
        assert event.facts == {"changed": ["name", "time zone"], "reason": "By ID"}
        mails = db.session.scalars(select(OutgoingMail.subject)).all()
        assert mails.count("Your account was corrected") == 1
        kept = db.session.scalars(select(Certificate).where(Certificate.number == number)).one()
        assert (kept.printed_name, kept.facts) == ("Alice Learner", before)
        assert db.session.scalars(
            select(PersonWord.word).where(PersonWord.word == "corrected")
        ).all()


def test_licenses_are_edited_for_somebody(carol: Site) -> None:
    path = make(carol)
    assert carol.post(f"{path}/licenses", {**LICENSE, "number": ""}).status_code == 422
    assert carol.post(f"{path}/licenses", LICENSE).status_code == 303
    twice = carol.post(f"{path}/licenses", LICENSE)
    assert twice.status_code == 422
    assert "in your list already" in twice.text
    with carol.app.app_context():
        license_id = db.session.scalars(select(License.id)).one()
    other = make(carol, "dave@example.org", "Dave")
    assert carol.post(f"{other}/licenses/{license_id}/removed").status_code == 404
    assert carol.post(f"{path}/licenses/{license_id}/removed").status_code == 303
    assert _count(carol, License) == 0


def test_an_address_is_confirmed_by_mail_or_by_hand(carol: Site) -> None:
    path = make(carol, email_confirmed_at=None)
    assert carol.post(f"{path}/confirmation-mail").status_code == 303
    assert _count(carol, OutgoingMail) == 1
    assert carol.post(f"{path}/confirmed").status_code == 303
    assert "alice@example.org, confirmed" in carol.get(path).text
    second = make(carol, email_confirmed_at=None)
    assert carol.post(f"{second}/confirmed").status_code == 303
    assert "is confirmed already" in carol.get(second).text


def test_a_link_that_would_lead_to_another_account_is_not_sent(carol: Site) -> None:
    """Links act on the confirmed account of a mailbox, whichever page they were sent from."""
    make(carol)
    twin = make(carol, name="Alice Twin", email_confirmed_at=None)
    page = carol.get(twin).text
    assert "Other accounts with this address" in page
    assert "Alice Learner</a> (active)" in page
    for button in ("password-link", "confirmation-mail"):
        answer = carol.follow(carol.post(f"{twin}/{button}"))
        assert "would lead to that one" in answer.text
    assert _count(carol, OutgoingMail) == 0


def test_a_pack_is_asked_for_on_the_page_of_an_account_nobody_confirmed(carol: Site) -> None:
    path = make(carol, email_confirmed_at=None)
    for _ in range(2):
        asked = carol.post(f"{path}/audit-pack", {"intent": "one"})
        assert asked.status_code == 303
    with carol.app.app_context():
        pack = db.session.scalars(select(AuditPack)).one()
        assert path.endswith(f"/{pack.person_id}")


def test_enrolling_by_hand_makes_an_enrollment_and_nothing_else(carol: Site) -> None:
    path = make(carol)
    typed = {"course": SLUG, "reason": "Paid at the desk"}
    assert carol.post(f"{path}/enrollment", {**typed, "reason": ""}).status_code == 422
    for _ in range(2):
        assert carol.post(f"{path}/enrollment", typed).status_code == 303
    assert _count(carol, Enrollment) == 1
    assert _count(carol, StudyInterval) == 0
    with carol.app.app_context():
        assert db.session.scalars(select(Enrollment.source)).one() == "staff"
    assert "By hand" in carol.get("/admin/enrollments").text


def test_an_accommodation_is_granted_without_a_request(carol: Site) -> None:
    path = make(carol)
    nothing = carol.post(f"{path}/accommodation", {**GRANT, "time": "100"})
    assert nothing.status_code == 422
    assert "Choose at least one thing" in nothing.text
    assert carol.post(f"{path}/accommodation", GRANT).status_code == 303
    assert "1.5 times" in carol.get(path).text
    with carol.app.app_context():
        assert db.session.scalars(select(Accommodation.reason)).one() == "Private"
        assert "Private" not in str(db.session.scalars(select(OutgoingMail.body)).all())
    alice = Site(carol.app)
    alice.log_in("alice@example.org")
    assert "You have more time." in alice.get("/account/accommodations").text


def test_words_of_an_erased_person_are_gone(carol: Site) -> None:
    path = make(carol)
    with carol.app.app_context():
        person = db.session.get_one(Person, int(path.rsplit("/", 1)[1]))
        person.name_on_license, person.email = "Erased account", "erased-1@erased.invalid"
        db.session.commit()
        words = db.session.scalars(
            select(PersonWord.word).where(PersonWord.person_id == person.id)
        ).all()
    assert not [word for word in words if "alice" in word or "learner" in word]


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def _kinds(site: Site) -> set[str]:
    with site.app.app_context():
        return set(db.session.scalars(select(AuditEvent.kind)))
