"""Post-tests in their states: timed, graded again, used up; what staff sees of them."""

from pathlib import Path

from sqlalchemy import select

import clock
from config import PROJECT
from domain.outline import Outline
from extensions import db
from models import Attempt, Course, Person, Question
from services import attempts, rulings
from services.audit import Actor
from services.enrollments import Study
from tests.browser.answers import answer_rightly
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import list_drawn
from tests.variants import LIMIT, publish_variant

TIMED = "every-kind"
URL = "http://localhost"


def publish_every_kind(media: Path, parent: Path) -> str:
    """A course with a time limit whose first post-test asks one question of every kind."""
    if db.session.scalar(select(Course.id).where(Course.slug == TIMED)) is None:
        test = (PROJECT / "tests" / "courses" / "every_kind.md").read_text()
        files = {"tests/1.md": test}
        publish_variant(parent, TIMED, LIMIT, files, media=media, approvals=False)
    return TIMED


def timed(media: Path, parent: Path) -> list[str]:
    """A learner in the middle of a timed attempt."""
    study = make_enrollment(
        make_person("timed@example.org", "Tina Timed"), publish_every_kind(media, parent)
    )
    complete_items(study, unit=1)
    start = f"/learn/{TIMED}/units/1/post-test"
    attempt = attempts.open_attempt(study, 1, clock.now())
    db.session.commit()
    questions = [f"/attempts/{attempt.id}/questions/{n}" for n in range(1, 8)]
    return [start, *questions, f"/attempts/{attempt.id}/review"]


def used_up(outline: Outline) -> list[str]:
    """A learner without an attempt left, one of whose attempts was graded again."""
    study = make_enrollment(make_person("stuck@example.org", "Stuart Stuck"), outline.slug)
    complete_items(study, unit=1)
    made = [_submit(study) for _ in range(outline.attempts_allowed)]
    carol = Actor(_carol(), "states")
    question_id = list_drawn(made[-1].id)[0].question_id
    ruling = rulings.void_question(question_id, "Two options are right.", carol, clock.now())
    rulings.regrade(ruling.id, URL, clock.now())
    return [
        f"/learn/{outline.slug}/units/1/post-test",
        f"/attempts/{made[-1].id}/result",
    ]


def learned(outline: Outline) -> None:
    """Some learners who passed, so that the analysis has something to show."""
    for number in range(3):
        study = make_enrollment(make_person(f"passed{number}@example.org", "Pat"), outline.slug)
        complete_items(study, unit=1)
        attempt = attempts.open_attempt(study, 1, clock.now())
        answer_rightly(attempt.id)
        own = attempts.get_attempt_for(study.enrollment.person_id, attempt.id)
        attempts.submit_attempt(own, clock.now())


def for_instructors(outline: Outline) -> list[str]:
    here = f"/instructor/courses/{outline.slug}"
    one = db.session.scalars(
        select(Question.id).where(Question.post_test_id == outline.units[0].post_test_id)
    ).first()
    return [f"{here}/analysis", f"{here}/analysis/{one}", f"{here}/answer-key"]


def for_administrators(outline: Outline) -> list[str]:
    stuck = db.session.scalars(
        select(Attempt.enrollment_id)
        .where(Attempt.number == outline.attempts_allowed)
        .order_by(Attempt.id.desc())
    ).first()
    void = rulings.list_rulings()[0].question.id
    other = db.session.scalars(select(Question.id).where(Question.id != void)).first()
    return [
        "/admin/post-tests",
        f"/admin/enrollments/{stuck}/attempts",
        f"/admin/questions/{void}/ruling",
        f"/admin/questions/{other}/ruling",
    ]


def _submit(study: Study) -> Attempt:
    attempt = attempts.open_attempt(study, 1, clock.now())
    own = attempts.get_attempt_for(study.enrollment.person_id, attempt.id)
    attempts.submit_attempt(own, clock.now())
    return attempt


def _carol() -> int:
    return db.session.scalars(select(Person.id).where(Person.email == "carol@example.org")).one()
