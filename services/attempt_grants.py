"""Attempts that an administrator grants beyond those of the course, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from domain.outline import UnitOutline
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Attempt, AttemptGrant, Edition, Enrollment, Person
from services import attempt_mail, audit, editions
from services.audit import Actor
from services.enrollments import Study
from services.progress import get_progress

MOST_AT_ONCE = 10
PAGE = 50
LATEST = 500


@dataclass(frozen=True)
class NewGrant:
    """What an administrator grants. `intent` is the form's own mark: sent twice, it grants once."""

    unit_number: int
    attempts: int
    reason: str
    intent: str


@dataclass(frozen=True)
class TestLine:
    """How a learner stands in one post-test. `standing` is in words."""

    __test__ = False

    unit: UnitOutline
    used: int
    left: int
    is_passed: bool


@dataclass(frozen=True)
class Attempter:
    """A learner with their enrollment, its post-tests, and what was granted so far."""

    learner: Person
    study: Study
    tests: list[TestLine]
    grants: list[tuple[AttemptGrant, int]]
    """Each with the number of its unit, the newest first."""


def get_attempter(enrollment_id: int) -> Attempter:
    """A learner's post-tests, for the administrator. Raises NotFound."""
    row = db.session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.id == enrollment_id)
    ).first()
    if row is None:
        raise NotFound("There is no such enrollment.")
    enrollment, learner = row
    study = Study(enrollment, editions.get_outline(enrollment.edition_id))
    return Attempter(learner, study, _list_tests(study), _list_grants(study))


def list_stuck() -> list[Attempter]:
    """Learners who study and have no attempt left in a test they have not passed; PAGE at most.

    Looked for among who made the center's latest LATEST attempts, so that it never slows.
    """
    newest = select(Attempt.enrollment_id).order_by(Attempt.id.desc()).limit(LATEST)
    recent = set(db.session.scalars(newest))
    studying = db.session.scalars(
        select(Enrollment.id).where(
            Enrollment.id.in_(recent),
            Enrollment.completed_at.is_(None),
            Enrollment.ended_at.is_(None),
        )
    )
    used_up = (
        select(Attempt.enrollment_id)
        .join(Enrollment, Enrollment.id == Attempt.enrollment_id)
        .join(Edition, Edition.id == Enrollment.edition_id)
        .where(Attempt.enrollment_id.in_(studying.all()))
        .group_by(Attempt.enrollment_id, Attempt.post_test_id, Edition.attempts_allowed)
        .having(
            func.count() >= Edition.attempts_allowed,
            func.count(Attempt.submitted_at) == func.count(),
        )
        .order_by(func.max(Attempt.submitted_at).desc())
    )
    ids = list(dict.fromkeys(db.session.scalars(used_up.limit(4 * PAGE))))
    found = (get_attempter(enrollment_id) for enrollment_id in ids)
    return [one for one in found if any(not t.is_passed and not t.left for t in one.tests)][:PAGE]


def grant(
    attempter: Attempter, asked: NewGrant, actor: Actor, base_url: str, now: datetime
) -> AttemptGrant:
    """Grant attempts at one post-test, tell the learner, record who did it and why.

    A repeated intent finds what was granted before. Raises Invalid (`unit`, `attempts`), and
    Conflict where the enrollment is over.
    """
    made = _find_made(asked, actor)
    if made is not None:
        return made
    line = _refuse_pointless(attempter, asked)
    row = AttemptGrant(
        enrollment_id=attempter.study.enrollment.id,
        post_test_id=line.unit.post_test_id,
        attempts=asked.attempts,
        reason=asked.reason,
        granted_by_id=actor.person_id,
        granted_at=now,
        intent=_own_intent(asked, actor),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        made = _find_made(asked, actor)
        if made is None:
            raise Conflict("The attempts could not be granted. Please try again.") from error
        return made
    _tell(attempter, line, asked, actor, base_url)
    return row


def _refuse_pointless(attempter: Attempter, asked: NewGrant) -> TestLine:
    line = next((t for t in attempter.tests if t.unit.number == asked.unit_number), None)
    if line is None:
        raise Invalid("unit", "Choose the unit whose post-test may be taken again.")
    if line.is_passed:
        raise Invalid("unit", "This post-test is passed already. Choose another unit.")
    if not 1 <= asked.attempts <= MOST_AT_ONCE:
        raise Invalid("attempts", f"Grant from 1 to {MOST_AT_ONCE} attempts at once.")
    if not attempter.study.is_open:
        raise Conflict("This enrollment is over, so that nothing more can be attempted in it.")
    return line


def _tell(
    attempter: Attempter, line: TestLine, asked: NewGrant, actor: Actor, base_url: str
) -> None:
    study, learner = attempter.study, attempter.learner
    audit.record(
        "attempt.granted",
        actor_id=actor.person_id,
        subject=f"enrollment:{study.enrollment.id}",
        request_id=actor.request_id,
        facts={"unit": line.unit.number, "attempts": asked.attempts, "reason": asked.reason},
    )
    link = f"{base_url}/learn/{study.outline.slug}/units/{line.unit.number}/post-test"
    attempt_mail.send_attempts_granted(
        learner, study.outline, line.unit.post_test_title, asked.attempts, link
    )


def _list_tests(study: Study) -> list[TestLine]:
    progress = get_progress(study.enrollment.id)
    allowed = study.outline.attempts_allowed
    return [
        TestLine(
            unit=unit,
            used=standing.attempts_used if standing is not None else 0,
            left=progress.count_attempts_left(unit.post_test_id, allowed),
            is_passed=progress.is_test_passed(unit.post_test_id),
        )
        for unit in study.outline.units
        for standing in (progress.tests.get(unit.post_test_id),)
    ]


def _list_grants(study: Study) -> list[tuple[AttemptGrant, int]]:
    units = {unit.post_test_id: unit.number for unit in study.outline.units}
    rows = db.session.scalars(
        select(AttemptGrant)
        .where(AttemptGrant.enrollment_id == study.enrollment.id)
        .order_by(AttemptGrant.id.desc())
    )
    return [(row, units[row.post_test_id]) for row in rows]


def _find_made(asked: NewGrant, actor: Actor) -> AttemptGrant | None:
    return db.session.scalar(
        select(AttemptGrant).where(AttemptGrant.intent == _own_intent(asked, actor))
    )


def _own_intent(asked: NewGrant, actor: Actor) -> str:
    return f"{actor.person_id}-{asked.intent}"[:64]
