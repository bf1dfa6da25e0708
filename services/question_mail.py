"""Mail about learner questions: to the instructors of the course, and to the learner."""

from datetime import datetime

from sqlalchemy import select

from domain import reply_time
from domain.outline import Outline
from domain.wording import local
from extensions import db
from models import CourseInstructor, LearnerQuestion, Person
from services import editions, mail, mail_texts
from services.provider import get_provider


def to_instructors(question: LearnerQuestion, course_title: str, base_url: str) -> None:
    """Tell every instructor of the course; the provider where the course has none."""
    link = f"{base_url}/instructor/questions/{question.id}"
    for name, address, zone in _list_recipients(question.course_id):
        due = local(question.due_at, zone)
        text = mail_texts.question_received(name, course_title, due, link)
        mail.queue(address, text.subject, text.body)


def to_learner(learner: Person, outline: Outline, base_url: str) -> None:
    """Tell the learner that there is an answer; its words stay behind the login."""
    link = f"{base_url}/learn/{outline.slug}/questions"
    text = mail_texts.question_answered(learner.name_on_license, outline.title, link)
    mail.queue(learner.email, text.subject, text.body)


def to_remind(question: LearnerQuestion, to_director: bool, base_url: str, now: datetime) -> None:
    """Remind the instructors that an answer is due; tell the provider that it is overdue."""
    title = editions.get_title(question.course_id)
    link = f"{base_url}/instructor/questions/{question.id}"
    provider = get_provider()
    recipients = _list_recipients(question.course_id)
    if to_director:
        recipients = [(provider.name, provider.email, provider.time_zone)]
    for name, address, zone in recipients:
        due = local(question.due_at, zone)
        left = reply_time.time_left(question.due_at, now)
        text = mail_texts.question_waits(name, title, due, left, link)
        mail.queue(address, text.subject, text.body)


def _list_recipients(course_id: int) -> list[tuple[str, str, str]]:
    """(name, address, time zone) of whoever answers for a course."""
    rows = db.session.execute(
        select(Person.name_on_license, Person.email, Person.time_zone)
        .join(CourseInstructor, CourseInstructor.person_id == Person.id)
        .where(CourseInstructor.course_id == course_id, Person.deactivated_at.is_(None))
        .order_by(Person.id)
    )
    found = [(row[0], row[1], row[2]) for row in rows]
    provider = get_provider()
    if not found and provider.email:
        return [(provider.name, provider.email, provider.time_zone)]
    return found
