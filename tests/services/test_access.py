"""Reminders of the end of access, and the one free extension."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from domain.refusals import Conflict
from extensions import db
from models import AccessExtension, AccessReminder, OutgoingMail, Provider
from services import access, access_reminders, provider
from services.enrollments import Study
from tests.at_once import at_once, own_app
from tests.factories import SLUG, make_enrollment, make_person

__all__ = ["own_app"]
DAY = timedelta(days=1)
URL = "https://ce.example.org"


@pytest.fixture
def alice(context: Flask) -> Study:
    """Alice, who enrolled a year ago; her access ends in 100 days."""
    now = clock.now()
    return make_enrollment(
        make_person(time_zone="America/Los_Angeles"),
        enrolled_at=now - 265 * DAY,
        access_until=now + 100 * DAY,
    )


def test_two_mails_for_one_end_however_often_the_worker_looks(alice: Study) -> None:
    end = alice.enrollment.access_until
    assert _remind(end - 31 * DAY) == 0
    assert [_remind(end - 30 * DAY), _remind(end - 29 * DAY), _remind(end - 8 * DAY)] == [1, 1, 1]
    assert [_remind(end - 7 * DAY), _remind(end - 1 * DAY), _remind(end + DAY)] == [2, 2, 2]
    assert len(db.session.scalars(select(AccessReminder)).all()) == 2


def test_the_mail_says_when_in_the_learners_zone_and_what_can_be_done(alice: Study) -> None:
    end = datetime.fromisoformat("2027-03-01T04:30:00+00:00")
    alice.enrollment.access_until = end
    _remind(end - 30 * DAY)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert "ends on February 28, 2027, 8:30 PM PST" in mail.body
    assert mail.subject.endswith("ends on February 28, 2027")
    assert f"{URL}/learn/{SLUG}\n" in mail.body
    assert "extend your access once, by 30 days, free of charge" in mail.body


def test_an_extension_is_reminded_of_anew(alice: Study) -> None:
    end = alice.enrollment.access_until
    _remind(end - 7 * DAY)
    until = access.extend(alice, end - 6 * DAY)
    assert until == end + 30 * DAY
    assert _remind(end - 5 * DAY) == 1
    assert _remind(until - 30 * DAY) == 2
    assert "The free extension has been used." in _latest().body
    assert _remind(until - 7 * DAY) == 3


def _set(**days: int) -> None:
    row = db.session.get_one(Provider, 1)
    row.facts = {**row.facts, **days}
    db.session.flush()
    provider.forget()


def test_the_provider_sets_the_days(alice: Study) -> None:
    _set(extension_days=10, first_reminder_days=50, last_reminder_days=3)
    end = alice.enrollment.access_until
    assert _remind(end - 51 * DAY) == 0
    assert [_remind(end - 50 * DAY), _remind(end - 4 * DAY), _remind(end - 3 * DAY)] == [1, 1, 2]
    assert "extend your access once, by 10 days" in _latest().body
    assert access.find_offer(alice, end - 51 * DAY) is None
    assert access.find_offer(alice, end - 50 * DAY) == end + 10 * DAY
    with pytest.raises(Conflict, match="from 50 days before its end until 50 days after"):
        access.extend(alice, end - 51 * DAY)
    assert access.extend(alice, end - 50 * DAY) == end + 10 * DAY


def test_days_that_are_changed_remind_nobody_twice(alice: Study) -> None:
    end = alice.enrollment.access_until
    assert _remind(end - 30 * DAY) == 1
    _set(first_reminder_days=40)
    assert _remind(end - 29 * DAY) == 1


def test_no_extension_is_offered_where_the_provider_gives_none(alice: Study) -> None:
    _set(extension_days=0)
    end = alice.enrollment.access_until
    assert access.find_offer(alice, end - DAY) is None
    with pytest.raises(Conflict, match="offers no free extension"):
        access.extend(alice, end - DAY)
    _remind(end - 7 * DAY)
    assert "extension" not in _latest().body


@pytest.mark.parametrize(
    "fields",
    [{"completed_at": clock.now()}, {"ended_at": clock.now()}],
    ids=["complete", "withdrawn"],
)
def test_who_studies_no_more_is_not_reminded(alice: Study, fields: dict[str, object]) -> None:
    for name, value in fields.items():
        setattr(alice.enrollment, name, value)
    end = alice.enrollment.access_until
    assert _remind(end - 20 * DAY) == 0
    assert access.find_offer(alice, end - 20 * DAY) is None
    with pytest.raises(Conflict, match="as long as the course is not complete"):
        access.extend(alice, end - 20 * DAY)


def test_a_closed_account_is_not_written_to(alice: Study) -> None:
    end = alice.enrollment.access_until
    person = db.session.scalars(select(OutgoingMail)).first()
    assert person is None
    from models import Person

    db.session.get_one(Person, alice.enrollment.person_id).deactivated_at = clock.now()
    assert _remind(end - 20 * DAY) == 0


def test_one_extension_and_no_second(alice: Study) -> None:
    end = alice.enrollment.access_until
    assert access.find_offer(alice, end - 31 * DAY) is None
    assert access.find_offer(alice, end - 30 * DAY) == end + 30 * DAY
    until = access.extend(alice, end - 2 * DAY)
    assert access.extend(alice, end - 1 * DAY) == until == end + 30 * DAY
    assert access.find_offer(alice, until - 1 * DAY) is None
    assert access.extend(alice, until - 1 * DAY) == until, "a late click changes nothing either"
    made = db.session.scalars(select(AccessExtension)).one()
    assert (made.until_before, made.until_after) == (end, until)


def test_soon_after_the_end_it_opens_again(alice: Study) -> None:
    end = alice.enrollment.access_until
    later = end + 10 * DAY
    assert not alice.can_study(later)
    access.extend(alice, later)
    assert alice.can_study(later)
    assert alice.enrollment.access_until == later + 30 * DAY


@pytest.mark.parametrize("days", [-31, 30])
def test_neither_too_early_nor_too_late(alice: Study, days: int) -> None:
    end = alice.enrollment.access_until
    with pytest.raises(Conflict, match="from 30 days before its end until 30 days after"):
        access.extend(alice, end + days * DAY)
    assert alice.enrollment.access_until == end


def test_clicks_at_once_extend_once(own_app: Flask) -> None:
    with own_app.app_context():
        end = clock.now() + 5 * DAY
        person_id = make_enrollment(make_person(), access_until=end).enrollment.person_id
        db.session.commit()
    ends = at_once(own_app, 6, lambda _: _extend(person_id))
    assert set(ends) == {end + 30 * DAY}


def _extend(person_id: int) -> datetime:
    from services.enrollments import get_study_for

    return access.extend(get_study_for(person_id, SLUG), clock.now())


def _remind(now: datetime) -> int:
    """Let the worker look at this moment; returns how many mails there are by then."""
    db.session.flush()
    access_reminders.remind(now, URL)
    return len(db.session.scalars(select(OutgoingMail)).all())


def _latest() -> OutgoingMail:
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()  # type: ignore[return-value]
