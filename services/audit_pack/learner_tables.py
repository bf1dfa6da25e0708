"""What a pack says of learners, for a batch of enrollments at a time.

The first column of every table is the enrollment, by which they belong together.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from extensions import db
from models import (
    Answer,
    Attempt,
    AttemptQuestion,
    BoardRoster,
    BoardRosterEntry,
    Certificate,
    CertificateDocument,
    CertificateEvent,
    Course,
    Edition,
    Enrollment,
    EvaluationSubmission,
    Grade,
    License,
    Person,
    PostTest,
    Question,
    Unit,
)
from services.audit_pack.tables import StepOutput, Table, as_json_line, cell
from services.recorded_time import lines
from services.reports.post_tests import latest_grade

ENROLLMENTS = "learners/enrollments"
LICENSES = "learners/licenses"
ATTEMPTS = "learners/attempts"
SERVED = "learners/questions-served"
TIME = "learners/time"
CERTIFICATES = "learners/certificates"
RECEIPTS = "learners/reporting-receipts"
RECORDS = "learners/records.jsonl"
NO_LICENSE = "No license given"


def make_batch(enrollment_ids: Sequence[int]) -> StepOutput:
    """All tables of some enrollments, and the same as one JSON line for each of them."""
    licenses = _licenses(enrollment_ids)
    tables = [
        _enrollments(enrollment_ids, _professions(licenses)),
        Table(LICENSES, LICENSE_HEADS, licenses),
        _attempts(enrollment_ids),
        _served(enrollment_ids),
        _time(enrollment_ids),
        _certificates(enrollment_ids),
        _receipts(enrollment_ids),
    ]
    return StepOutput(tables, appended=[(RECORDS, b"".join(_records(tables)))])


def _enrollments(ids: Sequence[int], professions: dict[int, str]) -> Table:
    rows = db.session.execute(
        select(
            Enrollment.id,
            Enrollment.person_id,
            Person.name_on_license,
            Person.email,
            Course.slug,
            Edition.number,
            Enrollment.source,
            Enrollment.enrolled_at,
            Enrollment.completed_at,
            Enrollment.ended_at,
            EvaluationSubmission.submitted_at,
            Enrollment.records_deleted_at,
        )
        .join(Person, Person.id == Enrollment.person_id)
        .join(Course, Course.id == Enrollment.course_id)
        .join(Edition, Edition.id == Enrollment.edition_id)
        .outerjoin(EvaluationSubmission, EvaluationSubmission.enrollment_id == Enrollment.id)
        .where(Enrollment.id.in_(ids))
        .order_by(Enrollment.id)
    )
    heads = (
        "enrollment", "learner", "name", "email", "course", "edition", "came_by", "enrolled_at",
        "completed_at", "withdrawn_at", "evaluation_submitted_at", "records_deleted_at",
        "professions",
    )  # fmt: skip
    return Table(ENROLLMENTS, heads, [(*row, professions.get(row[0], NO_LICENSE)) for row in rows])


LICENSE_HEADS = ("enrollment", "profession", "jurisdiction", "number", "as_of")


def _licenses(ids: Sequence[int]) -> list[tuple[object, ...]]:
    """The licenses printed on the latest certificate; without one, those of the account now."""
    printed: dict[int, list[dict[str, str]]] = {}
    for enrollment_id, facts in db.session.execute(
        select(Certificate.enrollment_id, Certificate.facts)
        .where(Certificate.enrollment_id.in_(ids))
        .order_by(Certificate.id)
    ):
        printed[enrollment_id] = facts["licenses"]
    found: list[tuple[object, ...]] = [
        (of, one["profession"], one["jurisdiction"], one["number"], "certificate")
        for of, licenses in sorted(printed.items())
        for one in licenses
    ]
    now = db.session.execute(
        select(Enrollment.id, License.profession, License.jurisdiction, License.number)
        .join(License, License.person_id == Enrollment.person_id)
        .where(Enrollment.id.in_([of for of in ids if of not in printed]))
        .order_by(Enrollment.id, License.id)
    )
    return found + [(*row, "account") for row in now]


def _professions(licenses: Iterable[tuple[object, ...]]) -> dict[int, str]:
    found: dict[int, set[str]] = {}
    for of, profession, *_ in licenses:
        found.setdefault(int(str(of)), set()).add(str(profession))
    return {of: "; ".join(sorted(names)) for of, names in found.items()}


def _attempts(ids: Sequence[int]) -> Table:
    rows = db.session.execute(
        select(
            Attempt.enrollment_id,
            Attempt.id,
            Unit.number,
            Attempt.number,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.closed_by,
            Attempt.pass_mark,
            Grade.earned,
            Grade.possible,
            Grade.passed,
            Grade.reason,
        )
        .join(PostTest, PostTest.id == Attempt.post_test_id)
        .join(Unit, Unit.id == PostTest.unit_id)
        .outerjoin(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == latest_grade()))
        .where(Attempt.enrollment_id.in_(ids))
        .order_by(Attempt.enrollment_id, Attempt.id)
    ).all()
    heads = (
        "enrollment", "attempt", "unit", "number", "started_at", "submitted_at", "seconds",
        "closed_by", "pass_mark_percent", "earned_points", "possible_points", "passed", "graded",
    )  # fmt: skip
    return Table(ATTEMPTS, heads, [_attempt(row) for row in rows])


def _attempt(row: Any) -> tuple[object, ...]:
    """An attempt's row; points in whole questions, as they are counted in hundredths."""
    *head, started, submitted, closed_by, mark, earned, possible, passed, reason = row
    seconds = round((submitted - started).total_seconds()) if submitted else None
    points = [None if part is None else part / 100 for part in (earned, possible)]
    when = (started, submitted, seconds, closed_by, mark)
    return (*head, *when, *points, passed, reason)


def _served(ids: Sequence[int]) -> Table:
    """Every question that an attempt drew, in its place, with what was answered and earned."""
    rows = db.session.execute(
        select(
            Attempt.enrollment_id,
            Attempt.id,
            AttemptQuestion.position,
            Question.key,
            Question.objective,
            AttemptQuestion.option_order,
            Answer.response,
            Answer.saved_at,
            Grade.per_question,
        )
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .join(Question, Question.id == AttemptQuestion.question_id)
        .outerjoin(
            Answer,
            (Answer.attempt_id == AttemptQuestion.attempt_id)
            & (Answer.position == AttemptQuestion.position),
        )
        .outerjoin(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == latest_grade()))
        .where(Attempt.enrollment_id.in_(ids))
        .order_by(Attempt.enrollment_id, Attempt.id, AttemptQuestion.position)
    )
    heads = (
        "enrollment", "attempt", "position", "question", "objective", "options_shown", "answer",
        "answered_at", "earned_points",
    )  # fmt: skip
    return Table(SERVED, heads, [(*row[:-1], _earned(row[-1], row.position)) for row in rows])


def _earned(per_question: list[Any] | None, position: int) -> float | None:
    for one in per_question or ():
        if one["position"] == position:
            return float(one["earned"]) / 100
    return None


def _time(ids: Sequence[int]) -> Table:
    line = lines(select(Enrollment.id).where(Enrollment.id.in_(ids)))
    rows = db.session.execute(
        select(
            line.c.enrollment_id,
            func.coalesce(line.c.unit_number, 0),
            line.c.evidence,
            func.sum(line.c.seconds),
            func.count(),
        )
        .group_by(line.c.enrollment_id, line.c.unit_number, line.c.evidence)
        .order_by(line.c.enrollment_id, func.coalesce(line.c.unit_number, 0), line.c.evidence)
    )
    heads = ("enrollment", "unit", "evidence", "seconds", "lines")
    return Table(TIME, heads, [(of, unit, kind, int(s), n) for of, unit, kind, s, n in rows])


def _certificates(ids: Sequence[int]) -> Table:
    certificates = db.session.scalars(
        select(Certificate).where(Certificate.enrollment_id.in_(ids)).order_by(Certificate.id)
    ).all()
    numbers = [one.id for one in certificates]
    states = dict(
        db.session.execute(
            select(CertificateEvent.certificate_id, CertificateEvent.kind)
            .where(CertificateEvent.certificate_id.in_(numbers))
            .order_by(CertificateEvent.id)
        ).all()
    )
    documents: dict[int, dict[str, str]] = {}
    for of, variant, sha256 in db.session.execute(
        select(
            CertificateDocument.certificate_id,
            CertificateDocument.variant,
            CertificateDocument.sha256,
        )
        .where(CertificateDocument.certificate_id.in_(numbers))
        .order_by(CertificateDocument.certificate_id, CertificateDocument.variant)
    ):
        documents.setdefault(of, {})[variant] = sha256
    heads = (
        "enrollment", "certificate", "state", "name", "completed_at", "completed_on", "issued_at",
        "attestation", "credits", "facts_sha256", "documents_sha256", "verification_code",
    )  # fmt: skip
    return Table(
        CERTIFICATES,
        heads,
        [_certificate(one, states, documents.get(one.id, {})) for one in certificates],
    )


def _certificate(
    row: Certificate, states: dict[int, str], documents: dict[str, str]
) -> tuple[object, ...]:
    credits = "; ".join(
        f"{one['hours']} {one['unit_word']}, {one['body']}" for one in row.facts["credits"]
    )
    facts = json.dumps(row.facts, sort_keys=True, ensure_ascii=False)
    return (
        row.enrollment_id,
        row.number,
        states.get(row.id, "valid"),
        row.printed_name,
        row.completed_at,
        row.completed_on,
        row.issued_at,
        row.attestation,
        credits,
        hashlib.sha256(facts.encode()).hexdigest(),
        documents,
        row.verification_code,
    )


def _receipts(ids: Sequence[int]) -> Table:
    rows = db.session.execute(
        select(
            BoardRosterEntry.enrollment_id,
            BoardRoster.id,
            BoardRoster.body,
            BoardRoster.made_at,
            BoardRoster.sent_at,
            BoardRoster.receipt,
            BoardRoster.withdrawn_at,
        )
        .join(BoardRoster, BoardRoster.id == BoardRosterEntry.roster_id)
        .where(BoardRosterEntry.enrollment_id.in_(ids))
        .order_by(BoardRosterEntry.enrollment_id, BoardRosterEntry.id)
    )
    heads = ("enrollment", "roster", "body", "made_at", "sent_at", "receipt", "withdrawn_at")
    return Table(RECEIPTS, heads, [tuple(row) for row in rows])


def _records(tables: Sequence[Table]) -> Iterable[bytes]:
    """One JSON line for each enrollment, with its rows of all tables."""
    of_enrollment: dict[Any, dict[str, Any]] = {}
    for table in tables:
        short = table.name.rsplit("/", 1)[-1]
        for row in table.rows:
            record = of_enrollment.setdefault(row[0], {"enrollment": row[0]})
            values = {
                head: value if isinstance(value, dict | list) else cell(value)
                for head, value in zip(table.heads[1:], row[1:], strict=True)
            }
            record.setdefault(short, []).append(values)
    return (as_json_line(record) for record in of_enrollment.values())
