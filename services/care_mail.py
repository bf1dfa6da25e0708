"""Mail to learners about what staff did for them, in plain words."""

from datetime import datetime

from domain.wording import local
from extensions import db
from models import Enrollment, Person
from services import editions, mail, mail_texts
from services.provider import get_provider


def tell_extended(enrollment: Enrollment, base_url: str) -> None:
    """Access lasts longer, and until when."""
    person, course, link = _about(enrollment, base_url)
    until = _in_words(enrollment.access_until, person)
    text = mail_texts.access_extended(person.name_on_license, course, until, link)
    mail.queue(person.email, text.subject, text.body)


def tell_withdrawn(enrollment: Enrollment) -> None:
    """The enrollment has ended, and what that means. The reason is the center's own note."""
    person, course, _ = _about(enrollment, "")
    center = get_provider().name
    text = mail_texts.enrollment_ended(person.name_on_license, course, center)
    mail.queue(person.email, text.subject, text.body)


def tell_corrected(person: Person, base_url: str) -> None:
    """Name or time zone were corrected; what they are now stands on the account's page."""
    text = mail_texts.account_corrected(
        person.name_on_license, get_provider().name, f"{base_url}/account"
    )
    mail.queue(person.email, text.subject, text.body)


def _about(enrollment: Enrollment, base_url: str) -> tuple[Person, str, str]:
    person = db.session.get_one(Person, enrollment.person_id)
    outline = editions.get_outline(enrollment.edition_id)
    return person, outline.title, f"{base_url}/learn/{outline.slug}"


def _in_words(instant: datetime, person: Person) -> str:
    return local(instant, person.time_zone)
