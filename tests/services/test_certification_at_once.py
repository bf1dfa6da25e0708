"""Many requests at once: one evaluation, one certificate, one mail, and none after a withdrawal."""

from contextlib import suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from domain.refusals import Conflict
from extensions import db
from models import (
    Approval,
    Certificate,
    Enrollment,
    EvaluationResponse,
    EvaluationSubmission,
    Job,
    OutgoingMail,
)
from services import certificate_facts, editions, evaluations
from services.enrollments import Study, get_study_for
from services.progress import get_progress
from tests.at_once import at_once, own_app
from tests.completed import complete_all, issue, pass_tests
from tests.factories import SLUG, complete_items, make_enrollment, make_person

__all__ = ["own_app"]
AT_ONCE = 12


@pytest.fixture
def alice(own_app: Flask) -> int:
    """Alice, with everything done but the evaluation."""
    with own_app.app_context():
        study = make_enrollment(make_person())
        complete_items(study)
        pass_tests(study)
        person_id = study.enrollment.person_id
        db.session.commit()
    return person_id


def evaluate(alice: int) -> None:
    study = get_study_for(alice, SLUG)
    progress = get_progress(study.enrollment.id)
    evaluations.submit_evaluation(study, progress, {"pace": "right"}, clock.now())


def withdraw(alice: int) -> None:
    study = get_study_for(alice, SLUG)
    db.session.refresh(study.enrollment, with_for_update=True)
    study.enrollment.ended_at = clock.now()


def counts(app: Flask) -> dict[str, int]:
    models = (EvaluationSubmission, EvaluationResponse, Certificate, OutgoingMail)
    with app.app_context():
        return {
            model.__name__: db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }


def test_many_submissions_count_once_and_complete_once(own_app: Flask, alice: int) -> None:
    at_once(own_app, AT_ONCE, lambda _: evaluate(alice))
    assert counts(own_app)["EvaluationSubmission"] == 1
    assert counts(own_app)["EvaluationResponse"] == 1
    with own_app.app_context():
        assert db.session.scalars(select(Enrollment)).one().completed_at is not None


def test_many_requests_issue_one_certificate_and_one_mail(own_app: Flask, alice: int) -> None:
    at_once(own_app, 1, lambda _: evaluate(alice))
    given = at_once(own_app, AT_ONCE, lambda _: issue(get_study_for(alice, SLUG)).number)
    assert len(set(given)) == 1
    found = counts(own_app)
    assert (found["Certificate"], found["OutgoingMail"]) == (1, 1)
    with own_app.app_context():
        jobs = db.session.scalars(select(Job).where(Job.kind == "certificate")).all()
        assert len(jobs) == 1


def test_a_withdrawal_and_an_issue_come_one_after_the_other(own_app: Flask, alice: int) -> None:
    at_once(own_app, 1, lambda _: evaluate(alice))

    def work(number: int) -> str:
        if number == 0:
            withdraw(alice)
            return "withdrawn"
        try:
            return issue(get_study_for(alice, SLUG)).number
        except Conflict:
            return "refused"

    outcomes = set(at_once(own_app, AT_ONCE, work)) - {"withdrawn"}
    issued = counts(own_app)["Certificate"]
    assert issued == len(outcomes - {"refused"}) <= 1


def test_two_courses_completed_at_once_share_a_cap(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gathers the facts second counts what the first was granted, to the minute."""
    with own_app.app_context():
        db.session.get_one(Approval, "test-psych").daily_maximum = Decimal("1.5")
        alice, now = make_person(), clock.now()
        ids = [
            complete_all(make_enrollment(alice, number=number), at=now).enrollment.id
            for number in (1, 2)
        ]
        db.session.commit()
    gather, both = certificate_facts.gather, Barrier(2)

    def gather_together(*given: object) -> dict[str, object]:
        facts = gather(*given)  # type: ignore[arg-type]
        with suppress(BrokenBarrierError):
            both.wait(timeout=0.5)
        return facts

    monkeypatch.setattr(certificate_facts, "gather", gather_together)
    at_once(own_app, 2, lambda number: issue(_study(ids[number])).number)
    with own_app.app_context():
        certificates = db.session.scalars(select(Certificate)).all()
        hours = sorted(
            Decimal(credit["hours"])
            for certificate in certificates
            for credit in certificate.facts["credits"]
            if credit["line"] == db.session.get_one(Approval, "test-psych").line
        )
    assert hours == [Decimal("0.5"), Decimal("1")]


def _study(enrollment_id: int) -> Study:
    enrollment = db.session.get_one(Enrollment, enrollment_id)
    return Study(enrollment, editions.get_outline(enrollment.edition_id))
