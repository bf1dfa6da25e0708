"""The pages of post-tests: start, questions, review, submission, result, and what they hide."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import clock
from blueprints.post_tests import questions
from domain.answer_words import right
from extensions import db
from models import (
    Answer,
    Attempt,
    AuditEvent,
    Enrollment,
    Grade,
    LateAnswer,
    Question,
    append_only,
)
from services.enrollments import list_studies_for
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import Drawn, fields_for, list_drawn
from tests.site import Site

START = "/learn/small-course/units/1/post-test"
START_2 = "/learn/small-course/units/2/post-test"


@pytest.fixture
def alice(app: Flask, site: Site) -> Site:
    """Alice's browser; she is logged in and has completed the items of unit 1."""
    with app.app_context():
        study = make_enrollment(make_person())
        complete_items(study, unit=1)
        db.session.commit()
    site.log_in("alice@example.org")
    return site


@pytest.fixture
def dave(app: Flask) -> Site:
    """The browser of a stranger who is logged in."""
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        db.session.commit()
    other = Site(app)
    other.log_in("dave@example.org")
    return other


def begin(site: Site, start: str = START) -> int:
    site.get(start)
    response = site.post(start)
    assert response.status_code == 303
    return int(re.search(r"/attempts/(\d+)/", response.headers["Location"])[1])  # type: ignore[index]


def drawn_in(site: Site, attempt_id: int) -> list[Drawn]:
    with site.app.app_context():
        return list_drawn(attempt_id)


def save(
    site: Site,
    attempt_id: int,
    position: int,
    fields: list[tuple[str, str]],
    *,
    htmx: bool = False,
    **more: str,
) -> TestResponse:
    """Load a question's page and send its form."""
    path = f"/attempts/{attempt_id}/questions/{position}"
    return site.post(path, form_of(site, path, fields, **more), htmx=htmx)


def form_of(site: Site, path: str, fields: list[tuple[str, str]], **more: str) -> dict[str, object]:
    text = site.get(path).get_data(as_text=True)
    instance = re.search(r'name="instance" value="([^"]+)"', text)[1]  # type: ignore[index]
    data: dict[str, object] = {"instance": instance, "seq": "0", **more}
    for name, value in fields:
        data[name] = [*data.get(name, []), value]  # type: ignore[misc]
    return data


def answer_all(site: Site, attempt_id: int, *, right: bool) -> None:
    for drawn in drawn_in(site, attempt_id):
        response = save(site, attempt_id, drawn.position, fields_for(drawn, right=right))
        assert response.status_code == 303


def take(site: Site, start: str = START, *, right: bool) -> int:
    attempt_id = begin(site, start)
    answer_all(site, attempt_id, right=right)
    response = site.post(f"/attempts/{attempt_id}/submission")
    assert response.headers["Location"].endswith(f"/attempts/{attempt_id}/result")
    return attempt_id


def position_of(site: Site, attempt_id: int, *kinds: str) -> int:
    return next(q.position for q in drawn_in(site, attempt_id) if q.kind in kinds)


def count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def change_enrollment(site: Site, **values: object) -> None:
    with site.app.app_context():
        enrollment = db.session.scalars(select(Enrollment)).one()
        for name, value in values.items():
            setattr(enrollment, name, value)
        db.session.commit()


def test_the_start_page_says_what_the_test_asks(alice: Site) -> None:
    text = alice.get(START).get_data(as_text=True)
    assert "at least 3 of 3 right" in text
    assert "0 used, 3 left of 3" in text
    assert "No time limit" in text
    assert "Start post-test" in text


def test_the_start_page_says_why_it_cannot_start_yet(alice: Site, app: Flask) -> None:
    text = alice.get(START_2).get_data(as_text=True)
    assert "Cannot start yet" in text
    assert "opens when unit 1, First Things, is finished" in text
    assert "Start post-test" not in text
    assert alice.post(START_2).status_code == 409
    assert count(alice, Attempt) == 0


@pytest.mark.parametrize(
    "path", [START, "/attempts/1/questions/1", "/attempts/1/review", "/attempts/1/result"]
)
def test_visitors_are_asked_to_log_in(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code == 303
    assert "/login?next=" in response.headers["Location"]


def test_strangers_find_nothing(alice: Site, dave: Site) -> None:
    attempt_id = begin(alice)
    assert dave.get(START).status_code == 404
    assert dave.post(START).status_code == 404
    for page in ("questions/1", "review", "result"):
        assert dave.get(f"/attempts/{attempt_id}/{page}").status_code == 404
    assert dave.post(f"/attempts/{attempt_id}/questions/1", {"answer": "1"}).status_code == 404
    assert dave.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"}).status_code == 404
    assert count(alice, Answer) == count(alice, Grade) == count(alice, LateAnswer) == 0


@pytest.mark.parametrize("path", ["/attempts/999/review", "/attempts/x/review"])
def test_there_is_no_such_attempt(alice: Site, path: str) -> None:
    assert alice.get(path).status_code == 404


def test_a_double_click_on_start_opens_one_attempt(alice: Site) -> None:
    first, second = (alice.post(START, {"attempt": "1"}) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert count(alice, Attempt) == 1


def test_an_old_click_on_start_leads_to_that_attempts_result(alice: Site) -> None:
    attempt_id = take(alice, right=False)
    response = alice.post(START, {"attempt": "1"})
    assert response.headers["Location"].endswith(f"/attempts/{attempt_id}/result")
    assert count(alice, Attempt) == 1


def test_going_on_leads_to_the_first_question_without_an_answer(alice: Site) -> None:
    attempt_id = begin(alice)
    save(alice, attempt_id, 1, fields_for(drawn_in(alice, attempt_id)[0], right=True))
    assert "Continue post-test" in alice.get(START).get_data(as_text=True)
    assert alice.post(START).headers["Location"].endswith(f"/attempts/{attempt_id}/questions/2")


def test_a_question_is_a_fieldset_with_its_number_and_stem(alice: Site) -> None:
    attempt_id = begin(alice)
    text = alice.get(f"/attempts/{attempt_id}/questions/1").get_data(as_text=True)
    assert "<title>Question 1 of 3" in text
    assert "<legend" in text
    assert "Save and continue" in text
    assert "Previous question" not in text
    assert 'id="recorded-time"' in text


def test_every_move_saves_first(alice: Site) -> None:
    attempt_id = begin(alice)
    drawn = drawn_in(alice, attempt_id)
    onward = save(alice, attempt_id, 1, fields_for(drawn[0], right=True))
    assert onward.headers["Location"].endswith("/questions/2")
    back = save(alice, attempt_id, 2, fields_for(drawn[1], right=True), action="previous")
    assert back.headers["Location"].endswith("/questions/1")
    last = save(alice, attempt_id, 3, fields_for(drawn[2], right=True))
    assert last.headers["Location"].endswith("/review")
    assert count(alice, Answer) == 3


def test_a_change_from_the_review_leads_back_to_it(alice: Site) -> None:
    attempt_id = begin(alice)
    text = alice.get(f"/attempts/{attempt_id}/review").get_data(as_text=True)
    path = f"/attempts/{attempt_id}/questions/1?after=review"
    assert path in text
    assert 'name="after" value="review"' in alice.get(path).get_data(as_text=True)
    assert save(alice, attempt_id, 1, [], after="review").headers["Location"].endswith("/review")


def test_what_was_saved_is_there_on_the_next_visit(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    save(alice, attempt_id, position, [("answer", "2")])
    text = alice.get(f"/attempts/{attempt_id}/questions/{position}").get_data(as_text=True)
    assert re.findall(r'value="(\d)" checked', text) == ["2"]


def test_scripts_save_the_same_form_earlier(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    response = save(alice, attempt_id, position, [("answer", "1")], htmx=True)
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert re.search(r'id="status"[^>]*data-hx-swap-oob="true">Saved at \d\d:\d\d<', text)
    assert count(alice, Answer) == 1


def test_a_save_costs_three_statements_besides_the_session(
    alice: Site, count_statements: Callable
) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    path = f"/attempts/{attempt_id}/questions/{position}"
    form = form_of(alice, path, [("answer", "1")])
    with count_statements() as statements:
        assert alice.post(path, form).status_code == 303
    ours = [s for s in statements if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", s)]
    ours = [s for s in ours if "login_session" not in s]
    assert len(ours) <= 3, ours


def test_what_is_no_answer_is_told_and_kept_as_typed(alice: Site) -> None:
    with alice.app.app_context():
        complete_items_of_unit_2()
    take(alice, right=True)
    attempt_id = begin_with(alice, "number")
    position = position_of(alice, attempt_id, "number")
    response = save(alice, attempt_id, position, [("answer", "about seven")])
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "<title>Error: Question" in text
    assert 'href="#answer-number"' in text
    assert 'value="about seven"' in text
    early = save(alice, attempt_id, position, [("answer", "about seven")], htmx=True)
    assert early.status_code == 422
    assert "Not saved yet" in early.get_data(as_text=True)
    assert count(alice, Answer) == 3


def complete_items_of_unit_2() -> None:
    enrollment = db.session.scalars(select(Enrollment)).one()
    complete_items(list_studies_for(enrollment.person_id)[0], unit=2)
    db.session.commit()


def begin_with(site: Site, kind: str) -> int:
    """An open attempt at unit 2 that asks a question of this kind."""
    attempt_id = begin(site, START_2)
    while kind not in {q.kind for q in drawn_in(site, attempt_id)}:
        site.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})
        attempt_id = begin(site, START_2)
    return attempt_id


@pytest.mark.parametrize("instance", ["", "nonsense", "1" * 200, f"{'a' * 16}.99999999999"])
def test_a_page_that_forgot_its_name_can_still_save(alice: Site, instance: str) -> None:
    attempt_id = begin(alice)
    path = f"/attempts/{attempt_id}/questions/1"
    assert alice.post(path, {"instance": instance, "seq": "-7e9"}).status_code == 303
    assert alice.post(path, {"instance": instance, "seq": str(2**70)}).status_code == 303


def test_two_devices_are_asked_which_answer_stays(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    path = f"/attempts/{attempt_id}/questions/{position}"
    here = form_of(alice, path, [("answer", "1")], after="review")
    there = form_of(alice, path, [("answer", "2")])
    assert alice.post(path, there).status_code == 303
    early = alice.post(path, here, htmx=True)
    assert early.status_code == 409
    assert "Not saved" in early.get_data(as_text=True)
    asked = alice.post(path, here)
    assert asked.status_code == 409
    text = asked.get_data(as_text=True)
    assert "Two answers to one question" in text
    again = dict(re.findall(r'name="(instance|seq|answer|after)" value="([^"]+)"', text))
    assert again["answer"] == "1"
    assert alice.post(path, again).headers["Location"].endswith("/review")
    assert re.findall(r'value="(\d)" checked', alice.get(path).get_data(as_text=True)) == ["1"]


def test_the_review_names_every_question_and_asks_once_more(alice: Site) -> None:
    attempt_id = begin(alice)
    save(alice, attempt_id, 2, fields_for(drawn_in(alice, attempt_id)[1], right=True))
    text = alice.get(f"/attempts/{attempt_id}/review").get_data(as_text=True)
    assert "1 of 3 questions answered" in text
    assert text.count("Unanswered") == 2
    assert len(re.findall(r'<span class="visually-hidden"> question \d</span></a>', text)) == 3
    response = alice.post(f"/attempts/{attempt_id}/submission")
    assert response.status_code == 422
    asked = response.get_data(as_text=True)
    assert "2 questions are unanswered: number 1, 3." in asked
    assert 'name="confirm" value="yes"' in asked
    assert count(alice, Grade) == 0
    confirmed = alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})
    assert confirmed.status_code == 303
    assert count(alice, Grade) == 1


def test_a_double_submit_shows_the_same_result(alice: Site) -> None:
    attempt_id = take(alice, right=True)
    again = alice.post(f"/attempts/{attempt_id}/submission")
    assert again.headers["Location"].endswith(f"/attempts/{attempt_id}/result")
    assert count(alice, Grade) == 1


def test_a_failed_attempt_names_objectives_and_offers_another(alice: Site) -> None:
    attempt_id = take(alice, right=False)
    text = alice.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert "Not passed yet" in text
    assert "0 of 3 is 0 %. The pass mark is 80 %." in text
    assert "Learning objectives to review" in text
    assert "Identify a test" in text
    assert "/learn/small-course/units/1/the-first-reading" in text
    assert "Try again" in text
    assert "2 attempts are left" in text


def test_the_last_failed_attempt_offers_no_other(alice: Site) -> None:
    for _ in range(3):
        attempt_id = take(alice, right=False)
    text = alice.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert "Try again" not in text
    assert "No attempts are left" in text
    assert "No attempts are left" in alice.get(START).get_data(as_text=True)
    assert alice.post(START).status_code == 409


def test_a_pass_shows_every_question_with_its_reason(alice: Site) -> None:
    attempt_id = take(alice, right=True)
    text = alice.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert "Passed" in text
    assert text.count("The secret rationale of") == 3
    assert "Try again" not in text
    assert "You have passed this post-test" in alice.get(START).get_data(as_text=True)
    assert alice.post(START).status_code == 409


def test_an_open_attempt_has_no_result_yet(alice: Site) -> None:
    attempt_id = begin(alice)
    response = alice.get(f"/attempts/{attempt_id}/result")
    assert response.headers["Location"].endswith("/review")


def test_a_submitted_attempt_is_closed(alice: Site) -> None:
    attempt_id = take(alice, right=False)
    for page in ("questions/1", "review"):
        response = alice.get(f"/attempts/{attempt_id}/{page}")
        assert response.headers["Location"].endswith("/result")


@pytest.mark.parametrize("htmx", [False, True])
def test_a_late_answer_is_refused_and_kept(alice: Site, htmx: bool) -> None:
    attempt_id = begin(alice)
    drawn = drawn_in(alice, attempt_id)[0]
    path = f"/attempts/{attempt_id}/questions/1"
    form = form_of(alice, path, fields_for(drawn, right=True))
    alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})
    response = alice.post(path, form, htmx=htmx)
    assert response.status_code == 409
    assert "was submitted before this answer came" in response.get_data(as_text=True)
    assert count(alice, LateAnswer) == 1
    assert count(alice, Answer) == 0
    with alice.app.app_context():
        kinds = db.session.scalars(select(AuditEvent.kind)).all()
        assert "answer.late" in kinds
        assert db.session.scalars(select(Grade)).one().earned == 0


def test_after_access_has_ended_nothing_is_taken(alice: Site) -> None:
    attempt_id = begin(alice)
    change_enrollment(alice, access_until=clock.now() - timedelta(minutes=1))
    assert alice.post(f"/attempts/{attempt_id}/questions/1").status_code == 409
    assert alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"}).status_code == 409
    assert "Your access has ended" in alice.get(START).get_data(as_text=True)
    assert count(alice, Grade) == 0


def test_an_answer_sent_after_the_session_ended_is_shown_back_and_saved(alice: Site) -> None:
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    path = f"/attempts/{attempt_id}/questions/{position}"
    form = form_of(alice, path, [("answer", "2")], action="previous")
    alice.forget_login()
    asked = alice.post(path, form)
    assert asked.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', asked.get_data(as_text=True))[1]  # type: ignore[index]
    login = {"email": "alice@example.org", "password": "four plain words here", "kept": kept}
    shown = alice.follow(alice.post("/login", login))
    text = shown.get_data(as_text=True)
    assert "Your answer is not saved yet" in text
    assert re.findall(r'value="(\d)" checked', text) == ["2"]
    assert count(alice, Answer) == 0
    again = dict(re.findall(r'name="(instance|seq|kept_form)" value="([^"]+)"', text))
    assert alice.post(path, {**again, "answer": "2"}).status_code == 303
    assert count(alice, Answer) == 1
    assert alice.get(f"{path}?kept_form={again['kept_form']}").status_code == 404


def test_a_kept_answer_is_not_shown_on_another_question(alice: Site, dave: Site) -> None:
    attempt_id = begin(alice)
    path = f"/attempts/{attempt_id}/questions/1"
    form = form_of(alice, path, [])
    alice.forget_login()
    asked = alice.post(path, form).get_data(as_text=True)
    kept = re.search(r'name="kept" value="([^"]+)"', asked)[1]  # type: ignore[index]
    login = {"email": "alice@example.org", "password": "four plain words here", "kept": kept}
    kept_id = re.search(r"\d+$", alice.post("/login", login).headers["Location"])[0]  # type: ignore[index]
    other = alice.get(f"/attempts/{attempt_id}/questions/2?kept_form={kept_id}")
    assert "not saved yet" not in other.get_data(as_text=True)
    assert alice.get(f"{path}?kept_form=999999").status_code == 404


def everything_served(site: Site) -> str:
    """Every byte a learner can reach of a post-test up to a failed result, headers and all."""
    served: list[TestResponse] = [site.get(START)]
    attempt_id = begin(site)
    for drawn in drawn_in(site, attempt_id):
        path = f"/attempts/{attempt_id}/questions/{drawn.position}"
        wrong = fields_for(drawn, right=False)
        stale = form_of(site, path, [])
        served += [site.get(path), save(site, attempt_id, drawn.position, wrong, htmx=True)]
        served += [save(site, attempt_id, drawn.position, wrong), site.get(path)]
        served += [site.post(path, stale), site.post(path, {"answer": ["98", "99"]})]
    served += [site.get(f"/attempts/{attempt_id}/review"), site.get("/learn/small-course")]
    served += [site.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})]
    served += [site.get(f"/attempts/{attempt_id}/result"), site.get(START)]
    served += [site.post(f"/attempts/{attempt_id}/questions/1", {"answer": "1"})]
    return "\n".join(f"{r.status}\n{r.headers}\n{r.get_data(as_text=True)}" for r in served)


SECRETS = ("secret rationale", "rationale", "feedback", "weight", "tolerance", '"right"')


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_the_key_is_in_no_byte_before_a_pass(alice: Site) -> None:
    assert leaks(everything_served(alice)) == []


def test_a_planted_leak_is_found(alice: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    as_phrase = questions.as_phrase
    planted = "<!-- secret rationale -->"
    monkeypatch.setattr(questions, "as_phrase", lambda html: as_phrase(html) + Markup(planted))
    assert leaks(everything_served(alice)) != []


def test_pages_of_different_keys_are_the_same_page(alice: Site) -> None:
    """Turning the key around changes no byte of a question's page."""
    attempt_id = begin(alice)
    position = position_of(alice, attempt_id, "single", "multiple")
    path = f"/attempts/{attempt_id}/questions/{position}"
    drawn = drawn_in(alice, attempt_id)[position - 1]
    assert right(drawn.kind, drawn.body).lines
    before = without_tokens(alice.get(path))
    turned = {**drawn.body, "right": [0, 1], "weights": [1] * len(drawn.body["options"])}
    with alice.app.app_context():
        turn_key(drawn.question_id, turned)
    assert without_tokens(alice.get(path)) == before


def turn_key(question_id: int, body: dict[str, object]) -> None:
    """Change a published question, which its guard refuses to everybody else."""
    on = " ON question" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(db.text(f"DROP TRIGGER guard_question_update{on}"))
    db.session.get_one(Question, question_id).body = body
    db.session.flush()
    append_only.create_triggers(db.session.connection())
    db.session.commit()


def without_tokens(response: TestResponse) -> str:
    text = response.get_data(as_text=True)
    text = re.sub(r'name="(csrf_token|instance)" value="[^"]*"', "", text)
    return re.sub(r'data-(token|csrf|hx-headers)=("[^"]*"|\'[^\']*\')', "", text)
