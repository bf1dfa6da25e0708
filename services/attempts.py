"""Attempts at post-tests: opening one with a frozen draw, submitting it once, its result."""

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from domain.accommodation import NO_EFFECT
from domain.draw import PoolQuestion, draw_option_order, draw_questions
from domain.outline import UnitOutline
from domain.path import are_items_complete, missing_time
from domain.post_test_rules import rules_of
from domain.refusals import Conflict, NotFound
from domain.standing import NO_STANDING, Progress, TestStanding
from extensions import db
from models import Attempt, AttemptQuestion, Enrollment, Grade, Question, QuestionRuling
from services import accommodations, completion, editions, grades, study
from services.enrollments import Study
from services.minimum_time import get_progress_for

new_chance: Callable[[], random.Random] = secrets.SystemRandom
"""What an attempt is drawn by; only tests put another in its place, to draw alike in every run."""


@dataclass(frozen=True)
class AttemptInCourse:
    """A learner's own attempt with the enrollment and the unit it belongs to."""

    attempt: Attempt
    study: Study
    unit: UnitOutline

    @property
    def questions(self) -> int:
        """How many questions were drawn."""
        return int(self.attempt.terms["questions"])

    @property
    def is_submitted(self) -> bool:
        return self.attempt.submitted_at is not None


def open_attempt(
    found: Study,
    unit_number: int,
    now: datetime,
    *,
    number: int | None = None,
    chance: random.Random | None = None,
) -> Attempt:
    """Open an attempt and freeze its draw; an open one is returned as it is.

    `number` is the attempt the learner's page asked for: where it has been made already, that one
    is returned, submitted or not, so that a repeated click uses up nothing. Raises Conflict where
    no attempt may be opened now: access ended, unit not open, passed, no attempts left.
    """
    unit = study.get_unit(found, unit_number)
    present = _find_present(found.enrollment.id, unit.post_test_id, number)
    if present is not None:
        return present
    progress = get_progress_for(found, now)
    _refuse_start(found, unit, progress, now)
    used = progress.tests.get(unit.post_test_id, NO_STANDING).attempts_used
    try:
        with db.session.begin_nested():
            return _add_attempt(found, unit, used + 1, now, chance or new_chance())
    except IntegrityError as error:
        present = _find_present(found.enrollment.id, unit.post_test_id, used + 1)
        if present is None:
            raise Conflict("An attempt was just opened in another window. Try again.") from error
        return present


def get_attempt_for(person_id: int, attempt_id: int) -> AttemptInCourse:
    """The learner's own attempt. Raises NotFound, for strangers as for what does not exist."""
    row = db.session.execute(
        select(Attempt, Enrollment)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .where(Attempt.id == attempt_id, Enrollment.person_id == person_id)
    ).first()
    if row is None:
        raise NotFound("You have no attempt at this address.")
    attempt, enrollment = row
    return in_course(attempt, Study(enrollment, editions.get_outline(enrollment.edition_id)))


def in_course(attempt: Attempt, found: Study) -> AttemptInCourse:
    """An attempt of an enrollment with its unit."""
    unit = next(u for u in found.outline.units if u.post_test_id == attempt.post_test_id)
    return AttemptInCourse(attempt, found, unit)


def submit_attempt(own: AttemptInCourse, now: datetime) -> Grade:
    """Close the attempt and grade it, once: whoever comes later gets the same grade.

    Raises Conflict where the learner's access has ended before the attempt was submitted.
    """
    if own.is_submitted:
        return grades.get_grade(own.attempt.id)
    study.refuse_ended(own.study, now)
    return close_attempt(own, now, "learner", now)


def close_attempt(own: AttemptInCourse, at: datetime, closed_by: str, now: datetime) -> Grade:
    """Close an attempt as of a moment and grade it by the answers saved, once.

    `closed_by`: 'learner', or 'deadline' (then `at` is the deadline, which has passed).
    """
    closed = db.session.execute(
        update(Attempt)
        .where(Attempt.id == own.attempt.id, Attempt.submitted_at.is_(None))
        .values(submitted_at=at, closed_by=closed_by)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.refresh(own.attempt)
    if closed is None:
        return grades.get_grade(own.attempt.id)
    given = grades.add_grade(own.attempt, now)
    if given.passed:
        completion.complete_if_ready(own.study, now)
    return given


def _find_present(enrollment_id: int, post_test_id: int, number: int | None) -> Attempt | None:
    """The open attempt, or else the one of this number."""
    rows = db.session.scalars(
        select(Attempt)
        .where(Attempt.enrollment_id == enrollment_id, Attempt.post_test_id == post_test_id)
        .order_by(Attempt.submitted_at.is_not(None), Attempt.number)
    ).all()
    wanted = (row for row in rows if row.submitted_at is None or row.number == number)
    return next(wanted, None)


def _refuse_start(found: Study, unit: UnitOutline, progress: Progress, now: datetime) -> None:
    study.refuse_ended(found, now)
    study.refuse_closed_unit(found, progress, unit.number)
    if not are_items_complete(unit, progress):
        raise Conflict(
            f"The post-test of unit {unit.number} opens when all required items of the unit "
            "are complete."
        )
    if missing_time(unit, progress):
        raise Conflict(
            f"The post-test of unit {unit.number} opens when enough study time is recorded in the "
            f"unit: {progress.time.in_words(unit.number)}."
        )
    standing = progress.tests.get(unit.post_test_id, NO_STANDING)
    if standing.passed_at is not None:
        raise Conflict("You have passed this post-test. There is nothing left to do in it.")
    if progress.count_attempts_left(unit.post_test_id, found.outline.attempts_allowed) == 0:
        raise Conflict("You have used all attempts at this post-test. Write to us for another.")
    opens_at = next_attempt_opens_at(found, standing)
    if opens_at is not None and now < opens_at:
        raise Conflict(
            "This course asks you to wait before the next attempt. The page of the post-test says "
            "when it opens."
        )


def next_attempt_opens_at(found: Study, standing: TestStanding) -> datetime | None:
    """When the waiting time after the latest attempt is over; None where there is none."""
    wait = rules_of(found.outline).retry_after
    if standing.latest_submitted_at is None or not wait:
        return None
    return standing.latest_submitted_at + wait


def _add_attempt(
    found: Study, unit: UnitOutline, number: int, now: datetime, chance: random.Random
) -> Attempt:
    pool = _list_pool(unit.post_test_id)
    if not pool:
        raise Conflict("This post-test has no question left to ask. Please write to us.")
    earlier = _list_earlier_draws(found.enrollment.id, unit.post_test_id)
    candidates = [PoolQuestion(row.id, row.objective) for row in pool]
    drawn = draw_questions(candidates, unit.draw, earlier, chance)
    attempt = Attempt(
        enrollment_id=found.enrollment.id,
        post_test_id=unit.post_test_id,
        number=number,
        pass_mark=found.outline.pass_mark,
        terms=_terms(found, len(drawn), now),
        started_at=now,
        time_limit_minutes=_limit_minutes(found),
    )
    db.session.add(attempt)
    db.session.flush()
    _add_questions(
        attempt.id, [next(row for row in pool if row.id == id_) for id_ in drawn], chance
    )
    return attempt


def _list_pool(post_test_id: int) -> Sequence[Any]:
    """The questions that may be drawn, key and all; void ones are left out."""
    return db.session.execute(
        select(Question.id, Question.objective, Question.kind, Question.body)
        .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
        .where(Question.post_test_id == post_test_id, QuestionRuling.id.is_(None))
        .order_by(Question.id)
    ).all()


def _terms(found: Study, questions: int, now: datetime) -> dict[str, Any]:
    """What was in force when the attempt was opened, as evidence."""
    enrollment, rules = found.enrollment, rules_of(found.outline)
    effect = accommodations.get_effect(enrollment.person_id, enrollment.course_id, now)
    return {
        "questions": questions,
        "pass_mark": found.outline.pass_mark,
        "attempts_allowed": found.outline.attempts_allowed,
        "time_limit_minutes": _limit_minutes(found),
        "time_limit_reason": rules.time_limit_reason,
        "accommodations": [
            {"time_percent": effect.time_percent, "extra_attempts": effect.extra_attempts}
        ]
        if effect != NO_EFFECT
        else [],
    }


def _limit_minutes(found: Study) -> int | None:
    limit = rules_of(found.outline).time_limit
    return int(limit.total_seconds()) // 60 if limit is not None else None


def _add_questions(attempt_id: int, drawn: Sequence[Any], chance: random.Random) -> None:
    rows = [
        {
            "attempt_id": attempt_id,
            "position": position,
            "question_id": row.id,
            "option_order": draw_option_order(row.kind, row.body, chance),
        }
        for position, row in enumerate(drawn, start=1)
    ]
    db.session.execute(insert(AttemptQuestion), rows)


def _list_earlier_draws(enrollment_id: int, post_test_id: int) -> list[set[int]]:
    """The questions of each earlier attempt, the latest attempt last."""
    rows = db.session.execute(
        select(Attempt.number, AttemptQuestion.question_id)
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .where(Attempt.enrollment_id == enrollment_id, Attempt.post_test_id == post_test_id)
    ).all()
    numbers = sorted({number for number, _ in rows})
    return [{question for number, question in rows if number == of} for of in numbers]
