"""Voiding a question: a ruling beside the immutable edition, and what it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain import grading
from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import (
    Attempt,
    AttemptQuestion,
    Enrollment,
    Grade,
    Person,
    PostTest,
    Question,
    QuestionRuling,
    Unit,
)
from services import attempt_mail, attempts, audit, completion, editions, grades, jobs
from services.audit import Actor
from services.enrollments import Study

REGRADED_AT_ONCE = 50
LEAST_REASON = 10
VOIDED = "question void"


@dataclass(frozen=True)
class PublishedQuestion:
    """A question of an edition with its unit and, if it is void, the ruling."""

    question: Question
    outline: Outline
    unit_number: int
    ruling: QuestionRuling | None
    attempts_submitted: int


def get_published_question(question_id: int) -> PublishedQuestion:
    """A question, key and all, for staff. Raises NotFound."""
    row = db.session.execute(
        select(Question, Unit.number, Unit.edition_id, QuestionRuling)
        .join(PostTest, PostTest.id == Question.post_test_id)
        .join(Unit, Unit.id == PostTest.unit_id)
        .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
        .where(Question.id == question_id)
    ).first()
    if row is None:
        raise NotFound("There is no such question.")
    question, unit_number, edition_id, ruling = row
    outline = editions.get_outline(edition_id)
    return PublishedQuestion(question, outline, unit_number, ruling, _count_submitted(question_id))


def void_question(question_id: int, reason: str, actor: Actor, now: datetime) -> QuestionRuling:
    """Rule that a question is void, for good; the worker grades again what it changes.

    Whoever rules second gets the first ruling. Raises Invalid (`reason`), Conflict.
    """
    published = get_published_question(question_id)
    if published.ruling is not None:
        return published.ruling
    if len(reason) < LEAST_REASON:
        raise Invalid("reason", "Say why the question is void, in a sentence that learners read.")
    _lock_post_test(published.question.post_test_id)
    present = db.session.scalar(
        select(QuestionRuling).where(QuestionRuling.question_id == question_id)
    )
    if present is not None:
        return present
    ruling = QuestionRuling(
        question_id=question_id, reason=reason, decided_by_id=actor.person_id, decided_at=now
    )
    db.session.add(ruling)
    db.session.flush()
    audit.record(
        "question.voided",
        actor_id=actor.person_id,
        subject=f"question:{question_id}",
        request_id=actor.request_id,
        facts={"reason": reason, "key": published.question.key},
    )
    jobs.enqueue("regrade", ruling.id, key=f"regrade-{ruling.id}")
    return ruling


def regrade(ruling_id: int, base_url: str, now: datetime) -> int:
    """Grade again every submitted attempt a ruling changes; returns how many. Commits in parts.

    Safe to repeat: an attempt that the ruling has reached already is left as it is.
    """
    ruling = db.session.get(QuestionRuling, ruling_id)
    if ruling is None:
        raise Conflict("There is no such ruling.")
    done, last = 0, 0
    while ids := _list_submitted(ruling.question_id, last):
        done += sum(_regrade(attempt_id, ruling, base_url, now) for attempt_id in ids)
        db.session.commit()
        last = ids[-1]
    return done


def list_rulings() -> list[PublishedQuestion]:
    """Every void question, the latest ruling first."""
    ids = db.session.scalars(select(QuestionRuling.question_id).order_by(QuestionRuling.id.desc()))
    return [get_published_question(question_id) for question_id in ids.all()]


def _regrade(attempt_id: int, ruling: QuestionRuling, base_url: str, now: datetime) -> bool:
    row = db.session.execute(
        select(Attempt, Enrollment, Person)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Attempt.id == attempt_id)
    ).one()
    attempt, enrollment, learner = row
    before = grades.get_grade(attempt.id)
    given = grades.regrade(attempt, VOIDED, now, ruling.id)
    if given is None:
        return False
    study = Study(enrollment, editions.get_outline(enrollment.edition_id))
    own = attempts.in_course(attempt, study)
    if given.passed and not before.passed:
        completion.complete_if_ready(study, now)
    attempt_mail.send_graded_again(
        learner,
        study.outline,
        own.unit.post_test_title,
        ruling.reason,
        _outcome(before, given),
        f"{base_url}/attempts/{attempt.id}/result",
    )
    return True


def _outcome(before: Grade, given: Grade) -> str:
    """What the new grade comes to, in a sentence."""
    total = grading.points(given.possible)
    was, is_now = grading.points(before.earned), grading.points(given.earned)
    passed = " You have passed with it." if given.passed and not before.passed else ""
    return f"Your attempt had {was} of {total} right and now has {is_now} of {total}.{passed}"


def _list_submitted(question_id: int, after: int) -> Sequence[int]:
    """Submitted attempts that asked a question, by id, a part at a time."""
    return db.session.scalars(
        select(Attempt.id)
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .where(
            AttemptQuestion.question_id == question_id,
            Attempt.submitted_at.is_not(None),
            Attempt.id > after,
        )
        .order_by(Attempt.id)
        .limit(REGRADED_AT_ONCE)
    ).all()


def _count_submitted(question_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AttemptQuestion)
            .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
            .where(AttemptQuestion.question_id == question_id, Attempt.submitted_at.is_not(None))
        )
        or 0
    )


def _lock_post_test(post_test_id: int) -> None:
    """Wait for submissions under way, which have read the rulings before this one."""
    db.session.execute(
        select(PostTest.id).where(PostTest.id == post_test_id).with_for_update(key_share=True)
    )
