"""Taking a post-test by calling the services."""

from random import Random

from sqlalchemy import func, select

import clock
from extensions import db
from models import Answer, Attempt
from services import answers, attempts
from services.answers import Conflicting, Saved, Sent, TooLate
from services.enrollments import Study
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import fields_for, list_drawn

ONE, OTHER = "1" * 16, "2" * 16


def study_of_alice() -> Study:
    """Alice, who has completed the items of unit 1."""
    found = make_enrollment(make_person())
    complete_items(found, unit=1)
    return found


def start(study: Study, unit: int = 1, number: int | None = None) -> Attempt:
    """Open an attempt with a draw that is the same in every run."""
    return attempts.open_attempt(study, unit, clock.now(), number=number, chance=Random(7))


def own(study: Study, attempt: Attempt) -> attempts.AttemptInCourse:
    """The attempt as its learner gets it."""
    return attempts.get_attempt_for(study.enrollment.person_id, attempt.id)


def save(
    study: Study,
    attempt: Attempt,
    fields: list[tuple[str, str]],
    *,
    position: int = 1,
    page: str = ONE,
    based_on: int = 0,
    sequence: int = 0,
    early: bool = False,
) -> Saved | Conflicting | TooLate:
    """Save an answer from a page."""
    sent = Sent(fields, page, based_on, sequence, is_deliberate=not early)
    person_id = study.enrollment.person_id
    return answers.save_answer(person_id, attempt.id, position, sent, clock.now())


def answer_all(study: Study, attempt: Attempt, *, right: bool) -> None:
    """Answer every question."""
    for drawn in list_drawn(attempt.id):
        save(study, attempt, fields_for(drawn, right=right), position=drawn.position)


def take(study: Study, unit: int = 1, *, right: bool) -> Attempt:
    """Start, answer every question, submit."""
    attempt = start(study, unit)
    answer_all(study, attempt, right=right)
    attempts.submit_attempt(own(study, attempt), clock.now())
    return attempt


def choice_position(attempt: Attempt) -> int:
    """The place of a question with options."""
    drawn = list_drawn(attempt.id)
    return next(q.position for q in drawn if q.kind in ("single", "multiple"))


def kept(attempt: Attempt, position: int) -> Answer:
    """The answer as it is kept now."""
    return db.session.scalars(
        select(Answer)
        .where(Answer.attempt_id == attempt.id, Answer.position == position)
        .execution_options(populate_existing=True)
    ).one()


def count(model: type) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0
