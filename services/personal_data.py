"""All that is held on a person, for the person: every row of every table that is about them.

A test compares these lists with the models, so that no new table is forgotten.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select

from domain import answer_words
from extensions import db
from models import AgencyKey, AttemptQuestion, AuditEvent, Base, OutgoingMail, Person, Question
from services import agency_invitations
from services.erasure import OF_PERSON
from services.study_records import BY_ATTEMPT, BY_ENROLLMENT, BY_QUESTION

SECRET = frozenset({"password_hash", "token_hash", "registration_intent", "intent", "page", "uid"})
"""Secrets, and marks that only tell two clicks apart."""
BEFORE_RELEASE = frozenset({"per_question", "option_order"})
"""Would give the key of a post-test away (post-test.md)."""
BY_PERSON = ("enrollment", "certificate", "course_order")
FURTHER = {
    "evaluation_submission": ("enrollment_id", "enrollment"),
    "agency_seat": ("enrollment_id", "enrollment"),
    "agency_seat_event": ("enrollment_id", "enrollment"),
    "board_roster_entry": ("certificate_id", "certificate"),
    "certificate_event": ("certificate_id", "certificate"),
    "certificate_document": ("certificate_id", "certificate"),
    "order_event": ("order_id", "course_order"),
    "order_document": ("order_id", "course_order"),
    "payment": ("order_id", "course_order"),
}
"""Table: the column that leads to a row of the person's, and in which table."""


def gather(person_id: int) -> dict[str, Any]:
    """Every row about the person by table, as JSON values; bytes are left to their own pages."""
    person = db.session.get_one(Person, person_id)
    found: dict[str, Any] = {"person": [_plain(_row(Person, person))]}
    for model in OF_PERSON:
        found[model.__tablename__] = _rows(model.__tablename__, "person_id", [person_id])
    for name in BY_PERSON:
        found[name] = _rows(name, "person_id", [person_id])
    ids = {name: [row["id"] for row in found[name]] for name in BY_PERSON}
    for model in BY_ENROLLMENT:
        found[model.__tablename__] = _rows(model.__tablename__, "enrollment_id", ids["enrollment"])
    ids["attempt"] = [row["id"] for row in found["attempt"]]
    ids["learner_question"] = [row["id"] for row in found["learner_question"]]
    for model in BY_ATTEMPT:
        found[model.__tablename__] = _rows(model.__tablename__, "attempt_id", ids["attempt"])
    for model in BY_QUESTION:
        found[model.__tablename__] = _rows(
            model.__tablename__, "question_id", ids["learner_question"]
        )
    for name, (column, table) in FURTHER.items():
        found[name] = _rows(name, column, ids[table])
    found["outgoing_mail"] = _select(OutgoingMail.__table__, OutgoingMail.recipient == person.email)
    invitations = agency_invitations.are_of(person_id, person.email)
    _say_answers(found, ids["attempt"])
    found["agency_key"] = _select(AgencyKey.__table__, invitations)
    about = or_(AuditEvent.actor_id == person_id, AuditEvent.subject == f"person:{person_id}")
    found["audit_event"] = _select(AuditEvent.__table__, about)
    return found


def _say_answers(found: dict[str, Any], attempt_ids: list[int]) -> None:
    """Answers as the learner gave them: what is kept names steps and pairs by their right order."""
    asked = {
        (row.attempt_id, row.position): row
        for row in db.session.execute(
            select(
                AttemptQuestion.attempt_id,
                AttemptQuestion.position,
                Question.kind,
                Question.body,
            )
            .join(Question, Question.id == AttemptQuestion.question_id)
            .where(AttemptQuestion.attempt_id.in_(attempt_ids))
        )
    }
    for row in [*found["answer"], *found["late_answer"]]:
        question = asked[row["attempt_id"], row["position"]]
        given = answer_words.given(question.kind, question.body, row["response"])
        row["response"] = list(given.lines)


def _rows(name: str, column: str, ids: list[int]) -> list[dict[str, Any]]:
    table = Base.metadata.tables[name]
    return _select(table, table.c[column].in_(ids)) if ids else []


def _select(table: Any, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    assert isinstance(table, Table)
    wanted = [column for column in table.columns if _is_told(column.name)]
    rows = db.session.execute(select(*wanted).where(condition).order_by(*table.primary_key))
    return [_plain(dict(row._mapping)) for row in rows]


def _row(model: type[Base], row: Base) -> dict[str, Any]:
    table = model.__table__
    return {c.name: getattr(row, c.name) for c in table.columns if _is_told(c.name)}


def _is_told(column: str) -> bool:
    return column not in SECRET and column not in BEFORE_RELEASE


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if not isinstance(value, bytes)}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
