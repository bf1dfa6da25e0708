"""Questions of learners to the instructors of a course: threads with a due time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from domain import reply_time
from domain.identity import Identity
from domain.refusals import Conflict, NotFound
from domain.wording import local
from extensions import db
from models import Course, CourseInstructor, Enrollment, Item, LearnerQuestion, Message, Person
from services import mail, mail_texts
from services.enrollments import Study
from services.provider import get_provider

NO_QUESTION = "There is no such question among yours."


@dataclass(frozen=True)
class Written:
    """What somebody wrote. `intent` is the form's own mark: sent twice, it is kept once."""

    author_id: int
    text: str
    intent: str


@dataclass(frozen=True)
class Thread:
    """A question with all that its pages show. `item_title` is '' for one about the course."""

    question: LearnerQuestion
    learner_id: int
    learner_name: str
    course_slug: str
    edition_id: int
    item_title: str

    @property
    def is_waiting(self) -> bool:
        return self.question.answered_at is None

    def new_answers(self) -> list[Message]:
        """Answers that the learner has not marked as read."""
        return [m for m in self.question.messages if m.from_instructor and m.seen_at is None]


def ask(
    study: Study, written: Written, item_id: int | None, base_url: str, now: datetime
) -> LearnerQuestion:
    """Begin a thread, and mail the instructors of the course. A repeated intent makes one."""
    sent = _find_sent(written)
    if sent is not None:
        return db.session.get_one(LearnerQuestion, sent.question_id)
    question = LearnerQuestion(
        enrollment_id=study.enrollment.id,
        course_id=study.enrollment.course_id,
        item_id=item_id,
        asked_at=now,
        due_at=reply_time.due_at(now),
    )
    with _once():
        with db.session.begin_nested():
            db.session.add(question)
            db.session.flush()
            _add_message(question.id, written, now, from_instructor=False)
    _mail_instructors(question, base_url)
    return question


def follow_up(
    person_id: int, slug: str, question_id: int, written: Written, base_url: str, now: datetime
) -> LearnerQuestion:
    """Add a learner's message to their own thread.

    One that had been answered waits again, with a due time of its own; one that still waits
    keeps the time it was promised.
    """
    question = get_own_thread(person_id, slug, question_id).question
    if _find_sent(written) is not None:
        return question
    with _once():
        with db.session.begin_nested():
            _add_message(question.id, written, now, from_instructor=False)
    if question.answered_at is not None:
        question.answered_at = None
        question.due_at = reply_time.due_at(now)
    _see(question, now, from_instructor=True)
    _mail_instructors(question, base_url)
    return question


def answer(
    who: Identity, question_id: int, written: Written, base_url: str, now: datetime
) -> LearnerQuestion:
    """Add an answer to a thread of a course the person instructs, and mail the learner."""
    thread = get_thread_for(who, question_id)
    if _find_sent(written) is not None:
        return thread.question
    with _once():
        with db.session.begin_nested():
            _add_message(question_id, written, now, from_instructor=True)
    if thread.question.answered_at is None:
        thread.question.answered_at = now
    _see(thread.question, now, from_instructor=False)
    _mail_learner(thread, base_url)
    return thread.question
