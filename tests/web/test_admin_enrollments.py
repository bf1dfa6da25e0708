"""Enrollments in the panel: the list with filters and CSV, one enrollment, and acts for it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select

import clock
from extensions import db
from models import (
    AuditEvent,
    Certificate,
    Enrollment,
    EvaluationSubmission,
    OutgoingMail,
    StudyInterval,
)
from services import enrollment_list, keyset
from tests.factories import (
    SLUG,
    complete_items,
    make_enrollment,
    make_key,
    make_person,
)
from tests.site import Site

ENROLLMENTS = f"/admin/enrollments?course={SLUG}"


def test_enrollments_show_each_learners_progress(carol: Site) -> None:
    with carol.app.app_context():
        key = make_key("ABCDEFGHJKLM")
        study = make_enrollment(make_person(), source="key", enrollment_key_id=key.id)
        complete_items(study, unit=1)
        make_enrollment(make_person("dave@example.org", "Dave Other"))
        db.session.commit()
    row = _row(carol.get(ENROLLMENTS).text, "Alice Learner")
    assert row[:2] == ["Alice Learner", "alice@example.org"]
    assert row[4:9] == ["Key ABCD-EFGH-JKLM", "2 of 3", "0 of 2", "Not yet", "Studying"]
    assert row[10] == "Not yet"
    assert _row(carol.get(ENROLLMENTS).text, "Dave Other")[5] == "0 of 3"


def test_enrollments_show_evaluation_completion_and_certificate(carol: Site) -> None:
    with carol.app.app_context():
        study = make_enrollment(make_person(), completed_at=clock.now())
        _certify(study)
        db.session.commit()
    row = _row(carol.get(ENROLLMENTS).text, "Alice Learner")
    assert row[7] not in ("", "Not yet")
    assert row[8].startswith("Complete since")
    assert row[10] == "2026-TESTTEST"


def test_enrollments_are_found_by_name_or_address(carol: Site) -> None:
    with carol.app.app_context():
        make_enrollment(make_person())
        make_enrollment(make_person("dave_x@example.org", "Dave Other"))
        db.session.commit()
    for words, found, left_out in (
        ("ALICE", "Alice Learner", "Dave Other"),
        ("dave", "Dave Other", "Alice Learner"),
        ("other+dave", "Dave Other", "Alice Learner"),
    ):
        page = carol.get(f"{ENROLLMENTS}&q={words}").text
        assert found in page
        assert left_out not in page
    for words in ("%25", "Alice+Other", "zzz"):
        assert "Nothing matches" in carol.get(f"{ENROLLMENTS}&q={words}").text, words


def test_pages_go_on_and_cost_the_same(
    carol: Site, count_statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with carol.app.app_context():
        for number in range(keyset.SIZE + 1):
            make_enrollment(make_person(f"p{number}@example.org", f"Person {number:02d}"))
        db.session.commit()
    first = carol.get(ENROLLMENTS).text
    assert "Person 50" in first
    assert "Person 00" not in first
    further = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "course=small-course" in further
    second = carol.get(further).text
    assert "Person 00" in second
    assert "Person 01" not in second
    asked = dict.fromkeys(enrollment_list.FILTERS, "")
    order = enrollment_list.ORDERS["enrolled"]
    with count_statements() as statements:
        assert len(enrollment_list.list_enrollments(asked, order, "", clock.now()).lines) == 50
    assert len(statements) <= 6, "a page costs the same however many learners are on it"
    assert not [one for one in statements if "count(" in one.lower()]


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("state=open", "Alice", "Wilma"),
        ("state=withdrawn", "Wilma", "Alice"),
        ("state=complete", "Cora", "Alice"),
        ("state=expired", "Edith", "Alice"),
        ("from=2020-01-01&to=2020-01-31", "Edith", "Alice"),
        ("from=soon&to=%FF&after=x&sort=y&state=z&agency=x", "Alice", "Nothing matches"),
        ("agency=4", "Nothing matches", "Alice"),
        ("course=none-such", "Nothing matches", "Alice"),
        ("sort=access", "Edith", "Nothing matches"),
    ],
)
def test_filters(carol: Site, query: str, there: str, not_there: str) -> None:
    now = clock.now()
    with carol.app.app_context():
        make_enrollment(make_person())
        make_enrollment(make_person("w@example.org", "Wilma"), ended_at=now)
        make_enrollment(make_person("c@example.org", "Cora"), completed_at=now)
        past = now.replace(year=2020, month=1, day=15)
        edith = make_person("e@example.org", "Edith")
        make_enrollment(edith, enrolled_at=past, access_until=past + timedelta(days=365))
        db.session.commit()
    page = carol.get(f"/admin/enrollments?{query}").text
    assert there in page
    assert not_there not in page
    file = carol.get(f"/admin/enrollments?{query}&format=csv").text
    assert (there in file) or there == "Nothing matches"
    assert not_there not in file, "the file has exactly what is shown"


@pytest.fixture
def enrolled(carol: Site) -> int:
    """Alice's enrollment, in which she has read a little."""
    with carol.app.app_context():
        study = make_enrollment(make_person())
        complete_items(study, unit=1)
        db.session.commit()
        return study.enrollment.id


def test_an_enrollment_shows_its_evidence_and_ways_on(carol: Site, enrolled: int) -> None:
    page = carol.get(f"/admin/enrollments/{enrolled}").text
    assert "Studying" in page
    assert page.count(">Met<") == 1
    for way in ("time", "attempts"):
        assert f'href="/admin/enrollments/{enrolled}/{way}"' in page
    assert carol.get("/admin/enrollments/999999").status_code == 404


def test_access_is_extended_with_a_reason(carol: Site, enrolled: int) -> None:
    path = f"/admin/enrollments/{enrolled}/access"
    later = (clock.now() + timedelta(days=500)).date().isoformat()
    typed = {"extend-last_day": later, "extend-reason": "Illness"}
    for bad, words in (
        ({"extend-last_day": "soon"}, "as a date"),
        ({"extend-last_day": "2020-01-01"}, "This day has passed."),
        ({"extend-reason": ""}, "Write why"),
        ({"extend-last_day": clock.now().date().isoformat()}, "Choose a later day"),
    ):
        refused = carol.post(path, {**typed, **bad})
        assert refused.status_code == 422, bad
        assert words in refused.text
    assert carol.post(path, typed).status_code == 303
    assert carol.post(path, typed).status_code == 422, "the same day is no extension"
    with carol.app.app_context():
        row = db.session.get_one(Enrollment, enrolled)
        assert row.access_until > clock.now() + timedelta(days=499)
        assert _facts("enrollment.extended")["reason"] == "Illness"
        assert _mails() == ["You have more time for A Small Course"]


def test_withdrawing_keeps_what_was_earned(carol: Site, enrolled: int) -> None:
    path = f"/admin/enrollments/{enrolled}/withdrawal"
    assert carol.post(path, {"withdraw-reason": ""}).status_code == 422
    for _ in range(2):
        assert carol.post(path, {"withdraw-reason": "Asked by mail"}).status_code == 303
    page = carol.get(f"/admin/enrollments/{enrolled}").text
    assert "Withdrawn on" in page
    assert page.count(">Met<") == 1, "what was done is still there"
    assert "withdraw-reason" not in page
    extend = {"extend-last_day": "2035-01-01", "extend-reason": "x"}
    assert carol.post(f"/admin/enrollments/{enrolled}/access", extend).status_code == 422
    with carol.app.app_context():
        assert _facts("enrollment.withdrawn")["reason"] == "Asked by mail"
        assert _mails() == ["Your enrollment in A Small Course has ended"], "once for two clicks"
        assert db.session.scalars(select(StudyInterval)).all() == [], "no time comes of it"


def test_a_completed_course_is_not_withdrawn(carol: Site) -> None:
    with carol.app.app_context():
        study = make_enrollment(make_person(), completed_at=clock.now())
        db.session.commit()
        path = f"/admin/enrollments/{study.enrollment.id}/withdrawal"
    refused = carol.post(path, {"withdraw-reason": "Why"})
    assert refused.status_code == 422
    assert "what was earned cannot be withdrawn" in refused.text


def _facts(kind: str) -> dict[str, object]:
    """The facts of the one event of a kind."""
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind)).one()
    assert event.actor_id
    return event.facts


def _certify(study) -> None:  # type: ignore[no-untyped-def]
    """The rows of an evaluation and a certificate; their contents do not matter here."""
    now = clock.now()
    enrollment = study.enrollment
    db.session.add(EvaluationSubmission(enrollment_id=enrollment.id, submitted_at=now))
    db.session.add(
        Certificate(
            number="2026-TESTTEST",
            verification_code="X" * 21,
            enrollment_id=enrollment.id,
            person_id=enrollment.person_id,
            edition_id=enrollment.edition_id,
            printed_name="Alice Learner",
            completed_at=now,
            completed_on=now.date(),
            issued_at=now,
            attestation="I did.",
            facts={},
        )
    )
    db.session.flush()


def _row(page: str, name: str) -> list[str]:
    """The cells of the table's row that begins with a name."""
    row = next(r for r in page.split("<tr>") if r.startswith("<th") and f">{name}<" in r)
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
    unseen = re.compile(r'<span class="visually-hidden">.*?</span>|</?a[^>]*>')
    return [unseen.sub("", cell) for cell in cells]


def _mails() -> list[str]:
    return list(db.session.scalars(select(OutgoingMail.subject)))
