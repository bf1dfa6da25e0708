"""Messages at once: each is kept once, and a thread waits when its learner had the last word."""

from flask import Flask
from sqlalchemy import func, select

import clock
from extensions import db
from models import LearnerQuestion, Message, OutgoingMail
from services import learner_questions
from services.enrollments import get_study_for
from services.learner_questions import Written
from tests.at_once import at_once, own_app
from tests.factories import SLUG, make_enrollment, make_instructor, make_person

__all__ = ["own_app"]
AT_ONCE = 10
URL = "http://localhost"


def test_a_question_sent_many_times_is_asked_once(own_app: Flask) -> None:
    alice, _ = _cast(own_app)
    asked = at_once(own_app, AT_ONCE, lambda _: _ask(alice, "same"))
    assert len(set(asked)) == 1
    with own_app.app_context():
        assert _count(LearnerQuestion) == _count(Message) == _count(OutgoingMail) == 1


def test_answers_and_follow_ups_at_once_leave_one_truth(own_app: Flask) -> None:
    alice, bob = _cast(own_app)
    with own_app.app_context():
        question_id = _ask(alice, "first")
        db.session.commit()

    def write(number: int) -> None:
        thread = learner_questions.get_own_thread(alice, SLUG, question_id)
        is_answer = number % 2 == 0
        written = Written(bob if is_answer else alice, f"Message {number}", str(number))
        send = learner_questions.answer if is_answer else learner_questions.follow_up
        send(thread, written, URL, clock.now())

    at_once(own_app, AT_ONCE, write)
    with own_app.app_context():
        assert _count(Message) == AT_ONCE + 1
        last = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
        question = db.session.scalars(select(LearnerQuestion)).one()
        assert (question.answered_at is not None) is last.from_instructor


def _cast(app: Flask) -> tuple[int, int]:
    """Alice, who is enrolled in Bob's course, and Bob."""
    with app.app_context():
        bob = make_instructor().id
        alice = make_enrollment(make_person()).enrollment.person_id
        db.session.commit()
    return alice, bob


def _ask(alice: int, intent: str) -> int:
    study = get_study_for(alice, SLUG)
    return learner_questions.ask(study, Written(alice, "Why?", intent), "", URL, clock.now()).id


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
