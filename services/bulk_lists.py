"""Enrolling a list of people: what would happen, line by line, and then confirming it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from domain.bulk_list import ALREADY, ENROLLED, FAULT, INVITED, ListLine
from domain.outline import Outline
from domain.refusals import Conflict, NotFound
from extensions import db
from models import BulkLine, BulkList, Course, Enrollment, Person
from services import audit, editions, jobs
from services.audit import Actor

KEPT = timedelta(days=90)
NO_NAME = "No account has this address, and a new one needs a name."
DEACTIVATED = "The account of this address is deactivated."
CHANGED = "What would happen has changed meanwhile. Look at it again, then confirm."


@dataclass(frozen=True)
class Plan:
    """What happens with a line: one of OUTCOMES, the reason of a fault, and the account if any."""

    line: BulkLine
    outcome: str
    fault: str
    person: Person | None
    twins: int = 0
    """How many accounts of the address are passed over, since nobody confirmed it."""


@dataclass(frozen=True)
class Counts:
    """How many lines come to what; each person enrolled or invited gets one mail."""

    invited: int
    enrolled: int
    already: int
    faults: int

    @property
    def people(self) -> int:
        return self.invited + self.enrolled


def make_list(
    slug: str, lines: Sequence[ListLine], reason: str, intent: str, actor: Actor, now: datetime
) -> BulkList:
    """Keep a list that was read; nothing happens yet. A repeated intent finds the list made."""
    own = f"{actor.person_id}-{intent}"[:80]
    row = BulkList(
        course_id=editions.get_current_outline(slug).course_id,
        made_by_id=actor.person_id,
        reason=reason,
        made_at=now,
        intent=own,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return db.session.scalars(select(BulkList).where(BulkList.intent == own)).one()
    db.session.add_all(BulkLine(bulk_list_id=row.id, **vars(line)) for line in lines)
    db.session.flush()
    return row


def get_list(list_id: int) -> BulkList:
    """Raises NotFound."""
    row = db.session.get(BulkList, list_id)
    if row is None:
        raise NotFound("There is no such list. Lists are deleted after 90 days.")
    return row


def get_outline(row: BulkList) -> Outline:
    """The edition of the course that people of the list get."""
    course = db.session.get_one(Course, row.course_id)
    return editions.get_current_outline(course.slug)


def list_plans(row: BulkList) -> list[Plan]:
    """What would happen with each line now; for a line that is done, what did."""
    query = select(BulkLine).where(BulkLine.bulk_list_id == row.id).order_by(BulkLine.number)
    plans = plan(db.session.scalars(query).all(), row.course_id)
    waiting = [one for one in plans if one.outcome == INVITED and not one.line.outcome]
    twins = _count_accounts([one.line.email for one in waiting])
    return [replace(one, twins=twins.get(one.line.email, 0)) for one in plans]


def plan(lines: Sequence[BulkLine], course_id: int) -> list[Plan]:
    """What happens with these lines: three queries, however many there are."""
    emails = [line.email for line in lines if not line.fault and not line.outcome]
    people = _find_accounts(emails)
    ids = [person.id for person in people.values()]
    enrolled = set(
        db.session.scalars(
            select(Enrollment.person_id).where(
                Enrollment.course_id == course_id,
                Enrollment.person_id.in_(ids),
                Enrollment.completed_at.is_(None),
                Enrollment.ended_at.is_(None),
            )
        )
    )
    return [_plan(line, people.get(line.email), enrolled) for line in lines]


def count(plans: Sequence[Plan]) -> Counts:
    outcomes = [one.outcome for one in plans]
    return Counts(*(outcomes.count(one) for one in (INVITED, ENROLLED, ALREADY, FAULT)))


def confirm(list_id: int, shown: tuple[int, int], actor: Actor, now: datetime) -> BulkList:
    """Let the worker go through the list. Once.

    `shown` are the numbers of people enrolled and of mails that the page named; raises Conflict
    where they are not so any more.
    """
    row = get_list(list_id)
    if row.confirmed_at is not None:
        return row
    counts = count(list_plans(row))
    if shown != (counts.people, counts.people) or not counts.people:
        raise Conflict(CHANGED)
    confirmed = db.session.execute(
        update(BulkList)
        .where(BulkList.id == list_id, BulkList.confirmed_at.is_(None))
        .values(confirmed_at=now)
        .returning(BulkList.id)
        .execution_options(synchronize_session=False)
    ).first()
    if confirmed is not None:
        jobs.enqueue("bulk", list_id, key=f"bulk-{list_id}-0")
        facts = {"course_id": row.course_id, "people": counts.people, "reason": row.reason}
        audit.record_act(actor, "bulk.confirmed", f"bulk:{list_id}", **facts)
    db.session.refresh(row)
    return row


def count_done(list_id: int) -> int:
    """How many lines the worker has come to; a list has at most a thousand."""
    done = select(func.count()).where(BulkLine.bulk_list_id == list_id, BulkLine.outcome != "")
    return db.session.scalar(done) or 0


def list_recent(most: int = 10) -> list[tuple[BulkList, str]]:
    """The latest lists, each with the title of its course."""
    rows = db.session.scalars(select(BulkList).order_by(BulkList.id.desc()).limit(most))
    return [(row, editions.get_title(row.course_id)) for row in rows]


def sweep(now: datetime) -> None:
    """Delete lists that are older than KEPT: they hold names for no further reason."""
    old = select(BulkList.id).where(BulkList.made_at < now - KEPT)
    db.session.execute(delete(BulkLine).where(BulkLine.bulk_list_id.in_(old)))
    db.session.execute(delete(BulkList).where(BulkList.made_at < now - KEPT))


def invitation_mark(email: str) -> str:
    """The intent of an account made for an address of a list: one account, however often."""
    return f"invited-{hashlib.sha256(email.encode()).hexdigest()[:48]}"


def _plan(line: BulkLine, person: Person | None, enrolled: set[int]) -> Plan:
    if line.outcome or line.fault:
        return Plan(line, line.outcome or FAULT, line.fault, None)
    if person is None:
        return Plan(line, INVITED, "", None) if line.name else Plan(line, FAULT, NO_NAME, None)
    if person.deactivated_at is not None:
        return Plan(line, FAULT, DEACTIVATED, person)
    return Plan(line, ALREADY if person.id in enrolled else ENROLLED, "", person)


def _count_accounts(emails: Sequence[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Person.email, func.count()).where(Person.email.in_(emails)).group_by(Person.email)
    )
    return {row.email: row[1] for row in rows}


def _find_accounts(emails: Sequence[str]) -> dict[str, Person]:
    """The account of each address: the confirmed one, else the one a list made for it.

    Other unconfirmed accounts are passed over: whoever made them need not have the mailbox.
    """
    marks = {invitation_mark(email): email for email in emails}
    invited = select(Person).where(
        Person.registration_intent.in_(marks), Person.email_confirmed_at.is_(None)
    )
    confirmed = select(Person).where(
        Person.email.in_(emails), Person.email_confirmed_at.is_not(None)
    )
    found = {person.email: person for person in db.session.scalars(invited)}
    return found | {person.email: person for person in db.session.scalars(confirmed)}
