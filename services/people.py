"""What administrators do for and to accounts. None of it makes time, answers or attestations."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from domain.refusals import Conflict, NotFound
from extensions import db
from models import Certificate, Course, CourseInstructor, Order, Person
from services import accounts, audit, care_mail, licenses, mailed_links
from services.audit import Actor
from services.erasure import NO_PASSWORD

LAST_ADMINISTRATOR = (
    "This is the only administrator. Make somebody else an administrator first: without one, "
    "nobody could run the center."
)
MOST_SHOWN = 100
MOST_OTHERS = 20


def get_person(person_id: int) -> Person:
    """Anybody, deactivated or not. Raises NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def is_erased(person: Person) -> bool:
    """Whether nothing is left of the account but its row."""
    return person.password_hash == NO_PASSWORD


def deactivate(person_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Close an account: its sessions end with their next request. Nothing earned is touched.

    Raises Conflict for the last administrator.
    """
    person = _lock(person_id)
    if person.deactivated_at is not None:
        return
    _refuse_last_administrator(person)
    person.deactivated_at = now
    accounts.end_all_sessions(person.id, now)
    accounts.spend_links(person.id, now)
    _record(actor, "person.deactivated", person, reason=reason)


def reactivate(person_id: int, actor: Actor) -> None:
    """Open a closed account again. Raises Conflict for one that was erased."""
    person = _lock(person_id)
    _refuse_erased(person)
    if person.deactivated_at is not None:
        person.deactivated_at = None
        _record(actor, "person.reactivated", person)


def set_roles(
    person_id: int, administrator: bool, course_ids: Collection[int], actor: Actor
) -> None:
    """Make somebody an administrator or not, and instructor of exactly these courses.

    Raises Conflict for the last administrator, and for an erased or deactivated account.
    """
    person = _lock(person_id)
    _refuse_erased(person)
    if person.is_administrator and not administrator:
        _refuse_last_administrator(person)
    if person.is_administrator != administrator:
        person.is_administrator = administrator
        kind = "role.granted" if administrator else "role.withdrawn"
        _record(actor, kind, person, role="administrator")
    _set_courses(person, set(course_ids), actor)
    db.session.flush()


def list_taught(person_id: int) -> set[int]:
    """The courses somebody answers for, by id."""
    query = select(CourseInstructor.course_id).where(CourseInstructor.person_id == person_id)
    return set(db.session.scalars(query))


def list_courses() -> list[Course]:
    """Every course that has an edition."""
    query = select(Course).where(Course.current_edition_id.is_not(None)).order_by(Course.slug)
    return list(db.session.scalars(query))


def list_others_of_address(person: Person) -> list[Person]:
    """Other accounts with the address, the confirmed one first."""
    query = (
        select(Person)
        .where(Person.email == person.email, Person.id != person.id)
        .order_by(Person.email_confirmed_at.is_(None), Person.id)
    )
    return list(db.session.scalars(query.limit(MOST_OTHERS)))


def send_reset_link(person_id: int, base_url: str, actor: Actor, now: datetime) -> None:
    """Mail the link to choose a new password.

    Raises Conflict for a closed account, and where the link would lead to another one.
    """
    person = get_person(person_id)
    if person.deactivated_at is not None:
        raise Conflict("This account is deactivated. Reactivate it first.")
    _refuse_twin(person)
    mailed_links.request_password_reset(person.email, base_url, now)
    _record(actor, "person.reset-sent", person)


def send_confirmation(person_id: int, base_url: str, actor: Actor, now: datetime) -> None:
    """Mail the link that confirms the address again. Raises Conflict as above."""
    person = get_person(person_id)
    _refuse_erased(person)
    if person.email_confirmed_at is None:
        _refuse_twin(person)
        mailed_links.send_confirmation(person, base_url, now)
        _record(actor, "person.confirmation-sent", person)


def _refuse_twin(person: Person) -> None:
    """Links go to a mailbox, and act on its confirmed account if there is one."""
    if person.email_confirmed_at is None and accounts.find_confirmed(person.email) is not None:
        raise Conflict(
            "Another account with this address is confirmed, and a link would lead to that one. "
            "It is named on this page. Nothing was sent."
        )


def confirm_address(person_id: int, actor: Actor, now: datetime) -> None:
    """Confirm an address for somebody who showed otherwise that it is theirs.

    Raises Conflict where another confirmed account has the address.
    """
    person = _lock(person_id)
    _refuse_erased(person)
    if person.email_confirmed_at is not None:
        return
    try:
        with db.session.begin_nested():
            person.email_confirmed_at = now
    except IntegrityError as error:
        raise Conflict("Another account with this address is confirmed already.") from error
    _record(actor, "person.address-confirmed", person)


def correct_profile(
    person_id: int, name: str, time_zone: str, reason: str, actor: Actor, base_url: str
) -> bool:
    """Correct somebody's name as on the license and time zone, and tell them; False: no change.

    Certificates issued do not change. Where the fonts lack letters of a new name, the learner is
    asked for a spelling before the next certificate. The log says what was changed, never a name.
    """
    person = _lock(person_id)
    _refuse_erased(person)
    changed = [
        what
        for what, before, after in (
            ("name", person.name_on_license, name),
            ("time zone", person.time_zone, time_zone),
        )
        if before != after
    ]
    if not changed:
        return False
    spelling = None if "name" in changed else person.latin_name
    licenses.save_profile(person_id, name, time_zone, spelling)
    _record(actor, "person.corrected", person, changed=changed, reason=reason)
    care_mail.tell_corrected(person, base_url)
    return True


def add_license(person_id: int, typed: tuple[str, str, str], actor: Actor, now: datetime) -> None:
    """Add a license (profession, jurisdiction, number). Raises Invalid (field `number`)."""
    person = get_person(person_id)
    _refuse_erased(person)
    added = licenses.add_license(person_id, *typed, now)
    _record(actor, "license.added", person, license=added.id)


def remove_license(person_id: int, license_id: int, actor: Actor) -> None:
    """Remove a license. Raises NotFound; certificates issued do not change."""
    licenses.remove_license(person_id, license_id)
    _record(actor, "license.removed", get_person(person_id), license=license_id)


def list_certificates(person_id: int) -> list[Certificate]:
    """The latest certificates of a person, superseded ones too."""
    query = select(Certificate).where(Certificate.person_id == person_id)
    return list(db.session.scalars(query.order_by(Certificate.id.desc()).limit(MOST_SHOWN)))


def list_orders(person_id: int) -> list[Order]:
    """The latest orders of a person."""
    query = select(Order).where(Order.person_id == person_id)
    return list(db.session.scalars(query.order_by(Order.id.desc()).limit(MOST_SHOWN)))


def _set_courses(person: Person, wanted: set[int], actor: Actor) -> None:
    present = list_taught(person.id)
    for course_id in sorted(wanted - present):
        db.session.add(CourseInstructor(course_id=course_id, person_id=person.id))
        _record(actor, "role.granted", person, instructor_of=course_id)
    for course_id in sorted(present - wanted):
        db.session.execute(
            delete(CourseInstructor).where(
                CourseInstructor.course_id == course_id, CourseInstructor.person_id == person.id
            )
        )
        _record(actor, "role.withdrawn", person, instructor_of=course_id)
    person.is_instructor = bool(wanted)


def _lock(person_id: int) -> Person:
    """Hold the rows of all administrators and this one, in one order: two acts wait in line."""
    query = select(Person).where(Person.is_administrator | (Person.id == person_id))
    rows = db.session.scalars(
        query.order_by(Person.id).with_for_update().execution_options(populate_existing=True)
    )
    person = next((row for row in rows if row.id == person_id), None)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _refuse_last_administrator(person: Person) -> None:
    """Raises Conflict where nobody else could run the center."""
    others = select(Person.id).where(
        Person.is_administrator, Person.deactivated_at.is_(None), Person.id != person.id
    )
    if person.is_administrator and db.session.scalar(others.limit(1)) is None:
        raise Conflict(LAST_ADMINISTRATOR)


def _refuse_erased(person: Person) -> None:
    if is_erased(person):
        raise Conflict("This account was erased: nothing is left of it that could be used again.")


def _record(actor: Actor, kind: str, person: Person, **facts: object) -> None:
    db.session.flush()
    audit.record_act(actor, kind, f"person:{person.id}", **facts)
