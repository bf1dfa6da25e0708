"""Declared and adjusted time: beside the measured intervals, true, once, and logged."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from domain.refusals import Conflict, Invalid
from extensions import db
from models import Accommodation, AuditEvent, OutgoingMail, TimeAdjustment, TimeCorrection
from services import recorded_time, time_corrections
from services.audit import Actor
from services.enrollments import Study
from services.time_corrections import Stated
from tests.factories import make_administrator, make_enrollment, make_person
from tests.services.test_minimum_time import record

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW = START + timedelta(hours=10)


@pytest.fixture
def study(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setattr(clock, "now", lambda: START)
    return make_enrollment(make_person())


@pytest.fixture
def carol(study: Study) -> Actor:
    return Actor(make_administrator().id, "request")


def alice(study: Study) -> Actor:
    return Actor(study.enrollment.person_id, "request")


def stated(**values: object) -> Stated:
    given = {
        "item_slug": "the-first-reading",
        "began_at": START + timedelta(hours=1),
        "length": timedelta(minutes=10),
        "reason": "I read the handout on the train.",
        "intent": "a form",
    }
    return Stated(**{**given, **values})  # type: ignore[arg-type]


def ask(study: Study, **values: object) -> time_corrections.Case:
    made = time_corrections.request_correction(study, stated(**values), alice(study), NOW)
    return time_corrections.get_case(made.id)


def counted(study: Study, *, with_declared: bool = False) -> int:
    by_place = recorded_time.seconds_by_place(study.enrollment.id, with_declared=with_declared)
    return sum(by_place.values())


def events() -> list[str]:
    kinds = db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id))
    return [kind for kind in kinds if kind.startswith("time.")]


def test_a_granted_correction_stands_beside_the_measured_time(study: Study, carol: Actor) -> None:
    record(study, 5)
    measured = recorded_time.list_lines(study.enrollment.id)
    case = ask(study)
    assert counted(study) == 300, "asking changes nothing"
    time_corrections.decide(case, 8, "The server was down then.", carol, "http://site", NOW)
    lines = recorded_time.list_lines(study.enrollment.id)
    assert [line for line in lines if line.is_measured] == measured
    [adjusted] = [line for line in lines if not line.is_measured]
    assert (adjusted.evidence, adjusted.seconds, adjusted.unit_number) == ("adjusted", 480, 1)
    assert adjusted.reason == "The server was down then."
    assert counted(study) == 780
    assert events() == ["time.correction-requested", "time.correction-decided"]
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == "alice@example.org"
    assert "http://site/learn/small-course/time#corrections" in mail.body


def test_a_correction_may_take_time_away_but_never_more_than_there_is(
    study: Study, carol: Actor
) -> None:
    record(study, 5)
    case = ask(study)
    with pytest.raises(Invalid, match="less time recorded there"):
        time_corrections.decide(case, -6, "Too much.", carol, "", NOW)
    time_corrections.decide(case, -5, "This was not you.", carol, "", NOW)
    assert counted(study) == 0


def test_the_whole_record_never_exceeds_the_time_that_passed(study: Study, carol: Actor) -> None:
    case = ask(study)
    with pytest.raises(Invalid, match="more than the time since"):
        time_corrections.decide(case, 601, "As you say.", carol, "", NOW)


def test_a_request_is_decided_once(study: Study, carol: Actor) -> None:
    case = ask(study)
    time_corrections.decide(case, None, "We found the time recorded.", carol, "", NOW)
    with pytest.raises(Conflict):
        time_corrections.decide(case, 8, "Yes after all.", carol, "", NOW)
    assert db.session.scalar(select(func.count(TimeAdjustment.id))) == 0


def test_a_form_that_is_sent_twice_counts_once(study: Study) -> None:
    assert ask(study).correction.id == ask(study).correction.id
    for _ in range(2):
        time_corrections.declare(study, stated(intent="another"), alice(study), NOW)
    assert db.session.scalar(select(func.count(TimeCorrection.id))) == 1
    assert db.session.scalar(select(func.count(TimeAdjustment.id))) == 1
    assert events() == ["time.correction-requested", "time.declared"]


@pytest.mark.parametrize(
    ("why", "values", "field"),
    [
        ("before enrolling", {"began_at": START - timedelta(minutes=1)}, "day"),
        ("into the future", {"began_at": NOW - timedelta(minutes=9)}, "minutes"),
        ("no time at all", {"length": timedelta(0)}, "minutes"),
        ("a whole day", {"length": timedelta(hours=13)}, "minutes"),
        ("no such item", {"item_slug": "nothing"}, "item"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    study: Study, why: str, values: dict[str, object], field: str
) -> None:
    for send in (time_corrections.request_correction, time_corrections.declare):
        with pytest.raises(Invalid) as refusal:
            send(study, stated(**values), alice(study), NOW)
        assert refusal.value.field == field, why


def test_declared_time_stands_apart_and_has_the_items_minutes_as_its_bound(study: Study) -> None:
    time_corrections.declare(study, stated(), alice(study), NOW)
    assert (counted(study), counted(study, with_declared=True)) == (0, 600)
    later = {"began_at": START + timedelta(hours=2), "length": timedelta(minutes=11)}
    with pytest.raises(Invalid, match="10 more minutes"):
        time_corrections.declare(study, stated(**later, intent="b"), alice(study), NOW)
    db.session.add(
        Accommodation(person_id=study.enrollment.person_id, time_percent=150, granted_at=START)
    )
    db.session.flush()
    time_corrections.declare(study, stated(**later, intent="c"), alice(study), NOW)
    assert counted(study, with_declared=True) == 1260


def test_declared_time_never_overlaps_what_is_recorded(study: Study) -> None:
    record(study, 15)
    with pytest.raises(Invalid, match="other study is recorded"):
        overlapping = stated(began_at=START + timedelta(minutes=14))
        time_corrections.declare(study, overlapping, alice(study), NOW)
    time_corrections.declare(study, stated(), alice(study), NOW)
    with pytest.raises(Invalid, match="other study is recorded"):
        time_corrections.declare(study, stated(intent="again"), alice(study), NOW)


def test_once_a_course_is_complete_nothing_is_declared_but_a_correction_may_be_asked(
    study: Study,
) -> None:
    study.enrollment.completed_at = NOW
    with pytest.raises(Conflict):
        time_corrections.declare(study, stated(), alice(study), NOW)
    assert ask(study).correction.decision is None


def test_adjustments_are_facts(study: Study) -> None:
    made = time_corrections.declare(study, stated(), alice(study), NOW)
    db.session.flush()
    with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
        db.session.execute(TimeAdjustment.__table__.update().values(seconds=9000))
    assert made.seconds == 600
