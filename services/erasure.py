"""Erasing a person on their own request: what goes at once, what stays and until when.

Stays: certificates with their facts, forever, since boards and others rely on them; the records
of completed enrollments, until their time is over, since an approving body may ask for them;
orders, as bookkeeping demands. The account, everything of enrollments that were not completed,
and all that is left goes at once.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, select, update

from domain.refusals import Conflict
from domain.retention import kept_until
from extensions import db
from models import (
    Accommodation,
    AccommodationRequest,
    AgencyManager,
    Base,
    BulkLine,
    Certificate,
    CourseInstructor,
    Enrollment,
    Job,
    KeptForm,
    License,
    LoginSession,
    MailedToken,
    Order,
    OutgoingMail,
    Person,
    ProblemReport,
    Timeline,
)
from models.append_only import may_delete
from services import agency_invitations, audit, editions
from services.audit import Actor
from services.audit_pack import packs
from services.retention import retention_years
from services.study_records import delete_study_records

OF_PERSON: tuple[type[Base], ...] = (
    AccommodationRequest,
    Accommodation,
    AgencyManager,
    BulkLine,
    CourseInstructor,
    KeptForm,
    License,
    LoginSession,
    MailedToken,
    ProblemReport,
    Timeline,
)
"""Rows of a person that go at once, in an order in which nothing refers to what is deleted."""
ERASED_NAME = "Erased account"
NO_PASSWORD = "!"  # noqa: S105 - no hash looks like this, so nothing fits it


@dataclass(frozen=True)
class KeptCourse:
    """A completed course whose records stay until a day."""

    title: str
    until: datetime


@dataclass(frozen=True)
class Consequences:
    """What erasing would do, told before: what stays, and what is lost."""

    certificates: int
    orders: int
    kept: list[KeptCourse]
    lost: list[str]


def get_consequences(person_id: int) -> Consequences:
    """What erasing this person would keep and lose."""
    rows = db.session.scalars(
        select(Enrollment).where(
            Enrollment.person_id == person_id, Enrollment.records_deleted_at.is_(None)
        )
    ).all()
    years = retention_years()
    return Consequences(
        certificates=_count(Certificate, person_id),
        orders=_count(Order, person_id),
        kept=[
            KeptCourse(_title(row), kept_until(row.completed_at, years))
            for row in rows
            if row.completed_at is not None
        ],
        lost=[_title(row) for row in rows if row.completed_at is None],
    )


def erase_person(actor: Actor, now: datetime) -> None:
    """Erase the person who asks. Raises Conflict for the last administrator."""
    person = db.session.scalars(
        select(Person).where(Person.id == actor.person_id).with_for_update()
    ).one()
    if person.is_administrator and not _has_other_administrator(person.id):
        raise Conflict(
            "You are the only administrator. Make somebody else an administrator first: "
            "without one, nobody could run the center."
        )
    open_ids = db.session.scalars(
        select(Enrollment.id).where(
            Enrollment.person_id == person.id, Enrollment.completed_at.is_(None)
        )
    ).all()
    _delete_mail(person.email)
    packs.expire_of_person(person.id, now)
    agency_invitations.forget(person.id, person.email, ERASED_NAME, now)
    with may_delete(db.session(), "erased on request"):
        delete_study_records(open_ids, now)
        for model in OF_PERSON:
            table = model.__table__
            assert isinstance(table, Table)
            db.session.execute(delete(table).where(table.c.person_id == person.id))
    db.session.execute(
        update(Enrollment)
        .where(Enrollment.id.in_(open_ids), Enrollment.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    _blank(person, now)
    audit.record_act(actor, "person.erased", f"person:{person.id}")


def _blank(person: Person, now: datetime) -> None:
    """Keep the row, which certificates refer to, with nothing in it."""
    person.email = f"erased-{person.id}@erased.invalid"
    person.email_confirmed_at = None
    person.password_hash = NO_PASSWORD
    person.name_on_license = ERASED_NAME
    person.registration_intent = None
    person.time_zone = "UTC"
    person.is_instructor = False
    person.is_administrator = False
    person.deactivated_at = now
    db.session.flush()


def _delete_mail(address: str) -> None:
    theirs = select(OutgoingMail.id).where(OutgoingMail.recipient == address)
    db.session.execute(delete(Job).where(Job.kind == "mail", Job.subject_id.in_(theirs)))
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.recipient == address))


def _has_other_administrator(person_id: int) -> bool:
    found = select(Person.id).where(
        Person.is_administrator, Person.deactivated_at.is_(None), Person.id != person_id
    )
    return db.session.scalar(found.limit(1)) is not None


def _title(row: Enrollment) -> str:
    return editions.get_outline(row.edition_id).title


def _count(model: type[Certificate] | type[Order], person_id: int) -> int:
    return len(db.session.scalars(select(model.id).where(model.person_id == person_id)).all())
