"""Certificates in the database: never early, once, and the same for ever after."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

import clock
from domain.attestation import STATEMENT
from domain.refusals import Conflict, Invalid, NotFound
from domain.verification_code import shown_code
from extensions import db
from models import (
    Certificate,
    CertificateEvent,
    Edition,
    Enrollment,
    Job,
    OutgoingMail,
    Person,
    StudyInterval,
)
from services import certification, page_views, time_record
from services.enrollments import Study, get_study_for
from services.growing import Evidence, Sent
from services.page_views import Place
from tests.completed import complete_all, evaluate, issue, pass_tests
from tests.factories import complete_items, make_enrollment, make_license, make_person

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.fixture
def study(context: Flask) -> Study:
    """Alice, enrolled, with one license."""
    alice = make_person()
    make_license(alice)
    return make_enrollment(alice)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def read_again(study: Study) -> Study:
    db.session.expire_all()
    return get_study_for(study.enrollment.person_id, study.outline.slug)


def nothing(study: Study) -> None:
    pass


def items_only(study: Study) -> None:
    complete_items(study)


def all_but_one_item(study: Study) -> None:
    complete_items(study, unit=1)
    pass_tests(study)
    evaluate(study)


def all_but_tests(study: Study) -> None:
    complete_items(study)
    evaluate(study)


def all_but_evaluation(study: Study) -> None:
    complete_items(study)
    pass_tests(study)


@pytest.mark.parametrize(
    "do", [nothing, items_only, all_but_one_item, all_but_tests, all_but_evaluation]
)
def test_no_certificate_while_a_requirement_is_missing(
    study: Study, do: Callable[[Study], None]
) -> None:
    do(study)
    with pytest.raises(Conflict, match="a requirement is still missing"):
        issue(study)
    assert count(Certificate) == 0
    assert read_again(study).enrollment.completed_at is None


def test_no_certificate_of_an_enrollment_that_has_ended(study: Study) -> None:
    complete_items(study)
    pass_tests(study)
    study.enrollment.ended_at = clock.now()
    evaluate(study)
    with pytest.raises(Conflict):
        issue(study)
    assert read_again(study).enrollment.completed_at is None


def test_the_attestation_is_kept_as_typed(study: Study) -> None:
    certificate = issue(complete_all(study), name=" alice  learner ")
    assert certificate.attestation == f"{STATEMENT} Signed: alice learner"
    assert certificate.printed_name == "Alice Learner"


def test_another_name_attests_nothing(study: Study) -> None:
    complete_all(study)
    with pytest.raises(Invalid) as refused:
        issue(study, name="Dave Stranger")
    assert refused.value.field == "attested_name"
    assert count(Certificate) == 0


def test_issuing_asks_for_the_pdf_and_mails_the_learner(study: Study) -> None:
    certificate = issue(complete_all(study))
    job = db.session.scalars(select(Job).where(Job.kind == "certificate")).one()
    assert (job.subject_id, job.key) == (certificate.id, f"certificate-{certificate.id}")
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == "alice@example.org"
    assert f"http://localhost/certificates/{certificate.number}" in mail.body


def test_a_second_request_finds_the_first_certificate(study: Study) -> None:
    first = issue(complete_all(study))
    assert issue(study, name="whatever").id == first.id
    assert (count(Certificate), count(OutgoingMail)) == (1, 1)


def test_the_loser_of_a_race_gets_the_winners_certificate(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = issue(complete_all(study))
    find = certification.find_certificate_of
    blind = iter([None])
    monkeypatch.setattr(
        certification, "find_certificate_of", lambda i: next(blind, None) or find(i)
    )
    assert issue(study).id == first.id
    assert (count(Certificate), count(OutgoingMail)) == (1, 1)


@pytest.mark.parametrize(
    "statement",
    [
        update(Certificate).values(printed_name="Dave Stranger"),
        delete(Certificate),
    ],
    ids=["change", "delete"],
)
def test_the_database_refuses_to_change_a_certificate(study: Study, statement: Any) -> None:
    issue(complete_all(study))
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(statement)


def test_codes_and_numbers_tell_nothing_and_find_their_certificate(study: Study) -> None:
    certificate = issue(complete_all(study))
    shown = shown_code(certificate.verification_code)
    for typed in (shown, shown.lower(), shown.replace("-", " "), certificate.verification_code):
        found = certification.find_by_code(typed)
        assert found is not None
        assert found.id == certificate.id
    assert certification.find_by_code(certificate.number) is None
    assert certificate.number.split("-")[1] != str(certificate.id)


def test_strangers_find_no_certificate(study: Study) -> None:
    certificate = issue(complete_all(study))
    dave = make_person("dave@example.org", "Dave Stranger")
    with pytest.raises(NotFound):
        certification.get_certificate_for(dave.id, certificate.number)
    assert certification.list_certificates_for(dave.id) == []


def add_event(certificate: Certificate, kind: str) -> None:
    db.session.add(
        CertificateEvent(
            certificate_id=certificate.id, kind=kind, reason="name corrected", happened_at=NOON
        )
    )
    db.session.flush()


@pytest.mark.parametrize("kind", ["superseded", "revoked"])
def test_the_state_derives_from_events(study: Study, kind: str) -> None:
    certificate = issue(complete_all(study))
    assert certification.get_state(certificate).kind == "valid"
    add_event(certificate, kind)
    state = certification.get_state(certificate)
    assert (state.kind, state.since, state.reason) == (kind, NOON, "name corrected")
    listed = certification.list_certificates_for(study.enrollment.person_id)
    assert [(c.id, s.kind) for c, s in listed] == [(certificate.id, kind)]


def test_time_is_no_longer_recorded_once_the_course_is_complete(study: Study) -> None:
    person_id, enrollment_id = study.enrollment.person_id, study.enrollment.id
    view = page_views.ensure_view(person_id, enrollment_id, Place("evaluation"), "a view", NOON)
    for seq, second in ((1, 10), (2, 20)):
        now = NOON + timedelta(seconds=second)
        time_record.record_sign(person_id, Sent(view, Evidence.ACTIVE, seq), lambda now=now: now)
    complete_all(study, NOON + timedelta(seconds=30))
    interval = db.session.scalars(select(StudyInterval)).one()
    assert interval.closed_at is not None
    with pytest.raises(Conflict):
        time_record.record_sign(person_id, Sent(view, Evidence.ACTIVE, 3), lambda: NOON)


def test_studying_again_earns_another_certificate_of_its_own(study: Study) -> None:
    first = issue(complete_all(study))
    person = db.session.get_one(Person, study.enrollment.person_id)
    again = make_enrollment(person, number=2)
    with pytest.raises(Conflict):
        issue(again)
    second = issue(complete_all(again))
    assert second.id != first.id
    assert count(Enrollment) == 2
    assert db.session.scalar(select(func.count(Edition.id))) == 1
