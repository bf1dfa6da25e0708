"""One town in which everybody has something: real things to try to see of one another."""

import shutil
from datetime import timedelta
from pathlib import Path

import clock
from extensions import db
from models import (
    Accommodation,
    AccommodationRequest,
    AuditPack,
    BoardRoster,
    BulkList,
    CourseInstructor,
    Enrollment,
    FaqEntry,
    Job,
    Person,
    Question,
    ReviewerGrant,
    TimeCorrection,
)
from services import attempts, coupons, editions, kept_forms, learner_questions, orders, publishing
from services.audit import Actor
from services.coupons import NewCoupon
from services.enrollments import enroll
from services.learner_questions import Written
from tests.agencies import make_agency, make_agency_key, make_contract, make_manager
from tests.completed import complete_all, issue
from tests.conftest import TEST_COURSE
from tests.course_copies import replace
from tests.factories import (
    SLUG,
    complete_items,
    make_administrator,
    make_enrollment,
    make_instructor,
    make_license,
    make_person,
)
from tests.ordering import give_price, new_order

OTHER = "other-course"
BASE = "http://localhost"
Values = dict[str, object]


def make_town(folder: Path) -> Values:
    """Build the town; returns the parts of addresses that lead to its things, by name."""
    _publish_other(folder)
    carol = make_administrator()
    bob = make_instructor()
    _other_instructor()
    make_person("dave@example.org", "Dave Stranger")
    _reviewer("rita@example.org", "Rita Reviewer", SLUG, carol)
    _reviewer("rolf@example.org", "Rolf Reviewer", OTHER, carol)
    alice = make_person()
    actor = Actor(carol.id, "town")
    return {**_of_alice(alice, bob), **_of_agency(alice), **_of_panel(alice, carol, actor)}


def _publish_other(folder: Path) -> None:
    copied = folder / OTHER
    shutil.copytree(TEST_COURSE, copied)
    replace(copied, "course.yaml", "code: SML-101", "code: OTH-101")
    publishing.publish_course(copied, folder / "media", clock.now())


def _other_instructor() -> None:
    ben = make_person("ben@example.org", "Ben Instructor", is_instructor=True)
    row = CourseInstructor(course_id=editions.get_course(OTHER).id, person_id=ben.id)
    db.session.add(row)


def _reviewer(email: str, name: str, slug: str, carol: Person) -> None:
    """May read one course for a month."""
    make_person(email, name)
    now = clock.now()
    grant = ReviewerGrant(
        email=email, course_id=editions.get_course(slug).id, body="Board", granted_at=now,
        granted_by_id=carol.id, until=now + timedelta(days=30),
    )  # fmt: skip
    db.session.add(grant)
    db.session.flush()


def _of_alice(alice: Person, bob: Person) -> Values:
    """A completed enrollment with a certificate, an order, an open enrollment with an attempt."""
    now = clock.now()
    license_id = make_license(alice).id
    outline = give_price()
    certificate = issue(complete_all(make_enrollment(alice)))
    order = orders.place_order(alice.id, outline, new_order(), BASE, now)
    thread_of = make_enrollment(alice, number=2)
    complete_items(thread_of, unit=1)
    attempt = attempts.open_attempt(thread_of, 1, now)
    learner_questions.ask(thread_of, Written(alice.id, "Why, asks Alice?", "a"), "", BASE, now)
    thread = learner_questions.read_threads(learner_questions.THREADS)[0]
    kept = kept_forms.keep(alice.id, "/account", [["name_on_license", "Alice"]], now, now)
    entry = FaqEntry(
        course_id=outline.course_id, question="Q", answer="A", made_by_id=bob.id, made_at=now
    )
    db.session.add(entry)
    db.session.flush()
    return {
        "slug": SLUG, "unit": 1, "item": outline.units[0].items[0].slug, "position": 1,
        "attempt_id": attempt.id, "license_id": license_id, "kept_form_id": kept.id,
        "number": certificate.number, "document": "standard", "order_number": order.number,
        "code": certificate.verification_code, "question_id": thread.question.id,
        "entry_id": entry.id, "enrollment_id": thread_of.enrollment.id, "person_id": alice.id,
        "part": "questions", "name": "none.mp4", "digest": "0" * 64, "token": "none",
        "earlier": 1, "kind": "csv", "variant": "invoice",
    }  # fmt: skip


def _of_agency(alice: Person) -> Values:
    """Alice also studies the other course on a seat of Harbor Agency, which Mia manages."""
    harbor, light = make_agency("Harbor Agency"), make_agency("Light Agency")
    contract = make_contract(harbor)
    make_contract(light)
    manager = make_manager(harbor, make_person("mia@example.org", "Mia Manager"))
    make_manager(light, make_person("max@example.org", "Max Manager"))
    key = make_agency_key(contract, slug=OTHER)
    invited = make_agency_key(contract, "INVITED22222", invited="Ina Invited", slug=OTHER)
    seat = enroll(alice.id, editions.get_current_outline(OTHER), key.code, clock.now())
    return {
        "agency_id": harbor.id, "contract_id": contract.id, "manager_id": manager.id,
        "key_id": key.id, "invited_key_id": invited.id, "seat_enrollment_id": seat.id,
        "key_code": key.code,
    }  # fmt: skip


def _of_panel(alice: Person, carol: Person, actor: Actor) -> Values:
    """What only administrators see."""
    now = clock.now()
    open_id = db.session.query(Enrollment.id).filter_by(person_id=alice.id, number=2).scalar()
    asked = AccommodationRequest(person_id=alice.id, wish="Time", asked_at=now, intent="t")
    granted = Accommodation(person_id=alice.id, granted_at=now)
    correction = TimeCorrection(
        enrollment_id=open_id, unit_number=1, began_at=now, seconds=60, reason="r",
        requested_at=now,
    )  # fmt: skip
    roster = BoardRoster(
        approval_line="test-sw", body="Board", heads=["name"], lines=0, intent="t",
        made_by_id=carol.id, made_at=now,
    )  # fmt: skip
    pack = AuditPack(
        person_id=alice.id, first_day=now.date(), last_day=now.date(), made_by_id=carol.id,
        made_at=now, intent="t", expires_at=now + timedelta(days=1),
    )  # fmt: skip
    bulk = BulkList(
        course_id=editions.get_course(SLUG).id, made_by_id=carol.id, reason="r", made_at=now,
        intent="t",
    )  # fmt: skip
    job = Job(kind="mail", subject_id=1, state="failed", run_at=now)
    rows = (asked, granted, correction, roster, pack, bulk, job)
    db.session.add_all(rows)
    db.session.flush()
    coupon = coupons.make_coupon(_coupon(), actor, now)
    grant_id = db.session.query(ReviewerGrant.id).first()[0]
    test_id = editions.get_current_outline(SLUG).units[0].post_test_id
    in_bank = db.session.query(Question.id).filter_by(post_test_id=test_id).first()[0]
    return {
        "asked_id": asked.id, "accommodation_id": granted.id, "correction_id": correction.id,
        "roster_id": roster.id, "pack_id": pack.id, "list_id": bulk.id, "job_id": job.id,
        "coupon_id": coupon.id, "grant_id": grant_id, "approval_id": "test-sw",
        "body_id": "apa", "bank_question_id": in_bank,
    }  # fmt: skip


def _coupon() -> NewCoupon:
    return NewCoupon(
        code="TOWN", percent=10, amount_cents=None, uses=1, first_day=None, last_day=None,
        codes=(), note="", intent="t",
    )  # fmt: skip
