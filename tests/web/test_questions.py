"""A line to the instructor: asking, reading the answer, asking on."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

import clock
from extensions import db
from models import KeptForm, LearnerQuestion, Message
from tests.factories import PASSWORD, SLUG, make_enrollment, make_instructor, make_person
from tests.mailbox import latest_path, list_mail
from tests.site import Site

QUESTIONS = f"/learn/{SLUG}/questions"
TYPED = {"text": "Why first?\r\n\r\nAnd <b>then</b>?", "intent": "one", "item": ""}
BOB = "bob@example.org"
ALICE = "alice@example.org"


@pytest.fixture
def alice(site: Site) -> Site:
    """Alice's browser; she is enrolled in Bob's course."""
    with site.app.app_context():
        make_instructor()
        make_enrollment(make_person())
        db.session.commit()
    site.log_in(ALICE)
    return site


def test_a_question_is_sent_with_its_due_time(alice: Site) -> None:
    assert "No question yet" in alice.get(QUESTIONS).text
    sent = alice.post(QUESTIONS, TYPED)
    assert sent.status_code == 303
    question = _question(alice)
    assert question.due_at - question.asked_at == timedelta(hours=48)
    page = alice.get(QUESTIONS).text
    assert "You may expect an answer by" in page
    assert "An answer is due by" in page
    assert "<p>Why first?</p><p>And &lt;b&gt;then&lt;/b&gt;?</p>" in page


def test_the_instructor_is_mailed_without_the_text(alice: Site) -> None:
    alice.post(QUESTIONS, TYPED)
    (mail,) = list_mail(alice.app, BOB)
    assert "A Small Course" in mail.subject
    assert "Why first" not in mail.body
    assert latest_path(alice.app, BOB) == f"/instructor/questions/{_question(alice).id}"


def test_a_course_without_an_instructor_writes_to_the_provider(site: Site) -> None:
    with site.app.app_context():
        make_enrollment(make_person())
        db.session.commit()
    site.log_in(ALICE)
    site.post(QUESTIONS, TYPED)
    assert len(list_mail(site.app, "help@example.org")) == 1


def test_a_question_may_name_the_item_it_is_about(alice: Site) -> None:
    page = alice.get(f"{QUESTIONS}?item=the-first-reading").text
    assert "About: <strong>The First Reading</strong>" in page
    assert 'name="item" value="the-first-reading"' in page
    alice.post(QUESTIONS, {**TYPED, "item": "the-first-reading"})
    assert "about The First Reading" in alice.get(QUESTIONS).text
    alice.post(QUESTIONS, {**TYPED, "item": "no-such-item", "intent": "two"})
    assert "about the course" in alice.get(QUESTIONS).text


def test_a_second_click_sends_once(alice: Site) -> None:
    first, second = (alice.post(QUESTIONS, TYPED).headers["Location"] for _ in range(2))
    assert first == second
    assert (_count(alice, LearnerQuestion), _count(alice, Message)) == (1, 1)
    assert len(list_mail(alice.app, BOB)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write your message."),
        (" \n ", "Write your message."),
        ("x" * 5001, "A message has at most 5000 characters."),
    ],
)
def test_a_bad_question_is_told_at_the_field(alice: Site, text: str, words: str) -> None:
    refused = alice.post(QUESTIONS, {**TYPED, "text": text, "item": "the-first-reading"})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert '<a href="#text">' in refused.text
    assert words in refused.text.split('id="text-error"')[1]
    assert 'name="item" value="the-first-reading"' in refused.text
    assert text.strip() in refused.text
    assert _count(alice, LearnerQuestion) == 0


def test_an_answer_is_mailed_shown_and_marked_as_read(alice: Site) -> None:
    alice.post(QUESTIONS, TYPED)
    _answer(alice)
    assert latest_path(alice.app, ALICE) == QUESTIONS
    assert "Because." not in list_mail(alice.app, ALICE)[-1].body
    assert "1 new answer" in alice.get("/learn").text
    assert "1 new answer" in alice.get(f"/learn/{SLUG}").text
    page = alice.get(QUESTIONS).text
    assert "Because." in page
    assert "Answered on" in page
    assert "Mark as read" in page
    question_id = _question(alice).id
    assert alice.post(f"{QUESTIONS}/{question_id}/read").status_code == 303
    assert "Mark as read" not in alice.get(QUESTIONS).text
    assert "new answer" not in alice.get("/learn").text
    assert "new answer" not in alice.get(f"/learn/{SLUG}").text


def test_asking_on_waits_again_with_a_due_time_of_its_own(
    alice: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice.post(QUESTIONS, TYPED)
    first_due = _question(alice).due_at
    thread = f"{QUESTIONS}/{_question(alice).id}/messages"
    alice.post(thread, {"text": "One more thing.", "intent": "two"})
    assert _question(alice).due_at == first_due, "what still waits keeps the time promised"
    _answer(alice)
    later = clock.now() + timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    for _ in range(2):
        assert alice.post(thread, {"text": "And now?", "intent": "three"}).status_code == 303
    question = _question(alice)
    assert question.answered_at is None
    assert question.due_at == later + timedelta(hours=48)
    assert "Mark as read" not in alice.get(QUESTIONS).text, "who writes back has read"
    assert _count(alice, Message) == 4
    assert len(list_mail(alice.app, BOB)) == 3


def test_a_bad_message_is_told_in_its_own_thread(alice: Site) -> None:
    alice.post(QUESTIONS, TYPED)
    question_id = _question(alice).id
    refused = alice.post(f"{QUESTIONS}/{question_id}/messages", {"text": ""})
    assert refused.status_code == 422
    assert f'<a href="#text-{question_id}">' in refused.text
    assert f'id="text-{question_id}-error"' in refused.text


def test_a_late_answer_is_called_late(alice: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.post(QUESTIONS, TYPED)
    later = clock.now() + timedelta(hours=49)
    with alice.client.session_transaction() as session:
        session["seen"] = int(later.timestamp())
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "The answer is late" in alice.get(QUESTIONS).text


@pytest.mark.usefixtures("standing_clock")
def test_messages_are_limited(alice: Site) -> None:
    answers = [alice.post(QUESTIONS, {**TYPED, "intent": str(n)}).status_code for n in range(31)]
    assert answers == [303] * 30 + [429]


def test_what_was_typed_outlives_the_session(alice: Site) -> None:
    alice.get(QUESTIONS)
    alice.forget_login()
    login = alice.post(QUESTIONS, TYPED)
    assert login.status_code == 401
    carried = re.search(r'name="kept" value="([^"]+)"', login.text)
    assert carried is not None
    answered = alice.post("/login", {"email": ALICE, "password": PASSWORD, "kept": carried[1]})
    alice.token = ""
    shown = alice.follow(answered).text
    assert "Your message" in shown
    assert "Why first?<br><br>And &lt;b&gt;then&lt;/b&gt;?" in shown
    kept = re.search(r'name="kept_form" value="(\d+)"', shown)
    assert kept is not None
    assert alice.post(QUESTIONS, {**TYPED, "kept_form": kept[1]}).status_code == 303
    assert _count(alice, LearnerQuestion) == 1
    assert _count(alice, KeptForm) == 0


def test_a_visitor_and_a_stranger(alice: Site) -> None:
    alice.post(QUESTIONS, TYPED)
    question_id = _question(alice).id
    visitor = Site(alice.app)
    assert visitor.get(QUESTIONS).headers["Location"] == f"/login?next={QUESTIONS}"
    with alice.app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        make_enrollment(make_person("erin@example.org", "Erin Learner"))
        db.session.commit()
    dave, erin = Site(alice.app), Site(alice.app)
    dave.log_in("dave@example.org")
    assert dave.get(QUESTIONS).status_code == 404
    assert dave.post(QUESTIONS, TYPED).status_code == 404
    erin.log_in("erin@example.org")
    assert "Why first?" not in erin.get(QUESTIONS).text
    for action in ("messages", "read"):
        assert erin.post(f"{QUESTIONS}/{question_id}/{action}", TYPED).status_code == 404
    assert erin.post(QUESTIONS, TYPED).status_code == 303, "her mark is not Alice's"
    assert _count(alice, LearnerQuestion) == 2


def _answer(site: Site) -> None:
    bob = Site(site.app)
    bob.log_in(BOB)
    path = f"/instructor/questions/{_question(site).id}/messages"
    assert bob.post(path, {"text": "Because.", "intent": "answer"}).status_code == 303


def _question(site: Site) -> LearnerQuestion:
    with site.app.app_context():
        return db.session.scalars(select(LearnerQuestion)).one()


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
