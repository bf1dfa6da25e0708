"""What is kept back: the key is in no byte a learner can reach before a pass."""

import re

import pytest
from flask import Flask
from markupsafe import Markup
from werkzeug.test import TestResponse

from blueprints.post_tests import questions
from domain.answer_words import right
from extensions import db
from models import (
    Question,
    append_only,
)
from tests.right_answers import fields_for
from tests.site import Site
from tests.web.taking import (
    START,
    begin,
    browser_of_alice,
    drawn_in,
    form_of,
    position_of,
    save,
)


@pytest.fixture
def alice(app: Flask, site: Site) -> Site:
    return browser_of_alice(app, site)


SECRETS = ("secret rationale", "rationale", "feedback", "weight", "tolerance", '"right"')


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
