"""Good answers become entries of the course's FAQ; who may make, change and remove them."""

import pytest
from sqlalchemy import select

import clock
from extensions import db
from models import AuditEvent, FaqEntry
from services import learner_questions
from services.learner_questions import Written
from tests.factories import SLUG, make_enrollment, make_instructor, make_person
from tests.site import Site

TYPED = {"question": "May I print the readings?", "answer": "Yes.\n<b>All</b>", "intent": "one"}


@pytest.fixture
def bob(site: Site) -> Site:
    """Bob's browser; a learner's question has been answered."""
    with site.app.app_context():
        bob = make_instructor()
        study = make_enrollment(make_person())
        asked = Written(study.enrollment.person_id, "I am Alice. May I print?", "a")
        learner_questions.ask(study, asked, "", "http://localhost", clock.now())
        thread = learner_questions.read_threads(learner_questions.THREADS)[0]
        learner_questions.answer(
            thread, Written(bob.id, "Yes.", "b"), "http://localhost", clock.now()
        )
        site.question = thread.question.id  # type: ignore[attr-defined]
        db.session.commit()
    site.log_in("bob@example.org")
    return site


def form_of(site: Site) -> str:
    return f"/instructor/questions/{site.question}/faq"  # type: ignore[attr-defined]


def entry_id(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalars(select(FaqEntry.id)).one()


def course_page(site: Site) -> str:
    return site.get(f"/courses/{SLUG}").get_data(as_text=True)


def test_an_answer_becomes_an_entry_of_the_course_page(bob: Site) -> None:
    thread = bob.get(f"/instructor/questions/{bob.question}").get_data(as_text=True)  # type: ignore[attr-defined]
    assert form_of(bob) in thread
    filled = bob.get(form_of(bob)).get_data(as_text=True)
    assert "I am Alice. May I print?" in filled
    assert bob.post(form_of(bob), TYPED).status_code == 303
    bob.post(form_of(bob), TYPED)
    page = course_page(bob)
    assert page.count("May I print the readings?") == 1
    assert "&lt;b&gt;All&lt;/b&gt;" in page


def test_an_entry_is_changed_and_removed_and_both_are_logged(bob: Site) -> None:
    bob.post(form_of(bob), TYPED)
    address = f"/instructor/faq/{entry_id(bob)}"
    assert bob.get(address).status_code == 200
    assert bob.post(address, {**TYPED, "answer": "Gladly."}).status_code == 303
    assert "Gladly." in course_page(bob)
    assert bob.post(f"{address}/removed").status_code == 303
    assert "May I print the readings?" not in course_page(bob)
    assert bob.get(address).status_code == 404
    with bob.app.app_context():
        kinds = db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)).all()
    assert [kind for kind in kinds if kind.startswith("faq.")] == [
        "faq.added",
        "faq.changed",
        "faq.removed",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"question": " "}, "in general words"),
        ({"question": "x" * 301}, "at most 300"),
        ({"answer": ""}, "Write the answer"),
        ({"answer": "x" * 5001}, "at most 5,000"),
    ],
)
def test_bad_entries_are_told_and_kept(bob: Site, fields: dict[str, str], words: str) -> None:
    response = bob.post(form_of(bob), {**TYPED, **fields})
    assert response.status_code == 422
    assert words in response.get_data(as_text=True)


def test_instructors_of_other_courses_and_learners_are_kept_out(bob: Site) -> None:
    bob.post(form_of(bob), TYPED)
    address = f"/instructor/faq/{entry_id(bob)}"
    with bob.app.app_context():
        make_person("other@example.org", is_instructor=True)
        db.session.commit()
    for email, status in (("other@example.org", 404), ("alice@example.org", 403)):
        bob.client.delete_cookie("session")
        bob.log_in(email)
        assert bob.get(form_of(bob), may_write=True).status_code == status
        assert bob.get(address, may_write=True).status_code == status
        assert bob.post(address, TYPED).status_code == status
        assert bob.post(f"{address}/removed").status_code == status
    assert "May I print the readings?" in course_page(bob)


def test_the_page_of_answers_in_time(bob: Site) -> None:
    page = bob.get("/instructor/on-time").get_data(as_text=True)
    assert "1 of 1 in time, 100 %" in page
    table = bob.get("/instructor/on-time?format=csv").get_data(as_text=True)
    assert ",1,1,0,0,100" in table
