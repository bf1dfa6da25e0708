"""A center with a crowd: so many learners, each enrolled, in every state; written in bulk.

They came over the last five years, evenly, until now: as many in the last year as in the first.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select

import clock
from config import PROJECT
from domain.search_words import words_of_name, words_of_person
from extensions import db
from models import (
    Attempt,
    AuditEvent,
    Certificate,
    CertificateWord,
    Enrollment,
    EvaluationSubmission,
    Grade,
    ItemCompletion,
    Job,
    LearnerQuestion,
    Order,
    OrderEvent,
    PageView,
    Person,
    PersonWord,
    ProblemReport,
)
from services import editions, installation, publishing
from services.reports.keeping import keep_sums
from services.reports.kept import REPORTS
from tests import completed as completing
from tests import ordering
from tests.bench import crowd_records
from tests.bench.crowd_records import Learner, list_records
from tests.conftest import TEST_COURSE, TEST_PROVIDER
from tests.factories import SLUG, make_administrator, make_person

AT_ONCE = 2_000
DAYS = 5 * 365
HAVE_IDS = (PageView, LearnerQuestion, ProblemReport, Certificate)
WAITING = 40
"""So many orders wait, whatever the size: what waits is worked off."""


def prepare(app: Flask, folder: Path, count: int) -> dict[str, int]:
    """Make the center; tells how far it has come. Returns a person's and an enrollment's id."""
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        installation.install_provider(TEST_PROVIDER, clock.now())
        publishing.publish_course(TEST_COURSE, folder / "media", clock.now())
        make_administrator()
        pattern = _make_pattern()
        db.session.commit()
        chance = random.Random(count)
        with click.progressbar(length=count, label=f"Making {count:,} enrollments") as bar:
            for first in range(0, count, AT_ONCE):
                size = min(AT_ONCE, count - first)
                _add(pattern, range(first, first + size), chance)
                db.session.commit()
                bar.update(size)
        _make_sums()
        db.session.remove()
        return {"person": pattern["person"] + count // 2, "enrollment": pattern["enrollment"] + 7}


def _make_pattern() -> dict[str, Any]:
    """One learner who has everything; the others' rows are made after theirs."""
    ordering.give_price()
    outline = editions.get_current_outline(SLUG)
    person = make_person("pattern@example.org", "Pattern Learner")
    from tests.factories import make_enrollment

    study = completing.complete_all(make_enrollment(person))
    certificate = completing.issue(study, person.name_on_license)
    order = ordering.place(person)
    db.session.flush()
    event = db.session.query(OrderEvent).filter_by(order_id=order.id).first()
    grade = db.session.query(Grade).first()
    return {
        "outline": outline,
        "person": person.id,
        "enrollment": study.enrollment.id,
        "number": order.number,
        "rows": {row.__class__: _values(row) for row in (person, certificate, order, event, grade)},
        "ids": {Attempt: db.session.query(Attempt).count(), Order: order.id},
        "first_ids": {kind: _highest(kind) for kind in HAVE_IDS},
    }


def _highest(kind: type[Any]) -> int:
    return db.session.scalar(select(func.max(kind.id))) or 0


def _make_sums() -> None:
    """What the worker of a running center has done meanwhile."""
    while not keep_sums(REPORTS, clock.now(), seconds=60):
        db.session.commit()
    db.session.commit()


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


def _add(pattern: dict[str, Any], numbers: range, chance: random.Random) -> None:
    """The rows of these learners, table by table."""
    rows: dict[type, list[dict[str, Any]]] = {}
    for number in numbers:
        for model, row in _learner(pattern, number, chance):
            rows.setdefault(model, []).append(row)
    for model in (
        Person,
        PersonWord,
        Enrollment,
        ItemCompletion,
        Attempt,
        Grade,
        EvaluationSubmission,
        Certificate,
        CertificateWord,
        Order,
        OrderEvent,
        *crowd_records.MODELS,
        Job,
        AuditEvent,
    ):
        if rows.get(model):
            db.session.execute(insert(model), rows[model])


def _learner(
    pattern: dict[str, Any], number: int, chance: random.Random
) -> Iterator[tuple[type, dict[str, Any]]]:
    now = (clock.now() - timedelta(seconds=chance.randrange(DAYS * 86_400))).replace(microsecond=0)
    completed = now + timedelta(days=chance.randrange(1, 90), seconds=chance.randrange(86_400))
    person_id, enrollment_id = pattern["person"] + 1 + number, pattern["enrollment"] + 1 + number
    name, email = _name(number), f"p{number}@crowd.example"
    known = pattern["rows"]
    confirmed = None if number % 15 == 0 else now
    yield Person, {
        **known[Person], "id": person_id, "email": email, "name_on_license": name,
        "registered_at": now, "email_confirmed_at": confirmed,
    }  # fmt: skip
    for word in words_of_person(name, email):
        yield PersonWord, {"person_id": person_id, "word": word}
    is_complete = number % 5 < 2 and completed < clock.now()
    is_withdrawn = number % 10 == 7
    until = now + timedelta(days=365)
    outline = pattern["outline"]
    yield Enrollment, {
        "id": enrollment_id, "person_id": person_id, "course_id": outline.course_id,
        "edition_id": outline.edition_id, "number": 1, "source": "free", "enrolled_at": now,
        "access_until": until, "completed_at": completed if is_complete else None,
        "ended_at": now if is_withdrawn and not is_complete else None,
    }  # fmt: skip
    for item in list(outline.items())[: 2 if is_complete else 1]:
        yield ItemCompletion, {
            "enrollment_id": enrollment_id, "item_id": item.id, "completed_at": now,
            "route": "read",
        }  # fmt: skip
    done = completed if is_complete else None
    yield from _results(pattern, number, enrollment_id, person_id, done or now, is_complete)
    order_id = pattern["ids"][Order] + 1 + number if number % 5 == 0 else None
    learner = Learner(number, person_id, enrollment_id, outline, now, done, order_id)
    yield from list_records(learner, pattern["first_ids"])
    yield from _traces(pattern, number, enrollment_id, person_id, now)


def _name(number: int) -> str:
    return f"First{number} Person{number % 997}"


def _results(
    pattern: dict[str, Any], number: int, enrollment_id: int, person_id: int, now: Any, full: bool
) -> Iterator[tuple[type, dict[str, Any]]]:
    """An attempt with its grade; of those who completed, evaluation and certificate."""
    attempt_id = pattern["ids"][Attempt] + 1 + number
    test_id = pattern["outline"].units[0].post_test_id
    yield Attempt, {
        "id": attempt_id, "enrollment_id": enrollment_id, "post_test_id": test_id, "number": 1,
        "pass_mark": 80, "terms": {}, "started_at": now, "submitted_at": now,
    }  # fmt: skip
    grade = {k: v for k, v in pattern["rows"][Grade].items() if k != "id"}
    yield Grade, {**grade, "attempt_id": attempt_id, "passed": full}
    if full:
        yield EvaluationSubmission, {"enrollment_id": enrollment_id, "submitted_at": now}
        certificate = {k: v for k, v in pattern["rows"][Certificate].items() if k != "id"}
        certificate_id = pattern["first_ids"][Certificate] + 1 + number
        for word in words_of_name(_name(number)):
            yield CertificateWord, {"certificate_id": certificate_id, "word": word}
        yield Certificate, {
            **certificate, "id": certificate_id, "number": f"2020-{number:08}",
            "verification_code": f"C{number:020}",
            "enrollment_id": enrollment_id, "person_id": person_id, "issued_at": now,
            "completed_at": now, "completed_on": now.date(), "printed_name": _name(number),
        }  # fmt: skip


def _traces(
    pattern: dict[str, Any], number: int, enrollment_id: int, person_id: int, now: Any
) -> Iterator[tuple[type, dict[str, Any]]]:
    """An order of every fifth, a job and an event of the audit log of everybody."""
    if number % 5 == 0:
        order_id = pattern["ids"][Order] + 1 + number
        state = "open" if number < WAITING * 5 else "paid"
        yield Order, {
            **pattern["rows"][Order], "id": order_id, "number": pattern["number"] + 1 + number,
            "person_id": person_id, "state": state, "ordered_at": now, "intent": None,
        }  # fmt: skip
        event = {k: v for k, v in pattern["rows"][OrderEvent].items() if k != "id"}
        yield OrderEvent, {**event, "order_id": order_id, "happened_at": now}
    yield Job, {
        "kind": "mail", "subject_id": number, "state": "done", "run_at": now, "tries": 1,
        "key": f"crowd-{number}",
    }  # fmt: skip
    yield AuditEvent, {
        "kind": "enrollment.opened", "actor_id": None, "subject": f"enrollment:{enrollment_id}",
        "request_id": "", "facts": {}, "happened_at": now,
    }  # fmt: skip
