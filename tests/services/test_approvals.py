"""Approvals: renewals in line, every edit kept, and what ends is said before anybody pays."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

import clock
from config import PROJECT
from domain.refusals import Invalid
from extensions import db
from models import Approval, ApprovalChange, ApprovingBody
from services import approval_ends, approvals, certification, editions, installation
from services.audit import Actor
from services.provider import list_approvals
from tests.completed import complete_all, issue
from tests.conftest import TEST_PROVIDER
from tests.factories import SLUG, make_administrator, make_enrollment, make_person

TODAY = date(2026, 11, 24)


@pytest.fixture
def carol(context: Flask) -> Actor:
    return Actor(make_administrator().id, "request")


def values(row: Approval, **changes: Any) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in approvals.FIELDS}, **changes}


def psych() -> Approval:
    return db.session.get_one(Approval, "test-psych")


def renew(carol: Actor, **changes: Any) -> Approval:
    given = values(psych(), number="TEST-PSY-2", **changes)
    return approvals.add_approval(given, "renewed", carol, clock.now(), renews="test-psych")


def end_psych(last_day: date) -> None:
    psych().valid_until = last_day
    db.session.flush()


def test_the_approval_valid_on_the_day_is_the_one_that_counts(carol: Actor) -> None:
    end_psych(date(2026, 12, 31))
    renew(carol, valid_from=date(2027, 1, 1), valid_until=date(2029, 12, 31))
    outline = editions.get_current_outline(SLUG)
    for day, number in ((date(2026, 12, 31), "TEST-PSY-1"), (date(2027, 1, 1), "TEST-PSY-2")):
        credits = certification.list_credits(outline, day)
        assert credits[0]["number"] == number
        assert (credits[0]["line"], credits[1]["line"]) == ("test-psych", "test-sw")
    assert [c["line"] for c in certification.list_credits(outline, date(2030, 1, 1))] == ["test-sw"]
    assert [row.number for row in list_approvals(["test-psych"])] == ["TEST-PSY-2"], "the latest"


def test_an_approval_of_one_course_needs_no_mention_in_it(carol: Actor) -> None:
    outline = editions.get_current_outline(SLUG)
    given = values(
        psych(), body="State Board", number="SB-9", course_id=outline.course_id, course_number="C-7"
    )
    added = approvals.add_approval(given, "approved the course", carol, clock.now())
    credit = certification.list_credits(outline, TODAY)[-1]
    assert (credit["body"], credit["course_number"]) == ("State Board", "C-7")
    assert credit["line"] == added.id


def test_every_edit_is_kept_with_what_it_changed(carol: Actor) -> None:
    given = values(psych(), minimum=Decimal("2"), statement="{provider}: {hours}")
    assert approvals.change_approval("test-psych", given, "read again", carol, clock.now())
    assert not approvals.change_approval("test-psych", given, "again", carol, clock.now())
    change, name = approvals.list_changes("approval", "test-psych")[0]
    assert change.fields["minimum"] == ["0.25", "2"]
    assert set(change.fields) == {"minimum", "statement"}
    assert (change.reason, name) == ("read again", "Carol Director")
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(update(ApprovalChange).values(reason="other"))


def test_the_files_change_nothing_that_was_edited(carol: Actor) -> None:
    approvals.change_approval(
        "test-psych", values(psych(), number="X-1"), "why", carol, clock.now()
    )
    installation.install_provider(TEST_PROVIDER, clock.now())
    assert psych().number == "X-1"
    bodies = PROJECT / "content" / "bodies.yaml"
    installation.install_bodies(bodies)
    apa = approvals.get_body("apa")
    approvals.change_body("apa", {"name": apa.name, "source": "read it"}, "why", carol, clock.now())
    installation.install_bodies(bodies)
    assert db.session.get_one(ApprovingBody, "apa").source == "read it"
    assert approvals.get_body("naadac").daily_maximum == 8


def test_periods_run_forward(carol: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        renew(carol, valid_from=date(2027, 1, 1), valid_until=date(2026, 1, 1))
    assert refused.value.field == "valid_until"
    with pytest.raises(Invalid) as refused:
        renew(carol, valid_from=psych().valid_from)
    assert refused.value.field == "valid_from"


@pytest.mark.parametrize(
    ("last_day", "renewed_from", "said", "why"),
    [
        (TODAY + timedelta(days=400), None, None, "it outlasts the access of 365 days"),
        (TODAY + timedelta(days=364), None, False, "access lasts a day longer"),
        (TODAY, None, False, "its last day is today"),
        (TODAY - timedelta(days=1), None, True, "it ended yesterday"),
        (TODAY + timedelta(days=30), TODAY + timedelta(days=31), None, "renewed without a gap"),
        (TODAY + timedelta(days=30), TODAY + timedelta(days=32), False, "a day lies between"),
    ],
)
def test_whoever_enrolls_is_told_of_an_approval_that_ends(
    carol: Actor, last_day: date, renewed_from: date | None, said: bool | None, why: str
) -> None:
    end_psych(last_day)
    if renewed_from:
        renew(carol, valid_from=renewed_from, valid_until=date(2035, 1, 1))
    ends = approval_ends.list_ends(editions.get_current_outline(SLUG), TODAY)
    assert [end.has_ended for end in ends] == ([] if said is None else [said]), why
    assert all(end.body == "Test Board of Psychology" for end in ends)


def test_what_ends_within_180_days_is_pointed_out_until_it_is_renewed(carol: Actor) -> None:
    end_psych(TODAY + timedelta(days=180))
    soon = [line.approval.id for line in approvals.list_approvals(TODAY) if line.ends_soon]
    assert soon == ["test-psych"]
    assert approvals.list_approvals(TODAY)[0].courses == ("A Small Course",)
    renew(carol, valid_from=TODAY + timedelta(days=181), valid_until=date(2030, 1, 1))
    assert not any(line.ends_soon for line in approvals.list_approvals(TODAY))


def test_a_daily_cap_counts_the_hours_of_the_day_before(context: Flask) -> None:
    psych().daily_maximum = Decimal("1.5")
    alice = make_person()
    first = make_enrollment(alice)
    now = datetime(2026, 11, 24, 15, tzinfo=clock.now().tzinfo)
    issue(complete_all(first, at=now), at=now)
    from services.certificate_credit import earned_around

    assert earned_around(alice.id, now + timedelta(hours=23))(psych()) == Decimal("1.0")
    assert earned_around(alice.id, now + timedelta(hours=25))(psych()) == 0
    rows = db.session.scalars(select(Approval)).all()
    assert earned_around(alice.id, now)(next(r for r in rows if r.id == "test-sw")) == Decimal(
        "1.0"
    )
