"""What is kept back: the key is in no byte a learner can reach before a pass."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from blueprints.post_tests import questions
from config import PROJECT
from extensions import db
from models import AttemptQuestion, Question, append_only
from services import answers
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import Drawn, fields_for
from tests.site import Site
from tests.variants import publish_variant
from tests.web.served import as_bytes, crawl, routes_for_learners
from tests.web.taking import begin, drawn_in, form_of, save

SLUG = "secret-course"
START = f"/learn/{SLUG}/units/1/post-test"
SECRETS = (
    "qxrationale",
    "qxfeedback",
    "qxaccepted",
    "qxsecond",
    "48151",
    "0.7531",
    "rationale",
    '"right"',
    "weights",
    "-41",
    "63%",
)
STARTS = ["/", "/learn", "/account", f"/learn/{SLUG}", f"/courses/{SLUG}", START, "/robots.txt"]


@pytest.fixture
def alice(app: Flask, site: Site, tmp_path: Path) -> Site:
    """Alice's browser; she may take a post-test of every kind whose key is easy to recognize."""
    with app.app_context():
        test = (PROJECT / "tests" / "courses" / "secret_kinds.md").read_text()
        publish_variant(tmp_path, SLUG, files={"tests/1.md": test})
        complete_items(make_enrollment(make_person(), SLUG), unit=1)
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def everything_served(site: Site) -> list[str]:
    """Every byte until a failed result is there, and after it: pages, fragments, files, headers."""
    attempt_id = begin(site, START)
    values = {"slug": SLUG, "unit": 1, "item": "the-first-reading", "attempt_id": attempt_id}
    starts = [*STARTS, *routes_for_learners(site.app, values)]
    served = list(crawl(site, starts).values())
    for drawn in drawn_in(site, attempt_id):
        served += map(as_bytes, answers_to(site, attempt_id, drawn))
    served.append(as_bytes(site.post(f"/attempts/{attempt_id}/submission")))
    served.append(as_bytes(site.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})))
    served.append(as_bytes(site.post(f"/attempts/{attempt_id}/questions/1", {"answer": "1"})))
    after = [START, f"/attempts/{attempt_id}/result", f"/learn/{SLUG}", f"/learn/{SLUG}/time"]
    return [*served, *(as_bytes(site.client.get(path)) for path in after)]


def answers_to(site: Site, attempt_id: int, drawn: Drawn) -> list[TestResponse]:
    """What the product answers to forms of a question: saved, in conflict, malformed."""
    path = f"/attempts/{attempt_id}/questions/{drawn.position}"
    wrong, right = (fields_for(drawn, right=which) for which in (False, True))
    stale = form_of(site, path, right)
    return [
        save(site, attempt_id, drawn.position, wrong, htmx=True),
        save(site, attempt_id, drawn.position, wrong),
        site.post(path, stale),
        site.post(path, stale, htmx=True),
        site.post(path, {"answer": ["98", "99"], "answer-77": "x"}),
        site.post(path, {"answer": ["98", "99"], "answer-77": "x"}, htmx=True),
        site.post(path, {**dict.fromkeys(("score", "passed", "correct"), "1"), **stale}),
        site.get(path),
        site.client.get(path, headers={"HX-Request": "true"}),
    ]


def leaks(served: list[str], typed: tuple[str, ...] = ()) -> set[str]:
    """The secrets that are in what was served, besides what the learner typed."""
    text = "\n".join(served).casefold()
    for words in typed:
        text = text.replace(words, "")
    return {secret for secret in SECRETS if is_in(text, secret)}


def is_in(text: str, secret: str) -> bool:
    """Whether a secret is there; a number within a word, such as a token, is a chance."""
    edge = "" if re.search("[a-z]", secret) else r"[\w-]"
    before, after = (f"(?<!{edge})", f"(?!{edge})") if edge else ("", "")
    return re.search(before + re.escape(secret) + after, text) is not None


def typed_by(site: Site) -> tuple[str, ...]:
    """The right answers that `answers_to` types, which come back as they were typed."""
    return ("qxaccepted", "48151.62")


def test_the_key_is_in_no_byte_before_a_pass(alice: Site) -> None:
    served = everything_served(alice)
    assert len(served) > 80
    assert leaks(served, typed_by(alice)) == set()


def test_after_a_pass_the_search_finds_what_it_looks_for(alice: Site) -> None:
    attempt_id = begin(alice, START)
    for drawn in drawn_in(alice, attempt_id):
        save(alice, attempt_id, drawn.position, fields_for(drawn, right=True))
    alice.post(f"/attempts/{attempt_id}/submission")
    text = as_bytes(alice.get(f"/attempts/{attempt_id}/result"))
    assert leaks([text]) >= {"qxrationale", "qxaccepted", "48151"}


def test_planted_leaks_are_found(alice: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in a page, one in a fragment, one in a header, one in a file."""
    get, answer = answers.get_question, alice.app.process_response
    monkeypatch.setattr(
        questions.answers,
        "get_question",
        lambda *a: replace(get(*a), stem_html="<p>Why?<!-- Qxrationale of one. --></p>"),
    )
    monkeypatch.setattr(questions, "_clock", lambda at: "14:03, Qxfeedback on beta")
    monkeypatch.setattr(alice.app, "process_response", lambda response: _leak(answer(response)))
    found = leaks(everything_served(alice), typed_by(alice))
    assert found == {"qxrationale", "rationale", "qxfeedback", "qxsecond", "0.7531"}


def _leak(response: Any) -> Any:
    if response.mimetype == "text/html":
        response.headers["X-Why"] = "qxsecond"
    if response.mimetype == "text/plain":
        response.set_data("within 0.7531")
    return response


def test_pages_of_other_keys_are_the_same_pages(alice: Site) -> None:
    """Turning every key around changes no byte of any page before submission."""
    attempt_id = begin(alice, START)
    paths = [f"/attempts/{attempt_id}/questions/{n}" for n in range(1, 7)]
    paths += [f"/attempts/{attempt_id}/review", START, f"/learn/{SLUG}"]
    before = [without_tokens(alice.get(path)) for path in paths]
    with alice.app.app_context():
        for drawn in drawn_in(alice, attempt_id):
            turn_key(attempt_id, drawn)
        db.session.commit()
    for path, page in zip(paths, before, strict=True):
        assert without_tokens(alice.get(path)).splitlines() == page.splitlines(), path


def test_the_download_of_ones_data_says_answers_in_words_only(alice: Site) -> None:
    """What is kept names steps and pairs by their right order, which would tell the key."""
    attempt_id = begin(alice, START)
    for drawn in drawn_in(alice, attempt_id):
        save(alice, attempt_id, drawn.position, fields_for(drawn, right=False))
    found = alice.get("/account/data.json").get_json()
    said = [line for row in found["answer"] for line in row["response"]]
    assert len(found["answer"]) == 6
    assert "1. Step three" in said and "Left one → Right two" in said
    assert not {"places", "pairs", "chosen"} & set(json.dumps(found["answer"]).split('"'))


def turn_key(attempt_id: int, drawn: Drawn) -> None:
    """Make something else right, which the guard of questions refuses to everybody else."""
    body = dict(drawn.body)
    if drawn.kind in ("single", "multiple"):
        last = len(body["options"]) - 1
        body["right"] = [last - index for index in body["right"]]
        body["weights"] = [1] * (last + 1) if body["weights"] else None
        body["options"] = [{**option, "feedback": "Other."} for option in body["options"]]
    elif drawn.kind == "short":
        body["accepted"] = ["something else"]
    elif drawn.kind == "number":
        body.update(number="7", tolerance="0")
    elif drawn.kind == "matching":
        body["right"] = body["right"][::-1]
    else:
        turn_order(attempt_id, drawn, body)
    on = " ON question" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(db.text(f"DROP TRIGGER guard_question_update{on}"))
    question = db.session.get_one(Question, drawn.question_id)
    question.body, question.rationale_html = body, "<p>Other.</p>"
    db.session.flush()
    append_only.create_triggers(db.session.connection())


def turn_order(attempt_id: int, drawn: Drawn, body: dict[str, Any]) -> None:
    """The other way round is right, shown as before."""
    last = len(body["steps"]) - 1
    body["steps"] = body["steps"][::-1]
    row = db.session.get_one(AttemptQuestion, (attempt_id, drawn.position))
    row.option_order = [last - index for index in row.option_order]


def without_tokens(response: TestResponse) -> str:
    text = response.get_data(as_text=True)
    text = re.sub(r'name="(csrf_token|instance)" value="[^"]*"|[?]view=[^&"]*', "", text)
    return re.sub(r'data-(token|csrf|hx-headers)=("[^"]*"|\'[^\']*\')', "", text)
