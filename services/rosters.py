"""Enrollments with each learner's progress, for the administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.outline import ItemOutline, Outline
from domain.refusals import NotFound
from domain.standing import Progress
from extensions import db
from models import Certificate, Enrollment, Person
from services import editions
from services.enrollments import Study
from services.progress import list_progress


@dataclass(frozen=True)
class RosterLine:
    """One enrollment: the learner, and how far they are. `key_code` is '' without a key."""

    enrollment: Enrollment
    learner: Person
    outline: Outline
    progress: Progress
    certificate_number: str
    key_code: str

    @property
    def items_done(self) -> int:
        return sum(self.progress.is_item_complete(item.id) for item in self._required)

    @property
    def items_total(self) -> int:
        return len(self._required)

    @property
    def tests_passed(self) -> int:
        return sum(self.progress.is_test_passed(u.post_test_id) for u in self.outline.units)

    @property
    def tests_total(self) -> int:
        return len(self.outline.units)

    @property
    def _required(self) -> list[ItemOutline]:
        return [item for item in self.outline.items() if item.required]


def read_lines(rows: Sequence[Any]) -> list[RosterLine]:
    """Rows of (enrollment, learner, code of the key) with progress: four queries for all."""
    return _lines([(enrollment, person, code) for enrollment, person, code in rows])


def get_enrollment(enrollment_id: int) -> tuple[Person, Study]:
    """An enrollment with its learner, for an administrator. Raises NotFound."""
    row = db.session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.id == enrollment_id)
    ).first()
    if row is None:
        raise NotFound("There is no such enrollment.")
    enrollment, learner = row
    return learner, Study(enrollment, editions.get_outline(enrollment.edition_id))


def _lines(rows: Sequence[tuple[Enrollment, Person, str | None]]) -> list[RosterLine]:
    ids = [enrollment.id for enrollment, _, _ in rows]
    progress = list_progress(ids)
    numbers = _certificate_numbers(ids)
    return [
        RosterLine(
            enrollment=enrollment,
            learner=person,
            outline=editions.get_outline(enrollment.edition_id),
            progress=progress[enrollment.id],
            certificate_number=numbers.get(enrollment.id, ""),
            key_code=code or "",
        )
        for enrollment, person, code in rows
    ]


def _certificate_numbers(enrollment_ids: list[int]) -> dict[int, str]:
    """The latest certificate of each enrollment that has one."""
    rows = db.session.execute(
        select(Certificate.enrollment_id, Certificate.number)
        .where(Certificate.enrollment_id.in_(enrollment_ids))
        .order_by(Certificate.id)
    )
    return dict(rows.all())
