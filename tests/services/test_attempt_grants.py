"""Attempts granted by an administrator and by accommodations."""

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Accommodation, AttemptGrant, AuditEvent, OutgoingMail
from services import attempt_grants, completion, post_tests
from services.attempt_grants import Attempter, NewGrant
from services.audit import Actor
from services.enrollments import Study
from services.progress import get_progress
from tests.factories import make_administrator
from tests.services.taking import count, start, study_of_alice, take

URL = "https://learn.example.org"


@pytest.fixture
def study(context: Flask) -> Study:
    """Alice, who has used all three attempts."""
    found = study_of_alice()
    for _ in range(3):
        take(found, right=False)
    return found


@pytest.fixture
def carol(study: Study) -> Actor:
    return Actor(make_administrator().id, "request-1")


def attempter(study: Study) -> Attempter:
    return attempt_grants.get_attempter(study.enrollment.id)


def grant(study: Study, carol: Actor, **more: object) -> AttemptGrant:
    asked = NewGrant(**{"unit_number": 1, "attempts": 2, "reason": "Ill.", "intent": "i1", **more})  # type: ignore[arg-type]
    return attempt_grants.grant(attempter(study), asked, carol, URL, clock.now())


def test_a_grant_opens_as_many_more_and_is_told_and_recorded(study: Study, carol: Actor) -> None:
    with pytest.raises(Conflict, match="used all attempts"):
        start(study)
    grant(study, carol)
    standing = post_tests.get_standing(study, 1, clock.now())
    assert (standing.attempts_allowed, standing.attempts_left) == (5, 2)
    assert take(study, right=False).number == 4
    assert take(study, right=False).number == 5
    with pytest.raises(Conflict, match="used all attempts"):
        start(study)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert "2 more times" in mail.body and "Ill." not in mail.body
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "attempt.granted")).one()
    assert event.facts == {"unit": 1, "attempts": 2, "reason": "Ill."}
    assert event.actor_id == carol.person_id


def test_the_checklist_counts_granted_attempts(study: Study, carol: Actor) -> None:
    grant(study, carol)
    lines = completion.checklist_for(study, get_progress(study.enrollment.id), None)
    evidence = next(line.evidence for line in lines if line.kind == "post-test")
    assert evidence == "Not passed yet, 2 attempts left"


def test_a_form_sent_twice_grants_once(study: Study, carol: Actor) -> None:
    assert grant(study, carol).id == grant(study, carol).id
    assert count(AttemptGrant) == count(OutgoingMail) == 1
    grant(study, carol, intent="i2")
    assert count(AttemptGrant) == 2


@pytest.mark.parametrize(
    ("field", "more"),
    [("unit", {"unit_number": 9}), ("attempts", {"attempts": 0}), ("attempts", {"attempts": 11})],
)
def test_what_makes_no_sense_is_refused(
    study: Study, carol: Actor, field: str, more: dict[str, int]
) -> None:
    with pytest.raises(Invalid) as refusal:
        grant(study, carol, **more)
    assert refusal.value.field == field
    assert count(AttemptGrant) == 0


def test_nothing_is_granted_where_nothing_is_left_to_do(study: Study, carol: Actor) -> None:
    grant(study, carol, attempts=1)
    take(study, right=True)
    with pytest.raises(Invalid, match="passed already"):
        grant(study, carol, intent="i2")
    study.enrollment.ended_at = clock.now()
    db.session.flush()
    with pytest.raises(Conflict, match="is over"):
        grant(study, carol, intent="i3", unit_number=2)
    with pytest.raises(NotFound):
        attempt_grants.get_attempter(999_999)


def test_who_is_stuck_is_listed_until_helped(study: Study, carol: Actor) -> None:
    assert [one.learner.email for one in attempt_grants.list_stuck()] == ["alice@example.org"]
    grant(study, carol)
    assert attempt_grants.list_stuck() == []


@pytest.mark.parametrize(
    ("why", "more", "left"),
    [
        ("in force for every course", {}, 2),
        ("in force for another course only", {"course_id": "other"}, 0),
        ("ended", {"ended_at": "now"}, 0),
        ("out of date", {"until": "now"}, 0),
    ],
)
def test_an_accommodation_adds_attempts_while_it_is_in_force(
    study: Study, why: str, more: dict[str, str], left: int
) -> None:
    fields: dict[str, object] = {name: clock.now() for name in more if name != "course_id"}
    if "course_id" in more:
        from models import Course

        other = Course(slug="another", created_at=clock.now())
        db.session.add(other)
        db.session.flush()
        fields["course_id"] = other.id
    row = Accommodation(
        person_id=study.enrollment.person_id,
        extra_attempts=2,
        granted_at=study.enrollment.enrolled_at,
        **fields,
    )
    db.session.add(row)
    db.session.flush()
    assert post_tests.get_standing(study, 1, clock.now()).attempts_left == left, why
