"""All that is held on a person, erasing, and deleting what has been kept long enough."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

import clock
from domain.refusals import Conflict
from domain.time_record import Evidence
from extensions import db
from models import (
    Attempt,
    AuditEvent,
    AuditSegment,
    Base,
    Certificate,
    Enrollment,
    Grade,
    License,
    LoginSession,
    OutgoingMail,
    PageView,
    Person,
    ProblemEvent,
    ProblemReport,
    ProblemWord,
    StudyInterval,
)
from services import (
    audit,
    audit_chain,
    erasure,
    mail,
    page_views,
    personal_data,
    retention,
    time_record,
)
from services.audit import Actor
from services.enrollments import Study
from services.erasure import OF_PERSON
from services.growing import Sent
from services.page_views import Place
from services.personal_data import BY_PERSON, FURTHER
from services.study_records import BY_ATTEMPT, BY_ENROLLMENT, BY_QUESTION
from tests.completed import complete_items, evaluate, issue, pass_tests
from tests.factories import (
    make_administrator,
    make_enrollment,
    make_license,
    make_person,
)

ABOUT_PEOPLE = (
    "person",
    "enrollment",
    "attempt",
    "certificate",
    "course_order",
    "learner_question",
)
NOT_ABOUT_THE_PERSON = {
    "accommodation.granted_by_id": "staff who granted",
    "accommodation_request.decided_by_id": "staff who decided",
    "agency.created_by_id": "staff who made it",
    "agency_contract.created_by_id": "staff who made it",
    "agency_manager.granted_by_id": "staff who granted",
    "agency_seat_event.actor_id": "staff who moved a seat",
    "approval_change.actor_id": "staff who edited",
    "attempt_grant.granted_by_id": "staff who granted",
    "audit_pack.made_by_id": "staff who had it made",
    "audit_pack.person_id": "a copy for auditors; its file goes after 30 days, and on erasure",
    "audit_event.actor_id": "told under audit_event, by actor and subject",
    "board_roster.made_by_id": "staff who made it",
    "bulk_list.made_by_id": "staff who made it",
    "certificate_event.actor_id": "staff who acted",
    "coupon.created_by_id": "staff who made it",
    "credit_worksheet.approver_id": "staff who approved",
    "edition_revision.published_by": "staff who published",
    "enrollment_key.created_by_id": "staff who made it",
    "evaluation_action.noted_by_id": "staff who noted",
    "faq_entry.made_by_id": "staff who made it",
    "message.author_id": "told under message, by the thread",
    "order_event.actor_id": "staff who acted",
    "page_view.attempt_id": "told by its enrollment",
    "page_view.person_id": "told by its enrollment",
    "certificate_word.certificate_id": "words of the printed name, told with the certificate",
    "person_word.person_id": "words of the name and address, told as they are",
    "problem_event.actor_id": "staff who dealt with it",
    "payment.recorded_by_id": "staff who recorded",
    "question_ruling.decided_by_id": "staff who decided",
    "reviewer_grant.granted_by_id": "staff who granted",
    "study_interval.person_id": "told by its enrollment",
    "time_adjustment.by_id": "staff who adjusted",
    "time_correction.decided_by_id": "staff who decided",
    "board_roster_entry.enrollment_id": "told by its certificate",
    "certificate.enrollment_id": "told by its person",
    "certificate.predecessor_id": "told by its person",
    "course_order.enrollment_id": "told by its person",
}


def test_no_table_about_people_is_forgotten() -> None:
    """Whoever adds a table about people says here, or in the lists, what becomes of it."""
    told = {
        *(f"{model.__tablename__}.person_id" for model in OF_PERSON),
        *(f"{name}.person_id" for name in BY_PERSON),
        *(f"{model.__tablename__}.enrollment_id" for model in BY_ENROLLMENT),
        *(f"{model.__tablename__}.attempt_id" for model in BY_ATTEMPT),
        *(f"{model.__tablename__}.question_id" for model in BY_QUESTION),
        *(f"{name}.{column}" for name, (column, _) in FURTHER.items()),
    }
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ABOUT_PEOPLE
    }
    assert found - told - NOT_ABOUT_THE_PERSON.keys() == set()


@pytest.fixture
def alice(context: Flask) -> Person:
    """Alice has completed a course, with a license, a session and a mail."""
    person = make_person()
    make_license(person, "SW-42")
    study = make_enrollment(person)
    complete_items(study)
    _study(study)
    pass_tests(study)
    evaluate(study)
    issue(study)
    db.session.add(
        LoginSession(person_id=person.id, token_hash="a" * 64, browser="b", started_at=clock.now())
    )
    mail.queue(person.email, "Welcome", "Hello Alice")
    audit.record("login.failed", actor_id=person.id)
    db.session.commit()
    return person


def _study(study: Study) -> None:
    """A recorded interval."""
    now = clock.now()
    person_id, enrollment_id = study.enrollment.person_id, study.enrollment.id
    view = page_views.ensure_view(person_id, enrollment_id, Place("evaluation"), "a view", now)
    time_record.record_sign(person_id, Sent(view, Evidence.ACTIVE, 1), lambda: now)


def count(model: type[Base], *conditions: object) -> int:
    query = select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0


def test_everything_is_told_and_no_secret(alice: Person) -> None:
    found = personal_data.gather(alice.id)
    assert found["person"][0]["name_on_license"] == alice.name_on_license
    assert found["license"][0]["number"] == "SW-42"
    for name in (
        "enrollment",
        "attempt",
        "grade",
        "study_interval",
        "item_completion",
        "login_session",
    ):
        assert found[name], name
    assert "Hello Alice" in [row["body"] for row in found["outgoing_mail"]]
    assert found["audit_event"]
    written = str(found)
    for secret in ("password_hash", "token_hash", "per_question", "aaaaaaaa"):
        assert secret not in written


def test_nothing_of_others_is_told(alice: Person) -> None:
    dave = make_person("dave@example.org", "Dave Stranger")
    found = personal_data.gather(dave.id)
    assert "Alice" not in str(found)
    assert found["enrollment"] == found["attempt"] == []


def test_erasing_keeps_the_certificate_and_the_records_of_completed_courses(
    alice: Person,
) -> None:
    before = {model: count(model) for model in (Attempt, Grade, Certificate)}
    told = erasure.get_consequences(alice.id)
    assert [course.until.year for course in told.kept] == [clock.now().year + 7]
    erasure.erase_person(Actor(alice.id, "r"), clock.now())
    assert before == {model: count(model) for model in before}
    assert count(License) == count(LoginSession) == count(OutgoingMail) == 0
    db.session.expire_all()
    assert alice.email.endswith("@erased.invalid")
    assert alice.name_on_license == "Erased account"
    assert alice.deactivated_at is not None
    assert "Alice" not in str(personal_data.gather(alice.id)["person"])


def test_erasing_deletes_everything_of_an_open_course_at_once(alice: Person) -> None:
    db.session.execute(update(Enrollment).values(completed_at=None))
    told = erasure.get_consequences(alice.id)
    assert len(told.lost) == 1
    erasure.erase_person(Actor(alice.id, "r"), clock.now())
    for model in (Attempt, Grade, PageView, StudyInterval):
        assert count(model) == 0, model
    row = db.session.scalars(select(Enrollment)).one()
    assert row.ended_at is not None
    assert row.records_deleted_at is not None
    with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
        db.session.execute(text("DELETE FROM enrollment"))


def test_the_only_administrator_stays(context: Flask) -> None:
    carol = make_administrator()
    with pytest.raises(Conflict, match="only administrator"):
        erasure.erase_person(Actor(carol.id, "r"), clock.now())
    make_administrator("second@example.org")
    erasure.erase_person(Actor(carol.id, "r"), clock.now())
    assert not carol.is_administrator


def test_a_sweep_deletes_what_is_old_enough_and_nothing_younger(alice: Person) -> None:
    now = clock.now()
    assert retention.count_due(now).enrollments == 0
    years = timedelta(days=7 * 366)
    due = retention.count_due(now + years)
    assert (due.enrollments, due.mails) == (1, 0)
    assert count(Attempt) > 0, "counting deletes nothing"
    told: list[int] = []
    retention.sweep(now + years, told.append)
    assert told == [1]
    assert count(Attempt) == count(Grade) == 0
    assert count(Enrollment, Enrollment.records_deleted_at.is_not(None)) == 1
    assert retention.count_due(now + years).enrollments == 0
    assert retention.sweep(now + years, told.append).enrollments == 0


def test_a_sweep_removes_the_log_in_whole_runs_and_it_still_verifies(alice: Person) -> None:
    audit_chain.seal(clock.now())
    anchor = audit_chain.get_head(clock.now())
    later = clock.now() + timedelta(days=7 * 366)
    db.session.execute(update(Enrollment).values(records_deleted_at=clock.now()))
    audit.record("key.created", actor_id=None, subject="too young")
    db.session.commit()
    due = retention.count_due(later)
    assert due.events == anchor.number
    retention.sweep(later, lambda _: None)
    audit_chain.seal(later)
    report = audit_chain.verify([anchor])
    assert (report.faults, report.removed) == ([], anchor.number)
    assert count(AuditSegment) == 1
    assert count(AuditEvent, AuditEvent.subject == "too young") == 1


def test_old_reports_go_and_those_that_wait_stay(alice: Person) -> None:
    """With their words, and what was noted; one that was dealt with lately is not old."""
    now = clock.now()
    later = now + timedelta(days=7 * 366)
    for state in ("closed", "answered", "new", "closed"):
        report = ProblemReport(
            kind="problem", text=f"{state} it was", email="x@example.org", state=state, made_at=now
        )
        db.session.add(report)
        db.session.flush()
        db.session.add(
            ProblemEvent(
                report_id=report.id, state=state, note="", answer="", actor_id=alice.id,
                happened_at=later if report.id % 4 == 0 else now,
            )
        )  # fmt: skip
    db.session.commit()
    kept = {r.id for r in db.session.scalars(select(ProblemReport))
            if r.state == "new" or r.id % 4 == 0}  # fmt: skip
    due = retention.count_due(later)
    assert due.reports == 4 - len(kept)
    assert count(ProblemReport) == 4, "counting deletes nothing"
    retention.sweep(later, lambda _: None)
    assert {r.id for r in db.session.scalars(select(ProblemReport))} == kept
    assert count(ProblemEvent) == len(kept)
    assert {r.report_id for r in db.session.scalars(select(ProblemWord))} == kept


def test_old_mail_goes_and_unsent_mail_stays(alice: Person) -> None:
    now = clock.now()
    sent = mail.queue("x@example.org", "Old", "x")
    sent.sent_at = now - timedelta(days=91)
    db.session.commit()
    retention.sweep(now, lambda _: None)
    left = [row.subject for row in db.session.scalars(select(OutgoingMail))]
    assert "Welcome" in left
    assert "Old" not in left
