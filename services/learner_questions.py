"""Questions of learners to the instructors of a course: threads with a due time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from domain import reply_time
from domain.identity import Identity
from domain.outline import ItemOutline, Outline
from domain.refusals import Conflict, NotFound
from extensions import db
from models import Course, CourseInstructor, Enrollment, LearnerQuestion, Message, Person
from services import editions, question_mail, reply_promises
from services.enrollments import Study
from services.provider import get_provider


@dataclass(frozen=True)
class Written:
    """What somebody wrote. `intent` is the form's own mark: sent twice, it is kept once."""

    author_id: int
    text: str
    intent: str


@dataclass(frozen=True)
class Thread:
    """A question with its messages, the learner who asked, and the edition they study."""

    question: LearnerQuestion
    learner: Person
    outline: Outline

    @property
    def item(self) -> ItemOutline | None:
        """The item it is about; None for a question about the course."""
        return next((i for i in self.outline.items() if i.id == self.question.item_id), None)

    @property
    def is_waiting(self) -> bool:
        return self.question.answered_at is None

    @property
    def has_new_answer(self) -> bool:
        """Whether there is an answer that the learner has not marked as read."""
        return any(m.from_instructor and m.seen_at is None for m in self.question.messages)


THREADS = (
    select(LearnerQuestion, Person, Enrollment.edition_id)
    .join(Enrollment, Enrollment.id == LearnerQuestion.enrollment_id)
    .join(Person, Person.id == Enrollment.person_id)
    .options(selectinload(LearnerQuestion.messages).options(joinedload(Message.author)))
)


def ask(
    study: Study, written: Written, item_slug: str, base_url: str, now: datetime
) -> LearnerQuestion:
    """Begin a thread and mail the course's instructors. A repeated intent begins one."""
    item = next((i for i in study.outline.items() if i.slug == item_slug), None)
    question = LearnerQuestion(
        enrollment_id=study.enrollment.id,
        course_id=study.enrollment.course_id,
        item_id=item.id if item else None,
        asked_at=now,
        due_at=_due_at(now),
    )
    sent = _find_sent(written)
    if sent is None and _add(question, written, now):
        reply_promises.promise(question, now)
        question_mail.to_instructors(question, study.outline.title, base_url)
        return question
    sent = sent or _find_sent(written)
    if sent is None:
        raise Conflict("Your question could not be sent. Please try again.")
    return db.session.get_one(LearnerQuestion, sent.question_id)


def follow_up(thread: Thread, written: Written, base_url: str, now: datetime) -> None:
    """Add a learner's message to their own thread, and mail the course's instructors.

    A thread that had been answered waits again, with a due time of its own; one that still
    waits keeps the time that was promised.
    """
    question = _lock(thread.question.id)
    if not _add_message(question.id, written, now, from_instructor=False):
        return
    if question.answered_at is not None:
        question.answered_at = None
        question.due_at = _due_at(now)
        reply_promises.promise(question, now)
    _see(question.id, now, from_instructor=True)
    question_mail.to_instructors(question, thread.outline.title, base_url)


def answer(thread: Thread, written: Written, base_url: str, now: datetime) -> None:
    """Add an answer of staff to a thread, and mail the learner."""
    question = _lock(thread.question.id)
    if not _add_message(question.id, written, now, from_instructor=True):
        return
    question.answered_at = question.answered_at or now
    reply_promises.keep(question.id, now)
    _see(question.id, now, from_instructor=False)
    question_mail.to_learner(thread.learner, thread.outline, base_url)


def mark_read(thread: Thread, now: datetime) -> None:
    """Note that the learner has read the answers of a thread."""
    _see(thread.question.id, now, from_instructor=True)


def list_own_threads(person_id: int, slug: str) -> list[Thread]:
    """The learner's threads in a course, over all their enrollments, the newest first."""
    query = _own(person_id, slug).order_by(LearnerQuestion.id.desc())
    return read_threads(query)


def get_own_thread(person_id: int, slug: str, question_id: int) -> Thread:
    """One of the learner's own threads. Raises NotFound for anybody else's."""
    return _get_one(_own(person_id, slug).where(LearnerQuestion.id == question_id))


def get_thread_for(who: Identity, question_id: int) -> Thread:
    """A thread of a course the person instructs; of any for administrators. Else NotFound."""
    query = THREADS.where(LearnerQuestion.id == question_id, is_of_courses_of(who))
    return _get_one(query)


def count_new_answers(person_id: int) -> dict[int, int]:
    """How many answers the learner has not marked as read, by course id; none is left out."""
    rows = db.session.execute(
        select(LearnerQuestion.course_id, func.count())
        .join(Message, Message.question_id == LearnerQuestion.id)
        .join(Enrollment, Enrollment.id == LearnerQuestion.enrollment_id)
        .where(
            Enrollment.person_id == person_id,
            Message.from_instructor,
            Message.seen_at.is_(None),
        )
        .group_by(LearnerQuestion.course_id)
    )
    return dict(rows.all())


def is_of_courses_of(who: Identity) -> ColumnElement[bool]:
    """The condition that a question is of a course this person answers for."""
    if who.is_administrator:
        return true()
    return LearnerQuestion.course_id.in_(
        select(CourseInstructor.course_id).where(CourseInstructor.person_id == who.person_id)
    )


def read_threads(query: Select[LearnerQuestion, Person, int]) -> list[Thread]:
    """The threads of a query made from THREADS, in its order."""
    return [
        Thread(question, learner, editions.get_outline(edition_id))
        for question, learner, edition_id in db.session.execute(query)
    ]


def _due_at(now: datetime) -> datetime:
    return reply_time.due_at(now, get_provider().reply_hours)


def _own(person_id: int, slug: str) -> Select[LearnerQuestion, Person, int]:
    return THREADS.join(Course, Course.id == LearnerQuestion.course_id).where(
        Enrollment.person_id == person_id, Course.slug == slug
    )


def _get_one(query: Select[LearnerQuestion, Person, int]) -> Thread:
    found = read_threads(query)
    if not found:
        raise NotFound("There is no such question, or it is not yours to read.")
    return found[0]


def _lock(question_id: int) -> LearnerQuestion:
    """The question, locked: a message of the other side waits for its turn."""
    return db.session.scalars(
        select(LearnerQuestion)
        .where(LearnerQuestion.id == question_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _add(question: LearnerQuestion, written: Written, now: datetime) -> bool:
    """Add a question with its first message; False if the message was sent before."""
    try:
        with db.session.begin_nested():
            db.session.add(question)
            db.session.flush()
            db.session.add(_message(question.id, written, now, from_instructor=False))
    except IntegrityError:
        return False
    return True


def _add_message(
    question_id: int, written: Written, now: datetime, *, from_instructor: bool
) -> bool:
    """Add a message; False if it was sent before."""
    if _find_sent(written) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(_message(question_id, written, now, from_instructor=from_instructor))
    except IntegrityError:
        return False
    return True


def _message(
    question_id: int, written: Written, now: datetime, *, from_instructor: bool
) -> Message:
    return Message(
        question_id=question_id,
        author_id=written.author_id,
        from_instructor=from_instructor,
        text=written.text,
        sent_at=now,
        intent=_own_intent(written),
    )


def _find_sent(written: Written) -> Message | None:
    intent = _own_intent(written)
    return db.session.scalar(select(Message).where(Message.intent == intent)) if intent else None


def _own_intent(written: Written) -> str | None:
    """The form's mark within its author's: nobody's mark can meet another person's."""
    return f"{written.author_id}-{written.intent}"[:64] if written.intent else None


def _see(question_id: int, now: datetime, *, from_instructor: bool) -> None:
    db.session.execute(
        update(Message)
        .where(
            Message.question_id == question_id,
            Message.from_instructor == from_instructor,
            Message.seen_at.is_(None),
        )
        .values(seen_at=now)
    )
