"""The enrollments of a course with each learner's progress, for the administrator."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from domain.outline import ItemOutline, Outline
from domain.refusals import NotFound
from domain.standing import Progress
from extensions import db
from models import Certificate, Enrollment, EnrollmentKey, Person
from services import editions
from services.enrollments import Study
from services.progress import list_progress

PAGE = 50


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


@dataclass(frozen=True)
class Roster:
    """A page of a course's enrollments, the newest first; `older_than` asks for the next page."""

    course: Outline
    lines: list[RosterLine]
    older_than: int | None
    total: int


def get_roster(slug: str, words: str = "", before: int | None = None) -> Roster:
    """A page of the roster in seven queries; `words` are looked for in names and addresses."""
    course = editions.get_course(slug)
    assert course.current_edition_id is not None
    found = _conditions(course.id, words)
    query = (
        select(Enrollment, Person, EnrollmentKey.code)
        .join(Person, Person.id == Enrollment.person_id)
        .outerjoin(EnrollmentKey, EnrollmentKey.id == Enrollment.enrollment_key_id)
        .where(*found)
        .order_by(Enrollment.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Enrollment.id < before)
    rows = [(enrollment, person, code) for enrollment, person, code in db.session.execute(query)]
    total = db.session.scalar(
        select(func.count(Enrollment.id))
        .join(Person, Person.id == Enrollment.person_id)
        .where(*found)
    )
    return Roster(
        course=editions.get_outline(course.current_edition_id),
        lines=_lines(rows[:PAGE]),
        older_than=rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        total=total or 0,
    )


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


def _conditions(course_id: int, words: str) -> list[ColumnElement[bool]]:
    """Every word is in the name or the address, whatever its case."""
    return [
        Enrollment.course_id == course_id,
        *(
            or_(
                Person.name_on_license.icontains(word, autoescape=True),
                Person.email.icontains(word, autoescape=True),
            )
            for word in words.split()
        ),
    ]


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
