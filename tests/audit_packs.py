"""A course with a past, for tests of reports and audit packs, and an unpacked pack."""

import csv
import io
import json
import secrets
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from extensions import db
from models import (
    Attempt,
    EvaluationResponse,
    Grade,
    LearnerQuestion,
    ReplyPromise,
    TimeAdjustment,
)
from services import editions, open_finish, page_views
from services.enrollments import Study
from services.page_views import Place
from tests.completed import ANSWERS, complete_items, evaluate, issue, pass_tests
from tests.factories import SLUG, make_enrollment, make_license, make_person

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 12, 0, 5, 250_000, tzinfo=UTC)
FIRST, LAST = "2026-09-01", "2026-11-23"
DAY = timedelta(days=1)


def make_past() -> dict[str, Study]:
    """Ann and Ben completed (Ann certified), Cem is half-way, Dee left, Eva came too late."""
    studies = {
        "ann": _study("Ann Adams", START, ("Social worker", "Psychologist")),
        "ben": _study("=Ben & Sons", START + 3 * DAY, ("Counselor",)),
        "cem": _study("Cem Çelik", START + 40 * DAY, ()),
        "dee": _study("Dee Dunn", START - 30 * DAY, (), ended_at=START - 2 * DAY),
        "eva": _study("Eva East", NOW - timedelta(hours=1), ()),
    }
    _fail(studies["ben"], START + 8 * DAY)
    for name, days, minutes in (("ann", 10, 25), ("ben", 45, 31)):
        _spend(studies[name], minutes, START + days * DAY - timedelta(hours=3))
        _complete(studies[name], START + days * DAY, first=2 if name == "ben" else 1)
    _spend(studies["cem"], 12, START + 41 * DAY)
    _fail(studies["cem"], START + 42 * DAY)
    _correct(studies["ben"])
    issue(studies["ann"], "Ann Adams", at=START + 11 * DAY)
    _promise(studies["ann"])
    _evaluations()
    db.session.flush()
    return studies


def unpacked(content: bytes) -> "Unpacked":
    return Unpacked(zipfile.ZipFile(io.BytesIO(content)))


class Unpacked:
    """The files of a pack."""

    def __init__(self, pack: zipfile.ZipFile) -> None:
        self.pack = pack
        self.names = pack.namelist()
        self.index: dict[str, Any] = json.loads(pack.read("index.json"))

    def rows(self, name: str) -> list[dict[str, str]]:
        text = self.pack.read(f"{name}.csv").decode()
        return list(csv.DictReader(io.StringIO(text)))


def rewritten(source: Path, target: Path, name: str, old: bytes, new: bytes) -> Path:
    """A copy of a pack in which one file is changed."""
    with zipfile.ZipFile(source) as pack, zipfile.ZipFile(target, "w") as copy:
        for entry in pack.namelist():
            content = pack.read(entry)
            if entry == name:
                assert old in content, content[:500]
                content = content.replace(old, new, 1)
            copy.writestr(entry, content)
    return target


def _study(name: str, at: datetime, professions: tuple[str, ...], **fields: object) -> Study:
    email = name.split()[0].strip("=").lower() + "@example.org"
    person = make_person(email, name, registered_at=at - DAY)
    for number, profession in enumerate(professions):
        make_license(person, f"L-{number}", profession=profession)
    return make_enrollment(person, enrolled_at=at, **fields)


def _complete(study: Study, at: datetime, first: int) -> None:
    complete_items(study, at=at)
    if first == 1:
        pass_tests(study, at)
    else:
        for unit in study.outline.units:
            number = first if unit.number == 1 else 1
            _attempt(study, unit.post_test_id, number, at, earned=300, passed=True)
    evaluate(study, at)


def _fail(study: Study, at: datetime) -> None:
    _attempt(study, study.outline.units[0].post_test_id, 1, at, earned=100, passed=False)


def _attempt(
    study: Study, test: int, number: int, at: datetime, *, earned: int, passed: bool
) -> None:
    attempt = Attempt(
        enrollment_id=study.enrollment.id,
        post_test_id=test,
        number=number,
        pass_mark=80,
        terms={},
        started_at=at - timedelta(minutes=9),
        submitted_at=at,
    )
    db.session.add(attempt)
    db.session.flush()
    grade = Grade(
        attempt_id=attempt.id, number=1, earned=earned, possible=300, passed=passed,
        per_question=[], reason="submitted", graded_at=at,
    )  # fmt: skip
    db.session.add(grade)
    db.session.flush()


def _spend(study: Study, minutes: int, at: datetime) -> None:
    """So many minutes in the first item of each unit."""
    for unit in study.outline.units:
        person_id = study.enrollment.person_id
        place = Place("item", unit.number, unit.items[0].id)
        view = page_views.ensure_view(person_id, study.enrollment.id, place, token_hex(8), at)
        at += timedelta(minutes=minutes)
        open_finish.finish_view(person_id, view, timedelta(hours=9), at)


def _correct(study: Study) -> None:
    adjustment = TimeAdjustment(
        enrollment_id=study.enrollment.id,
        evidence="adjusted",
        unit_number=1,
        began_at=START + 4 * DAY,
        seconds=-90,
        reason="Away.",
        by_id=study.enrollment.person_id,
        recorded_at=START + 5 * DAY,
    )
    db.session.add(adjustment)


def _promise(study: Study) -> None:
    """Three answers were due: one came in time, one late, one not at all."""
    for days, answered in ((2, 1), (3, 9), (4, None)):
        asked = START + days * DAY
        question = LearnerQuestion(
            enrollment_id=study.enrollment.id,
            course_id=study.outline.course_id,
            asked_at=asked,
            due_at=asked + 2 * DAY,
        )
        db.session.add(question)
        db.session.flush()
        promise = ReplyPromise(
            question_id=question.id,
            course_id=question.course_id,
            asked_at=asked,
            due_at=asked + 2 * DAY,
            answered_at=None if answered is None else asked + answered * DAY,
        )
        db.session.add(promise)


def _evaluations() -> None:
    edition_id = editions.get_current_outline(SLUG).edition_id
    for number in range(6):
        answers = {**ANSWERS, "objectives-1": str(number % 4 + 2), "comments": f"=wish {number}"}
        row = EvaluationResponse(
            key=secrets.token_hex(16), edition_id=edition_id, month="2026-10", answers=answers
        )
        db.session.add(row)
