"""Post-test attempts: start, save, submit. One open per learner and test; nothing saved is lost."""

from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from domain import grading
from domain.draw import PoolQuestion, draw_questions, shuffled_order
from domain.outline import UnitOutline
from domain.path import are_items_complete
from domain.refusals import Conflict, NotFound
from domain.standing import NO_STANDING, Progress
from extensions import db
from models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Course,
    Enrollment,
    Grade,
    LateAnswer,
    PostTest,
    Question,
    Unit,
)
from services import completion, study, time_record
from services.enrollments import Study, get_study_for
from services.time_record import Place


class AnswerConflict(Exception):
    """Another page has saved a different answer since this one was loaded."""

    def __init__(self, saved: grading.Response, revision: int) -> None:
        super().__init__("answered in another window")
        self.saved = saved
        self.revision = revision


@dataclass(frozen=True)
class DrawnQuestion:
    """A question of an attempt with its saved answer, if any."""

    attempt_id: int
    position: int
    key: str
    objective: int
    kind: str
    stem_html: str
    body: dict[str, Any]
    rationale_html: str
    order: list[int]
    response: grading.Response
    revision: int

    @property
    def is_answered(self) -> bool:
        return grading.is_answered(self.kind, self.body, self.response)


@dataclass(frozen=True)
class PageSave:
    """What a page posts: who it is, its counter, and the revision it was loaded with."""

    page: str
    sequence: int
    base_revision: int


def attempts_left(study_: Study, progress: Progress, unit: UnitOutline) -> int:
    standing = progress.tests.get(unit.post_test_id, NO_STANDING)
    return max(0, study_.outline.attempts_allowed - standing.attempts_used)


def refuse_closed(found: Study, progress: Progress, unit: UnitOutline, now: datetime) -> None:
    """Raise Conflict where the post-test cannot be taken now, in words."""
    study.refuse_closed_unit(found, progress, unit.number)
    study.refuse_ended(found, now)
    if not are_items_complete(unit, progress):
        raise Conflict("This post-test opens when all required items of its unit are complete.")


def open_attempt(found: Study, progress: Progress, unit: UnitOutline, now: datetime) -> int:
    """Start an attempt, or find the one that is open; returns its id.

    Raises Conflict where the test is closed, passed already, or no attempts are left.
    """
    refuse_closed(found, progress, unit, now)
    standing = progress.tests.get(unit.post_test_id, NO_STANDING)
    if standing.open_attempt_id is not None:
        return standing.open_attempt_id
    if standing.passed_at is not None or not found.is_open:
        raise Conflict("You have passed this post-test already.")
    if attempts_left(found, progress, unit) == 0:
        raise Conflict("No attempts are left. Write to us: an administrator can grant more.")
    attempt = Attempt(
        enrollment_id=found.enrollment.id,
        post_test_id=unit.post_test_id,
        number=standing.attempts_used + 1,
        pass_mark=found.outline.pass_mark,
        terms={"attempts_allowed": found.outline.attempts_allowed, "time_limit": None},
        started_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError:
        return _get_open_attempt_id(found.enrollment.id, unit.post_test_id)
    _freeze_draw(attempt, unit.draw, standing.latest_submitted_id)
    place = Place("attempt", unit.number, attempt_id=attempt.id)
    time_record.open_view(found.enrollment.person_id, found.enrollment.id, place, now)
    return attempt.id


def get_attempt_for(person_id: int, attempt_id: int) -> Attempt:
    """The learner's own attempt. Raises NotFound for anybody else's."""
    attempt = db.session.scalar(
        select(Attempt)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .where(Attempt.id == attempt_id, Enrollment.person_id == person_id)
    )
    if attempt is None:
        raise NotFound("There is no such attempt among yours.")
    return attempt


def get_study_of(person_id: int, attempt: Attempt) -> tuple[Study, UnitOutline]:
    """The enrollment and unit an attempt belongs to."""
    slug, number, unit_number = db.session.execute(
        select(Course.slug, Enrollment.number, Unit.number)
        .select_from(Enrollment)
        .join(Course, Course.id == Enrollment.course_id)
        .join(PostTest, PostTest.id == attempt.post_test_id)
        .join(Unit, Unit.id == PostTest.unit_id)
        .where(Enrollment.id == attempt.enrollment_id)
    ).one()
    found = get_study_for(person_id, slug, number)
    return found, study.get_unit(found, unit_number)


def list_questions(attempt_id: int) -> list[DrawnQuestion]:
    """The attempt's questions in their order, with what is saved. One query."""
    rows = db.session.execute(
        _DRAWN.where(AttemptQuestion.attempt_id == attempt_id).order_by(AttemptQuestion.position)
    )
    return [_drawn(row) for row in rows]


def list_positions(attempt_id: int) -> list[int]:
    """The places of the attempt's questions, 1 to the number drawn."""
    return list(
        db.session.scalars(
            select(AttemptQuestion.position)
            .where(AttemptQuestion.attempt_id == attempt_id)
            .order_by(AttemptQuestion.position)
        )
    )


def get_question(attempt_id: int, position: int) -> DrawnQuestion:
    """One question of an attempt. Raises NotFound."""
    row = db.session.execute(
        _DRAWN.where(
            AttemptQuestion.attempt_id == attempt_id, AttemptQuestion.position == position
        )
    ).first()
    if row is None:
        raise NotFound("This attempt has no such question.")
    return _drawn(row)


def save_answer(
    attempt: Attempt, question: DrawnQuestion, response: grading.Response, save: PageSave,
    now: datetime,
) -> None:
    """Save an answer; a page's late or repeated save changes nothing.

    Raises Conflict after submission, AnswerConflict if another page saved since this one was
    loaded.
    """
    _lock_open(attempt)
    values = {
        "response": response,
        "page": save.page,
        "sequence": save.sequence,
        "saved_at": now,
    }
    key = {"attempt_id": attempt.id, "position": question.position}
    postgresql = db.engine.dialect.name == "postgresql"
    make = postgresql_insert if postgresql else sqlite_insert
    statement = make(Answer).values(**key, **values, revision=1)
    saved = db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["attempt_id", "position"],
            set_={**values, "revision": Answer.revision + 1},
            where=((Answer.page == save.page) & (Answer.sequence < save.sequence))
            | ((Answer.page != save.page) & (Answer.revision <= save.base_revision)),
        ).returning(Answer.revision)
    ).first()
    if saved is None:
        _refuse_if_other_page(question, response, save)


def keep_late_answer(
    attempt: Attempt, position: int, response: grading.Response, now: datetime
) -> None:
    """Keep an answer that came after submission: evidence, never graded."""
    db.session.execute(
        insert(LateAnswer).values(
            attempt_id=attempt.id, position=position, response=response, received_at=now
        )
    )


def submit_attempt(found: Study, attempt: Attempt, now: datetime) -> Grade:
    """Grade and close the attempt; a second submit finds the first's grade."""
    db.session.refresh(attempt, with_for_update=True)
    if attempt.submitted_at is not None:
        return get_grade(attempt.id)
    questions = list_questions(attempt.id)
    per_question = [
        {
            "position": question.position,
            "earned": grading.grade(
                question.kind, question.body, question.order, question.response
            ),
        }
        for question in questions
    ]
    earned = sum(line["earned"] for line in per_question)
    possible = grading.FULL * len(questions)
    grade = Grade(
        attempt_id=attempt.id,
        number=1,
        earned=earned,
        possible=possible,
        passed=grading.is_passed(earned, possible, attempt.pass_mark),
        per_question=per_question,
        reason="submitted",
        graded_at=now,
    )
    attempt.submitted_at = now
    db.session.add(grade)
    db.session.flush()
    if grade.passed:
        completion.complete_if_ready(found, now)
    return grade


def get_grade(attempt_id: int) -> Grade:
    """The grade that counts: the last of the log. Raises NotFound before submission."""
    grade = db.session.scalar(
        select(Grade)
        .where(Grade.attempt_id == attempt_id)
        .order_by(Grade.number.desc())
        .limit(1)
    )
    if grade is None:
        raise NotFound("This attempt has not been submitted yet.")
    return grade


_DRAWN = (
    select(
        AttemptQuestion.attempt_id,
        AttemptQuestion.position,
        Question.key,
        Question.objective,
        Question.kind,
        Question.stem_html,
        Question.body,
        Question.rationale_html,
        AttemptQuestion.option_order,
        Answer.response,
        Answer.revision,
    )
    .join(Question, Question.id == AttemptQuestion.question_id)
    .outerjoin(
        Answer,
        (Answer.attempt_id == AttemptQuestion.attempt_id)
        & (Answer.position == AttemptQuestion.position),
    )
)


def _drawn(row: Row[Any]) -> DrawnQuestion:
    values = list(row)
    return DrawnQuestion(*values[:9], response=values[9] or {}, revision=values[10] or 0)


def _lock_open(attempt: Attempt) -> None:
    """Hold the attempt open while saving, so that a submit waits or comes first."""
    submitted_at = db.session.execute(
        select(Attempt.submitted_at)
        .where(Attempt.id == attempt.id)
        .with_for_update(read=True)
    ).scalar_one()
    if submitted_at is not None:
        raise Conflict("This attempt has been submitted: its answers can no longer change.")


def _refuse_if_other_page(
    question: DrawnQuestion, response: grading.Response, save: PageSave
) -> None:
    row = db.session.execute(
        select(Answer.page, Answer.response, Answer.revision).where(
            Answer.attempt_id == question.attempt_id, Answer.position == question.position
        )
    ).one()
    if row.page != save.page and row.response != response:
        raise AnswerConflict(row.response, row.revision)


def _freeze_draw(attempt: Attempt, count: int, latest_id: int | None) -> None:
    pool = db.session.execute(
        select(Question.id, Question.objective, Question.kind, Question.body).where(
            Question.post_test_id == attempt.post_test_id
        )
    ).all()
    by_id = {row.id: row for row in pool}
    random = SystemRandom()
    drawn = draw_questions(
        [PoolQuestion(row.id, row.objective) for row in pool], count, _seen(latest_id), random
    )
    for position, question in enumerate(drawn, start=1):
        row = by_id[question.id]
        shown = grading.count_shown(row.kind, row.body)
        db.session.add(
            AttemptQuestion(
                attempt_id=attempt.id,
                position=position,
                question_id=row.id,
                option_order=shuffled_order(
                    shown, grading.keeps_order(row.kind, row.body), random
                ),
            )
        )
    db.session.flush()


def _seen(attempt_id: int | None) -> set[int]:
    if attempt_id is None:
        return set()
    return set(
        db.session.scalars(
            select(AttemptQuestion.question_id).where(AttemptQuestion.attempt_id == attempt_id)
        )
    )


def _get_open_attempt_id(enrollment_id: int, post_test_id: int) -> int:
    found = db.session.scalar(
        select(Attempt.id).where(
            Attempt.enrollment_id == enrollment_id,
            Attempt.post_test_id == post_test_id,
            Attempt.submitted_at.is_(None),
        )
    )
    if found is None:
        raise Conflict("Another window has just started or finished this test. Load the page.")
    return found


