"""Reminders: a mail when access ends soon and one shortly before, at most once for each end."""

from datetime import datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.access import reminder_due
from domain.wording import local, local_date
from extensions import db
from models import AccessExtension, AccessReminder, Course, Enrollment, Person
from services import editions, mail
from services.provider import get_provider

MOST_AT_A_TIME = 200

Ending = Row[Enrollment, Person, str, datetime | None]


def remind(now: datetime, base_url: str) -> None:
    """Put the reminders that are due in the outbox, at most 200 of a kind in one turn."""
    sooner = 0
    for days in get_provider().access_terms.reminded_before:
        for row in _list_ending(now, sooner, days):
            _remind_once(row, days, base_url, now)
        sooner = days


def _list_ending(now: datetime, sooner: int, days: int) -> list[Ending]:
    """Open enrollments that end in more than `sooner` and at most `days` days, not decided yet.

    One that was decided by other days, before the provider changed them, is not decided again.
    """
    noted = select(AccessReminder.days_before).where(
        AccessReminder.enrollment_id == Enrollment.id,
        AccessReminder.access_until == Enrollment.access_until,
        AccessReminder.days_before > sooner,
        AccessReminder.days_before <= days,
    )
    query = (
        select(Enrollment, Person, Course.slug, AccessExtension.extended_at)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Course, Course.id == Enrollment.course_id)
        .outerjoin(AccessExtension, AccessExtension.enrollment_id == Enrollment.id)
        .where(
            Enrollment.access_until > now + timedelta(days=sooner),
            Enrollment.access_until <= now + timedelta(days=days),
            Enrollment.completed_at.is_(None),
            Enrollment.ended_at.is_(None),
            Person.deactivated_at.is_(None),
            ~noted.exists(),
        )
        .order_by(Enrollment.access_until, Enrollment.id)
        .limit(MOST_AT_A_TIME)
    )
    return list(db.session.execute(query).all())


def _remind_once(row: Ending, days: int, base_url: str, now: datetime) -> None:
    enrollment, person, slug, extended_at = row
    if not _note(enrollment, days, now):
        return
    armed_at = extended_at or enrollment.enrolled_at
    terms = get_provider().access_terms
    if reminder_due(enrollment.access_until, armed_at, now, terms) == days:
        _mail(enrollment, person, f"{base_url}/learn/{slug}", extended_at is None)


def _note(enrollment: Enrollment, days: int, now: datetime) -> bool:
    """Note the reminder; False if it was noted before."""
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    noted = db.session.execute(
        insert(AccessReminder)
        .values(
            enrollment_id=enrollment.id,
            access_until=enrollment.access_until,
            days_before=days,
            noted_at=now,
        )
        .on_conflict_do_nothing()
        .returning(AccessReminder.enrollment_id)
    ).first()
    return noted is not None


def _mail(enrollment: Enrollment, person: Person, link: str, can_extend: bool) -> None:
    title = editions.get_outline(enrollment.edition_id).title
    ends = local(enrollment.access_until, person.time_zone)
    extension = _extension_in_words(get_provider().access_terms.extension_days, can_extend)
    mail.queue(
        person.email,
        f"Your access to {title} ends on {local_date(enrollment.access_until, person.time_zone)}",
        f"Hello {person.name_on_license},\n\n"
        f"your access to {title} ends on {ends}. Until then you can go on where you are:\n\n"
        f"{link}\n\n{extension}"
        "Your time record, your attempts and your certificates stay yours after that day.\n",
    )


def _extension_in_words(days: int, can_extend: bool) -> str:
    """A paragraph of the mail; none where the provider offers no extension."""
    if not can_extend:
        return "The free extension has been used.\n\n"
    if not days:
        return ""
    return (
        f"On the course home you can extend your access once, by {days} days, free of charge.\n\n"
    )
