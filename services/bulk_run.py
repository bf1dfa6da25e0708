"""The worker's way through a confirmed list: each line in a short transaction of its own.

What breaks off goes on where it was: a line is done when its outcome stands.
"""

import secrets
from datetime import datetime

from sqlalchemy import select, update

import clock
from domain.bulk_list import ENROLLED, FAULT, INVITED
from domain.outline import Outline
from extensions import db
from models import BulkLine, BulkList, Person
from services import bulk_lists, enrollment_care, jobs, logins, mail, mail_texts, mailed_links
from services.audit import Actor
from services.provider import get_provider

AT_ONCE = 25
"""So many lines a job, so that it ends well before its lease does."""


def run(list_id: int, base_url: str) -> None:
    """Go through the next lines of a list; enqueue the rest. Commits after each line."""
    row = db.session.get(BulkList, list_id)
    if row is None or row.confirmed_at is None:
        return
    query = select(BulkLine.id).where(BulkLine.bulk_list_id == list_id, BulkLine.outcome == "")
    waiting = db.session.scalars(query.order_by(BulkLine.id).limit(AT_ONCE + 1)).all()
    for line_id in waiting[:AT_ONCE]:
        _do_line(line_id, base_url, clock.now())
    if len(waiting) > AT_ONCE:
        jobs.enqueue("bulk", list_id, key=f"bulk-{list_id}-{waiting[AT_ONCE]}")
    else:
        finished = update(BulkList).where(BulkList.id == list_id, BulkList.finished_at.is_(None))
        db.session.execute(finished.values(finished_at=clock.now()))
    db.session.commit()


def _do_line(line_id: int, base_url: str, now: datetime) -> None:
    """Do what the line comes to now, which need not be what it came to when it was confirmed."""
    email = db.session.get_one(BulkLine, line_id).email
    db.session.rollback()
    password_hash = logins.hash_for(email, secrets.token_urlsafe(32))
    db.session.rollback()
    line = db.session.get_one(BulkLine, line_id, with_for_update=True)
    if line.outcome:
        db.session.rollback()
        return
    row = db.session.get_one(BulkList, line.bulk_list_id)
    planned = bulk_lists.plan([line], row.course_id)[0]
    person = planned.person
    if planned.outcome == INVITED:
        person = _make_account(line, password_hash, now)
    line.outcome, line.fault = planned.outcome, planned.fault
    line.person_id = person.id if person is not None and planned.outcome != FAULT else None
    if person is not None and planned.outcome in (INVITED, ENROLLED):
        outline = bulk_lists.get_outline(row)
        who = Actor(row.made_by_id, f"bulk-{row.id}")
        enrollment_care.enroll_by_hand(person, outline, row.reason, who, now)
        _tell(person, outline, planned.outcome, base_url, now)
    db.session.commit()


def _make_account(line: BulkLine, password_hash: str, now: datetime) -> Person:
    """An account without a password that anybody knows; the mail says how to choose one."""
    person = Person(
        email=line.email,
        password_hash=password_hash,
        name_on_license=line.name,
        time_zone=get_provider().time_zone,
        registered_at=now,
        registration_intent=bulk_lists.invitation_mark(line.email),
    )
    db.session.add(person)
    db.session.flush()
    return person


def _tell(person: Person, outline: Outline, outcome: str, base_url: str, now: datetime) -> None:
    name, center = person.name_on_license, get_provider().name
    if outcome == INVITED or person.email_confirmed_at is None:
        link = mailed_links.make_invitation(person, base_url, now)
        text = mail_texts.invited_by_center(name, center, outline.title, link)
    else:
        link = f"{base_url}/learn/{outline.slug}"
        text = mail_texts.enrolled_by_center(name, center, outline.title, link)
    mail.queue(person.email, text.subject, text.body)
