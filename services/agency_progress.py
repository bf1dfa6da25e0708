"""What the manager of an agency sees of its own people: how far, complete, certified; no more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from domain.outline import ItemOutline, Outline
from domain.refusals import NotFound
from domain.standing import Progress
from extensions import db
from models import (
    Agency,
    AgencyContract,
    AgencyKey,
    AgencyManager,
    AgencySeat,
    Certificate,
    CertificateEvent,
    Course,
    Enrollment,
    EnrollmentKey,
    Person,
)
from services import editions
from services.progress import list_progress

PAGE = 50
CHUNK = 500
"""Enrollments whose progress is read at a time."""


@dataclass(frozen=True)
class PersonLine:
    """One seat's holder, in words and counts that the learner was told of.

    Nothing else is here on purpose: no address, answers, scores, time, messages or evaluation.
    """

    enrollment_id: int
    name: str
    course: str
    enrolled_at: datetime
    completed_at: datetime | None
    items_done: int
    items_total: int
    tests_passed: int
    tests_total: int
    hours: str
    certificate: str


@dataclass(frozen=True)
class People:
    """A page of an agency's people, the newest enrollment first."""

    lines: list[PersonLine]
    older_than: int | None
    total: int


@dataclass(frozen=True)
class Waiting:
    """Somebody invited by name who has not enrolled yet."""

    name: str
    course: str
    valid_until: datetime | None


def list_agencies_for(person_id: int) -> list[Agency]:
    """The agencies that a person manages, by name."""
    query = _managed(person_id).order_by(Agency.name, Agency.id)
    return list(db.session.scalars(query))


def get_agency_for(person_id: int, agency_id: int) -> Agency:
    """An agency that a person manages. Raises NotFound for every other."""
    agency = db.session.scalar(_managed(person_id).where(Agency.id == agency_id))
    if agency is None:
        raise NotFound("There is no such agency among yours.")
    return agency


def list_people(agency_id: int, words: str = "", before: int | None = None) -> People:
    """Those who hold a seat of the agency; `words` are looked for in their names."""
    query = _holders(agency_id, words).limit(PAGE + 1)
    if before is not None:
        query = query.where(Enrollment.id < before)
    rows = _rows(query)
    total = db.session.scalar(
        select(func.count()).select_from(_holders(agency_id, words).order_by(None).subquery())
    )
    return People(
        lines=_lines(rows[:PAGE]),
        older_than=rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        total=total or 0,
    )


def every_person(agency_id: int, words: str = "") -> Iterator[PersonLine]:
    """All of them, for a file; read in chunks."""
    rows = _rows(_holders(agency_id, words))
    for start in range(0, len(rows), CHUNK):
        yield from _lines(rows[start : start + CHUNK])


def list_waiting(agency_id: int, now: datetime) -> list[Waiting]:
    """Open invitations of the agency's contracts in force, by name; their codes stay away."""
    rows = db.session.execute(
        select(AgencyKey.invited_name, Course.current_edition_id, EnrollmentKey.valid_until)
        .join(EnrollmentKey, EnrollmentKey.id == AgencyKey.enrollment_key_id)
        .join(Course, Course.id == EnrollmentKey.course_id)
        .join(AgencyContract, AgencyContract.id == AgencyKey.contract_id)
        .where(
            AgencyContract.agency_id == agency_id,
            AgencyContract.ended_at.is_(None),
            AgencyContract.valid_until > now,
            AgencyKey.is_invitation,
            EnrollmentKey.used == 0,
            EnrollmentKey.revoked_at.is_(None),
            or_(EnrollmentKey.valid_until.is_(None), EnrollmentKey.valid_until >= now),
        )
        .order_by(AgencyKey.invited_name, EnrollmentKey.id)
    )
    return [Waiting(n, editions.get_outline(e).title, until) for n, e, until in rows if e]


def _managed(person_id: int) -> Select[Agency]:
    return (
        select(Agency)
        .join(AgencyManager, AgencyManager.agency_id == Agency.id)
        .where(AgencyManager.person_id == person_id, AgencyManager.ended_at.is_(None))
    )


def _holders(agency_id: int, words: str) -> Select[Enrollment, str]:
    """Enrollments that hold a seat now: who has left the agency is seen no more."""
    query = (
        select(Enrollment, Person.name_on_license)
        .join(AgencySeat, AgencySeat.enrollment_id == Enrollment.id)
        .join(AgencyContract, AgencyContract.id == AgencySeat.contract_id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(AgencyContract.agency_id == agency_id)
        .order_by(Enrollment.id.desc())
    )
    for word in words.split():
        query = query.where(Person.name_on_license.icontains(word, autoescape=True))
    return query


def _rows(query: Select[Enrollment, str]) -> list[tuple[Enrollment, str]]:
    return [(enrollment, name) for enrollment, name in db.session.execute(query)]


def _lines(rows: Sequence[tuple[Enrollment, str]]) -> list[PersonLine]:
    ids = [enrollment.id for enrollment, _ in rows]
    progress = list_progress(ids)
    certificates = _list_certificates(ids)
    return [
        _line(enrollment, name, progress[enrollment.id], certificates.get(enrollment.id))
        for enrollment, name in rows
    ]


def _line(
    enrollment: Enrollment, name: str, progress: Progress, certificate: tuple[str, str] | None
) -> PersonLine:
    outline = editions.get_outline(enrollment.edition_id)
    required = _required(outline)
    hours, number = certificate or ("", "")
    return PersonLine(
        enrollment_id=enrollment.id,
        name=name,
        course=outline.title,
        enrolled_at=enrollment.enrolled_at,
        completed_at=enrollment.completed_at,
        items_done=sum(progress.is_item_complete(item.id) for item in required),
        items_total=len(required),
        tests_passed=sum(progress.is_test_passed(unit.post_test_id) for unit in outline.units),
        tests_total=len(outline.units),
        hours=hours,
        certificate=number,
    )


def _required(outline: Outline) -> list[ItemOutline]:
    return [item for item in outline.items() if item.required]


def _list_certificates(enrollment_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Hours and number of the latest certificate of each enrollment that has one."""
    revoked = select(CertificateEvent.certificate_id).where(CertificateEvent.kind == "revoked")
    rows = db.session.execute(
        select(
            Certificate.enrollment_id,
            Certificate.number,
            Certificate.facts,
            Certificate.id.in_(revoked),
        )
        .where(Certificate.enrollment_id.in_(enrollment_ids))
        .order_by(Certificate.id)
    )
    return {
        enrollment_id: ("", f"{number} (revoked)") if gone else (_hours(facts), number)
        for enrollment_id, number, facts, gone in rows
    }


def _hours(facts: dict[str, list[dict[str, str]]]) -> str:
    """The hours as printed, each figure once: bodies may count them differently."""
    return " or ".join(dict.fromkeys(credit["hours"] for credit in facts.get("credits", [])))
