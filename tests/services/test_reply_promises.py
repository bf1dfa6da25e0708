"""Reminders of promised answers, each once, and the share of answers that came in time."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from extensions import db
from models import LearnerQuestion, OutgoingMail, Person
from services import accounts, learner_questions, reply_promises
from services.learner_questions import Thread, Written
from tests.factories import make_administrator, make_enrollment, make_instructor, make_person

HOUR = timedelta(hours=1)
BASE = "http://localhost"


@pytest.fixture
def bob(context: Flask) -> Person:
    return make_instructor()


@pytest.fixture
def asked_at(bob: Person) -> datetime:
    """A question waits since this moment."""
    now = clock.now().replace(microsecond=0)
    study = make_enrollment(make_person())
    learner_questions.ask(study, Written(study.enrollment.person_id, "Why?", "one"), "", BASE, now)
    return now


def thread() -> Thread:
    return learner_questions.read_threads(learner_questions.THREADS)[0]


def mails_at(when: datetime) -> list[tuple[str, str]]:
    """Who is mailed by a reminding at this moment, and the words of the subject."""
    before = set(db.session.scalars(select(OutgoingMail.id)))
    reply_promises.remind(when, BASE)
    rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(row.recipient, row.subject) for row in rows if row.id not in before]


def test_the_instructor_is_reminded_twice_and_then_the_director(asked_at: datetime) -> None:
    bob, director = "bob@example.org", "help@example.org"
    assert mails_at(asked_at + 23 * HOUR) == []
    first = mails_at(asked_at + 24 * HOUR)
    assert [to for to, _ in first] == [bob]
    assert "due in 24 hours" in first[0][1]
    assert mails_at(asked_at + 30 * HOUR) == [], "each once"
    assert [to for to, _ in mails_at(asked_at + 44 * HOUR)] == [bob]
    overdue = mails_at(asked_at + 48 * HOUR)
    assert [to for to, _ in overdue] == [director]
    assert mails_at(asked_at + 100 * HOUR) == []


def test_what_came_due_while_the_worker_stood_still_is_mailed_once(asked_at: datetime) -> None:
    assert [to for to, _ in mails_at(asked_at + 50 * HOUR)] == ["help@example.org"]
    assert mails_at(asked_at + 51 * HOUR) == []


def test_an_answer_ends_the_reminding_and_a_follow_up_begins_it_again(
    asked_at: datetime, bob: Person
) -> None:
    learner_questions.answer(thread(), Written(bob.id, "So.", "a"), BASE, asked_at + HOUR)
    assert mails_at(asked_at + 60 * HOUR) == []
    later = asked_at + 70 * HOUR
    learner = db.session.scalars(select(Person.id).where(Person.email == "alice@example.org")).one()
    learner_questions.follow_up(thread(), Written(learner, "And?", "b"), BASE, later)
    assert len(mails_at(later + 24 * HOUR)) == 1


def months(who: Person, now: datetime) -> list[tuple[int, int, int, int]]:
    token = accounts.open_session(who.id, "browser", now)
    identity = accounts.find_identity(token)
    assert identity is not None
    found = reply_promises.list_months(identity, now)
    return [(month.in_time, month.late, month.missing, month.share) for month in found]


def test_the_share_counts_promises_as_they_were_kept(asked_at: datetime, bob: Person) -> None:
    assert months(bob, asked_at) == [], "nothing is due yet"
    assert months(bob, asked_at + 49 * HOUR) == [(0, 0, 1, 0)]
    learner_questions.answer(thread(), Written(bob.id, "So.", "a"), BASE, asked_at + 49 * HOUR)
    assert months(bob, asked_at + 50 * HOUR) == [(0, 1, 0, 0)]
    learner_questions.answer(thread(), Written(bob.id, "More.", "b"), BASE, asked_at + 50 * HOUR)
    assert months(bob, asked_at + 51 * HOUR) == [(0, 1, 0, 0)], "a second answer changes nothing"


def test_only_own_courses_count_and_administrators_see_all(asked_at: datetime) -> None:
    other = make_person("other@example.org", is_instructor=True)
    later = asked_at + 49 * HOUR
    assert months(other, later) == []
    assert months(make_administrator(), later) == [(0, 0, 1, 0)]
    assert db.session.scalars(select(LearnerQuestion)).one().answered_at is None
