"""On PostgreSQL an act that holds an enrollment's row does not hold up the learner's time record.

Whoever records holds the timeline and writes a row that refers to the enrollment; whoever ends or
certifies the enrollment holds its row and wants the timeline next. So the one must not wait.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

import clock
from domain.refusals import Conflict
from extensions import db
from models import Order
from services import access, certificate_corrections, certification, enrollment_care, payments
from services.enrollments import Study
from tests.at_once import own_app
from tests.completed import complete_all, issue
from tests.factories import make_enrollment, make_person

__all__ = ["own_app"]
pytestmark = pytest.mark.parametrize("own_app", ["postgresql"], indirect=True)


@pytest.fixture
def study(own_app: Flask) -> Iterator[Study]:
    with own_app.app_context():
        yield make_enrollment(make_person("alice@example.org", "Alice Learner"))
        db.session.rollback()


@pytest.fixture
def others(study: Study) -> Engine:
    """Connections of somebody else."""
    impatient = {"options": "-c lock_timeout=5000"}
    return create_engine(db.engine.url, poolclass=NullPool, connect_args=impatient)


def _issue(study: Study) -> None:
    with pytest.raises(Conflict):
        certification.issue_certificate(study, "Alice Learner", "", clock.now())


def _replace(study: Study) -> None:
    number = issue(complete_all(study)).number
    db.session.commit()
    certificate_corrections._get_valid(number)


def _withdraw(study: Study) -> None:
    enrollment_care._lock(study.enrollment.id)


def _refund(study: Study) -> None:
    payments._lock_enrollment(cast(Order, SimpleNamespace(enrollment_id=study.enrollment.id)))


def _extend(study: Study) -> None:
    with pytest.raises(Conflict):
        access.extend(study, clock.now())


@pytest.mark.parametrize("act", [_issue, _replace, _withdraw, _refund, _extend])
def test_an_act_holds_the_enrollment_but_not_what_refers_to_it(
    study: Study, others: Engine, act: Callable[[Study], None]
) -> None:
    db.session.commit()
    act(study)
    with others.connect() as other:
        assert _get(other, study, "FOR NO KEY UPDATE SKIP LOCKED") is None, "it is held"
        assert _get(other, study, "FOR KEY SHARE SKIP LOCKED") == study.enrollment.id


def _get(connection: Any, study: Study, lock: str) -> int | None:
    found = connection.execute(
        text(f"SELECT id FROM enrollment WHERE id = {study.enrollment.id} {lock}")
    )
    return cast(int | None, found.scalar())
