"""The instructor's queue: what waits, the most urgent first, and answering."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

import clock
from extensions import db
from models import LearnerQuestion, Message, Person
from services import learner_questions
from services.enrollments import get_study_for
from services.instructor_queue import PAGE
from services.learner_questions import Written
from tests.factories import (
    SLUG,
    make_administrator,
    make_enrollment,
    make_instructor,
    make_person,
)
from tests.mailbox import list_mail
from tests.site import Site

BOB, CAROL, DAVE = "bob@example.org", "carol@example.org", "dave@example.org"
TYPED = {"text": "Because.", "intent": "one"}


@pytest.fixture
def asked(site: Site) -> int:
    """The id of the question that Alice asked in Bob's course."""
    with site.app.app_context():
        make_instructor()
        make_administrator()
        make_person(DAVE, "Dave Stranger", is_instructor=True)
        question_id = _ask("Why first?", hours_ago=1)
        db.session.commit()
    return question_id


def test_the_queue_shows_what_waits_and_until_when(site: Site, asked: int) -> None:
    site.log_in(BOB)
    page = site.get("/instructor").text
    assert "1 question waits." in page
    assert f'href="/instructor/questions/{asked}">Why first?</a>' in page
    assert "Due in 46 hours" in page or "Due in 47 hours" in page
    assert "Alice Learner" in page


def test_the_most_urgent_comes_first(site: Site, asked: int) -> None:
    with site.app.app_context():
        _ask("Asked long ago", hours_ago=60)
        db.session.commit()
    site.log_in(BOB)
    page = site.get("/instructor").text
    assert "2 questions wait; 1 overdue." in page
    assert "Overdue by 12 hours" in page or "Overdue by 11 hours" in page
    assert page.index("Asked long ago") < page.index("Why first?")


def test_answering_mails_the_learner_and_empties_the_queue(site: Site, asked: int) -> None:
    site.log_in(BOB)
    thread = f"/instructor/questions/{asked}"
    assert "An answer is due by" in site.get(thread).text
    response = site.post(f"{thread}/messages", TYPED)
    assert (response.status_code, response.headers["Location"]) == (303, "/instructor")
    page = site.get("/instructor").text
    assert "No question waits." in page
    assert "Answered" in page
    assert len(list_mail(site.app, "alice@example.org")) == 1
    with site.app.app_context():
        first, second = db.session.scalars(select(Message).order_by(Message.id))
        assert first.seen_at is not None, "who answers has read the question"
        assert (second.from_instructor, second.seen_at) == (True, None)


def test_a_second_click_answers_once(site: Site, asked: int) -> None:
    site.log_in(BOB)
    for _ in range(2):
        assert site.post(f"/instructor/questions/{asked}/messages", TYPED).status_code == 303
    assert _count(site, Message) == 2
    assert len(list_mail(site.app, "alice@example.org")) == 1


def test_a_bad_answer_is_told_at_the_field(site: Site, asked: int) -> None:
    site.log_in(BOB)
    refused = site.post(f"/instructor/questions/{asked}/messages", {"text": " "})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert '<a href="#text">' in refused.text
    assert _count(site, Message) == 1


def test_administrators_answer_in_every_course(site: Site, asked: int) -> None:
    site.log_in(CAROL)
    assert "1 question waits." in site.get("/instructor").text
    assert site.post(f"/instructor/questions/{asked}/messages", TYPED).status_code == 303


def test_an_instructor_of_another_course_finds_nothing(site: Site, asked: int) -> None:
    site.log_in(DAVE)
    assert "No question waits." in site.get("/instructor").text
    assert site.get(f"/instructor/questions/{asked}").status_code == 404
    assert site.post(f"/instructor/questions/{asked}/messages", TYPED).status_code == 404
    assert _count(site, Message) == 1


def test_learners_and_visitors_are_kept_out(site: Site, asked: int) -> None:
    visitor = Site(site.app)
    paths = ("/instructor", f"/instructor/questions/{asked}")
    for path in paths:
        assert visitor.get(path).headers["Location"] == f"/login?next={path}"
    site.log_in("alice@example.org")
    for path in paths:
        assert site.get(path, may_write=True).status_code == 403, "and it is logged"
    assert site.post(f"/instructor/questions/{asked}/messages", TYPED).status_code == 403


def test_older_answers_are_on_further_pages(site: Site, asked: int) -> None:
    with site.app.app_context():
        for number in range(PAGE + 1):
            question_id = _ask(f"Question {number:02d}", hours_ago=10)
            db.session.get_one(LearnerQuestion, question_id).answered_at = clock.now()
        db.session.commit()
    site.log_in(BOB)
    first = site.get("/instructor").text
    assert "Question 20" in first
    assert "Question 00" not in first
    further = first.split('href="/instructor?before=')[1].split('"')[0]
    second = site.get(f"/instructor?before={further}").text
    assert "Question 00" in second
    assert "Question 01" not in second
    assert "Older questions" not in second
    assert site.get("/instructor?before=x").status_code == 200


def _ask(text: str, hours_ago: int) -> int:
    """A question of Alice, who is enrolled at the first one."""
    alice = db.session.scalar(select(Person).where(Person.email == "alice@example.org"))
    study = make_enrollment(make_person()) if alice is None else get_study_for(alice.id, SLUG)
    written = Written(study.enrollment.person_id, text, "")
    at = clock.now() - timedelta(hours=hours_ago)
    return learner_questions.ask(study, written, "", "http://localhost", at).id


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
