"""Reports from kept sums say exactly what the records say, whatever happens to old records."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update

import clock
from domain.months import Days
from extensions import db
from models import (
    Attempt,
    Enrollment,
    EvaluationResponse,
    Grade,
    Payment,
    ReplyPromise,
    ReportChange,
    ReportSummary,
    StudyInterval,
    TimeAdjustment,
)
from models.append_only import may_delete
from services import editions, evaluation_results, provider, time_reports
from services.provider import get_provider
from services.reports import answers, completions, long_study, money, post_tests, summaries
from services.reports.keeping import keep_sums
from services.reports.kept import REPORTS
from tests import ordering
from tests.at_once import own_app
from tests.audit_packs import NOW, START, _attempt, _study, make_past
from tests.completed import ANSWERS
from tests.effort import examples
from tests.factories import SLUG

__all__ = ["own_app"]
DAY = timedelta(days=1)
PERIODS = (
    (date(2025, 11, 25), date(2026, 11, 24), None),
    (date(2026, 9, 10), date(2026, 10, 20), None),
    (date(2026, 9, 1), date(2026, 9, 30), None),
    (date(2026, 8, 1), date(2026, 10, 31), NOW - 40 * DAY),
)


@pytest.fixture
def past(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    make_past()
    _pay()
    db.session.flush()
    yield


def everything_told() -> list[Any]:
    """Every report, of one course and of all, for several periods."""
    zone = get_provider().time_zone
    outline = editions.get_current_outline(SLUG)
    told: list[Any] = [
        evaluation_results.get_results(outline, period) for period in ("", "2026", "2026-Q4")
    ]
    for first, last, until in PERIODS:
        days = Days(first, last, zone, until)
        told.append(time_reports.get_report(SLUG, days))
        told.append(time_reports.seconds_by_evidence(outline.course_id, days))
        told.append(long_study.list_flagged(outline.course_id, days, NOW.date()))
        told += [post_tests.list_tests(days, slug) for slug in ("", SLUG)]
        for course_id in (None, outline.course_id):
            told.append(completions.get_completions(days, course_id))
            told.append(money.get_money(days, course_id))
            told.append(answers.list_months(days, course_id, NOW))
    return told


def without_sums() -> list[Any]:
    """The same from the records alone."""
    with db.session.begin_nested() as savepoint:
        db.session.execute(delete(ReportSummary))
        told = everything_told()
        savepoint.rollback()
    return told


def keep() -> None:
    while not keep_sums(REPORTS, NOW, seconds=60):
        pass


def test_kept_sums_tell_the_same_and_are_used(past: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything_told()
    keep()
    assert db.session.scalar(select(func.count()).select_from(ReportChange)) == 0
    assert everything_told() == before == without_sums()
    monkeypatch.setattr(summaries, "_count", lambda *_: pytest.fail("a kept sum was not used"))
    days = Days(date(2026, 8, 1), date(2026, 10, 31), get_provider().time_zone)
    assert completions.get_completions(days, None).completed == 2
    assert time_reports.get_report(SLUG, days).learners == 2
    assert money.get_money(days, None).totals[0].paid_cents == 4800


def _pay() -> None:
    person = db.session.get_one(Enrollment, _any(Enrollment)).person_id
    ordering.give_price()
    from models import Person

    order = ordering.place(db.session.get_one(Person, person))
    db.session.flush()
    _move_money(order.id, "payment", 4800, date(2026, 9, 30))


def _move_money(order_id: int, kind: str, cents: int, on: date) -> None:
    db.session.add(
        Payment(
            order_id=order_id, kind=kind, method="check", amount_cents=cents, currency="USD",
            moved_on=on, recorded_at=NOW,
        )
    )  # fmt: skip
    db.session.flush()


def _any(model: Any) -> int:
    found = db.session.scalar(select(func.min(model.id)))
    assert found is not None
    return int(found)


def regrade(chance: random.Random) -> None:
    """The latest grade of an attempt turns into its opposite."""
    attempt = chance.choice(db.session.scalars(select(Attempt.id)).all())
    grades = select(Grade).where(Grade.attempt_id == attempt).order_by(Grade.number.desc())
    last = db.session.scalars(grades.limit(1)).one()
    grade = Grade(
        attempt_id=attempt, number=last.number + 1, earned=1, possible=2, passed=not last.passed,
        per_question=[], reason="ruling", graded_at=NOW,
    )  # fmt: skip
    db.session.add(grade)


def correct(chance: random.Random) -> None:
    enrollment = chance.choice(db.session.scalars(select(Enrollment)).all())
    db.session.add(
        TimeAdjustment(
            enrollment_id=enrollment.id, evidence=chance.choice(["adjusted", "declared"]),
            unit_number=1, began_at=START, seconds=chance.randrange(1, 4000), reason="Read.",
            by_id=enrollment.person_id, recorded_at=NOW,
        )
    )  # fmt: skip


def refund(chance: random.Random) -> None:
    order_id = db.session.scalar(select(func.min(Payment.order_id)))
    assert order_id is not None
    made = db.session.scalar(select(func.count()).where(Payment.kind == "refund"))
    if not made:
        _move_money(order_id, "refund", 1200, date(2026, chance.randrange(9, 12), 1))


def complete_late(chance: random.Random) -> None:
    """A ruling completes an enrollment as of a day long past."""
    open_ = select(Enrollment).where(Enrollment.completed_at.is_(None))
    for enrollment in db.session.scalars(open_.limit(1)):
        enrollment.completed_at = START + chance.randrange(1, 80) * DAY


def come_backdated(chance: random.Random) -> None:
    at = START + chance.randrange(1, 80) * DAY
    study = _study(f"N{token_hex(6)} New", at, (), completed_at=at + DAY)
    _attempt(study, study.outline.units[0].post_test_id, 1, at, earned=300, passed=True)


def withdraw(chance: random.Random) -> None:
    db.session.execute(
        update(Enrollment).where(Enrollment.completed_at.is_(None)).values(ended_at=NOW)
    )


def answer_late(chance: random.Random) -> None:
    db.session.execute(
        update(ReplyPromise).where(ReplyPromise.answered_at.is_(None)).values(answered_at=NOW)
    )


def evaluate(chance: random.Random) -> None:
    edition_id = editions.get_current_outline(SLUG).edition_id
    month = chance.choice(["2026-03", "2026-10", "2026-11"])
    row = EvaluationResponse(
        key=token_hex(16), edition_id=edition_id, month=month, answers={**ANSWERS, "comments": "x"}
    )
    db.session.add(row)


def erase(chance: random.Random) -> None:
    """As retention does: the time and the attempts of a completed enrollment go."""
    enrollment = chance.choice(db.session.scalars(select(Enrollment)).all())
    attempts = select(Attempt.id).where(Attempt.enrollment_id == enrollment.id)
    with may_delete(db.session(), "test"):
        for model in (TimeAdjustment, StudyInterval):
            db.session.execute(delete(model).where(model.enrollment_id == enrollment.id))
        db.session.execute(delete(Grade).where(Grade.attempt_id.in_(attempts)))
        db.session.execute(delete(Attempt).where(Attempt.enrollment_id == enrollment.id))
        enrollment.records_deleted_at = NOW
    db.session.flush()


CHANGES: tuple[Callable[[random.Random], None], ...] = (
    regrade, correct, refund, complete_late, come_backdated, withdraw, answer_late, evaluate, erase,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_of_old_records_is_told_at_once(
    past: None, change: Callable[[random.Random], None]
) -> None:
    keep()
    change(random.Random(4))
    db.session.flush()
    truth = without_sums()
    assert everything_told() == truth
    keep()
    assert everything_told() == truth


def test_any_changes_in_any_order(past: None) -> None:
    chance = random.Random(2026)
    for _ in range(examples(quick=2, full=150)):
        for change in chance.choices(CHANGES, k=chance.randrange(1, 4)):
            change(chance)
            db.session.flush()
        assert everything_told() == without_sums()
        if chance.random() < 0.6:
            keep()
            assert everything_told() == without_sums()


def test_sums_of_another_time_zone_are_not_used(past: None) -> None:
    keep()
    db.session.execute(text("UPDATE provider SET time_zone = 'Pacific/Auckland'"))
    provider.forget()
    assert everything_told() == without_sums()
    keep()
    assert everything_told() == without_sums()


def test_little_is_made_at_a_time_and_the_rest_later(past: None) -> None:
    assert not keep_sums(REPORTS, NOW, seconds=0)
    assert everything_told() == without_sums()
    keep()
    assert keep_sums(REPORTS, NOW, seconds=0), "nothing is left to do"


@pytest.mark.parametrize("own_app", ["postgresql"], indirect=True)
def test_a_change_committed_while_sums_are_made_is_told(own_app: Flask) -> None:
    """The worker has read the records and not committed; a payment comes in between.

    SQLite has one writer at a time: there nothing can come in between.
    """
    zone = "America/New_York"
    with own_app.app_context():
        make_past()
        _pay()
        db.session.commit()
        order_id = db.session.scalars(select(Payment.order_id)).one()
        db.session.commit()
        keep_sums(REPORTS, datetime(2026, 11, 24, 12, tzinfo=UTC), seconds=60)
        with own_app.app_context():
            _move_money(order_id, "refund", 1200, date(2026, 9, 30))
            db.session.commit()
        db.session.commit()
        days = Days(date(2026, 9, 1), date(2026, 9, 30), zone)
        assert money.get_money(days, None).totals[0].refunded_cents == 1200
        keep_sums(REPORTS, datetime(2026, 11, 24, 12, tzinfo=UTC), seconds=60)
        db.session.commit()
        assert money.get_money(days, None).totals[0].refunded_cents == 1200
