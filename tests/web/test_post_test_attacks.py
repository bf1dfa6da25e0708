"""What somebody may try on a post-test: other questions, made-up scores, pictures, old forms."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models import Answer, Attempt, Grade
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import fields_for
from tests.site import Site
from tests.variants import publish_variant
from tests.web.served import as_bytes
from tests.web.taking import START, begin, browser_of_alice, count, drawn_in, form_of, save, take

MADE_UP = {
    "score": "100",
    "passed": "1",
    "earned": "300",
    "completed": "yes",
    "seconds": "99999",
    "pass_mark": "0",
    "closed_by": "learner",
    "received_at": "2000-01-01T00:00:00",
}


@pytest.fixture
def alice(app: Flask, site: Site) -> Site:
    return browser_of_alice(app, site)


def test_questions_are_not_there_before_the_start(alice: Site) -> None:
    for path in ("/attempts/1/questions/1", "/attempts/1/review", "/attempts/1/result"):
        assert alice.get(path).status_code == 404
    assert count(alice, Attempt) == 0


def test_made_up_fields_are_ignored(alice: Site) -> None:
    attempt_id = begin(alice)
    for drawn in drawn_in(alice, attempt_id):
        wrong = fields_for(drawn, right=False)
        assert save(alice, attempt_id, drawn.position, wrong, **MADE_UP).status_code == 303
    alice.post(f"/attempts/{attempt_id}/submission", {**MADE_UP, "confirm": "yes"})
    with alice.app.app_context():
        grade = db.session.scalars(select(Grade)).one()
        attempt = db.session.get_one(Attempt, attempt_id)
    assert (grade.earned, grade.passed) == (0, False)
    assert attempt.pass_mark == 80


def test_the_back_button_gives_no_other_try(alice: Site) -> None:
    """Old pages of a submitted attempt change nothing, however they are sent."""
    attempt_id = begin(alice)
    drawn = drawn_in(alice, attempt_id)
    path = f"/attempts/{attempt_id}/questions/1"
    old = form_of(alice, path, fields_for(drawn[0], right=True))
    alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"})
    for htmx in (False, True):
        assert alice.post(path, old, htmx=htmx).status_code == 409
    assert alice.post(f"/attempts/{attempt_id}/submission", {"confirm": "yes"}).status_code == 303
    assert (count(alice, Answer), count(alice, Grade)) == (0, 1)


def test_restarting_does_not_change_the_questions(alice: Site) -> None:
    first = begin(alice)
    asked = [q.question_id for q in drawn_in(alice, first)]
    for _ in range(3):
        assert begin(alice) == first
    assert [q.question_id for q in drawn_in(alice, first)] == asked
    take(alice, right=False)
    with alice.app.app_context():
        assert db.session.scalar(select(Attempt.number).order_by(Attempt.id.desc())) == 1
    assert "1 used, 2 left of 3" in alice.get(START).get_data(as_text=True)


PICTURED = """---
title: Post-test with a picture
draw: 1
---

## pictured {objective=1}

What is shown? ![A red square](media/square.png)

- (x) A square
- ( ) A circle, as in ![a circle](media/circle.png)

> See ![the answer, drawn](media/answer.png).
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def test_pictures_of_a_question_are_served_and_that_of_the_rationale_is_not_named(
    app: Flask, site: Site, tmp_path: Path
) -> None:
    with app.app_context():
        media = app.config["SETTINGS"].media_folder
        (tmp_path / "pictures").mkdir()
        for name in ("square", "circle", "answer"):
            (tmp_path / "pictures" / f"{name}.png").write_bytes(PNG + name.encode())
        publish_variant(
            tmp_path,
            "pictured-course",
            files={"tests/1.md": PICTURED},
            media=media,
            pictures=tmp_path / "pictures",
        )
        complete_items(make_enrollment(make_person(), "pictured-course"), unit=1)
        db.session.commit()
    site.log_in("alice@example.org")
    attempt_id = begin(site, "/learn/pictured-course/units/1/post-test")
    response = site.get(f"/attempts/{attempt_id}/questions/1")
    text = as_bytes(response)
    addresses = {name: address for address, name in _images(text)}
    assert set(addresses) == {"A red square", "a circle"}
    assert "answer.png" not in text
    for address in addresses.values():
        picture = site.client.get(address)
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
        picture.close()


def _images(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<img src="([^"]+)" alt="([^"]+)"', text)
