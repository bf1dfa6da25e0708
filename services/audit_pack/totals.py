"""The totals of a pack, from the same services as the reports on the screen.

`tools/retotal_audit_pack.py` adds up the rows of the pack again, independently of this code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import case, func, select

from domain.months import Days
from domain.outline import Outline
from extensions import db
from models import Attempt, Certificate, Enrollment, Grade
from services import recorded_time, time_reports
from services.audit_pack import course_conduct
from services.audit_pack.learner_tables import ENROLLMENTS
from services.audit_pack.tables import read_rows
from services.reports import answers, completions, post_tests
from services.reports.post_tests import latest_grade


@dataclass(frozen=True)
class Scope:
    """What a pack is of: the days, cut off when the building began, and the enrollments."""

    days: Days
    as_of: datetime
    enrollment_ids: Sequence[int]


def of_course(outlines: Sequence[Outline], scope: Scope) -> dict[str, Any]:
    """The totals of a course over the days of the pack."""
    course_id, slug = outlines[0].course_id, outlines[0].slug
    enrolled, completed = completions.count_in(scope.days, course_id)
    tests = [line for line in post_tests.list_tests(scope.days, slug) if line.key]
    promised = answers.list_months(scope.days, course_id, scope.as_of)
    return {
        "enrolled_in_period": enrolled,
        "completed_in_period": completed,
        "certificates_of_completed": _count_certificates(course_id, scope),
        "attempts": {
            line.key: {"submitted": line.submitted, "passed": line.passed}
            for line in tests
            if line.submitted
        },
        "seconds_of_completed": _seconds(course_id, scope.days),
        "answers_due": {
            "in_time": sum(month.in_time for month in promised),
            "late": sum(month.late for month in promised),
            "missing": sum(month.missing for month in promised),
        },
        "evaluations": _evaluations(course_conduct.list_results(outlines, scope.days)),
    }


def of_learner(scope: Scope) -> dict[str, Any]:
    """The totals of each enrollment of a learner: counted time by unit, attempts."""
    attempts = _attempts_by_enrollment(scope)
    return {
        "enrollments": {
            str(enrollment_id): {
                "seconds": _seconds_by_unit(enrollment_id),
                "attempts_submitted": attempts.get(enrollment_id, (0, 0))[0],
                "attempts_passed": attempts.get(enrollment_id, (0, 0))[1],
            }
            for enrollment_id in scope.enrollment_ids
        }
    }


def count_professions(folder: Path) -> dict[str, int]:
    """The roster by profession; a learner with licenses of two counts under both together."""
    found: dict[str, int] = {}
    for row in read_rows(folder, ENROLLMENTS):
        found[row["professions"]] = found.get(row["professions"], 0) + 1
    return dict(sorted(found.items()))


def _count_certificates(course_id: int, scope: Scope) -> int:
    """Completions of the period whose certificate had been issued when the building began."""
    return (
        db.session.scalar(
            select(func.count(func.distinct(Certificate.enrollment_id)))
            .join(Enrollment, Enrollment.id == Certificate.enrollment_id)
            .where(
                Enrollment.course_id == course_id,
                Enrollment.completed_at >= scope.days.start,
                Enrollment.completed_at < scope.days.end,
                Certificate.issued_at < scope.as_of,
            )
        )
        or 0
    )


def _seconds(course_id: int, days: Days) -> dict[str, dict[str, int]]:
    """By unit ('0': evaluation and other), then by kind of evidence."""
    found: dict[str, dict[str, int]] = {}
    sums = time_reports.seconds_by_evidence(course_id, days)
    for (unit, evidence), seconds in sums.items():
        if seconds:
            found.setdefault(str(unit or 0), {})[evidence] = seconds
    return found


def _seconds_by_unit(enrollment_id: int) -> dict[str, int]:
    found: dict[str, int] = {}
    by_place = recorded_time.seconds_by_place(enrollment_id, with_declared=True)
    for (unit, _), seconds in by_place.items():
        found[str(unit or 0)] = found.get(str(unit or 0), 0) + seconds
    return {unit: seconds for unit, seconds in sorted(found.items()) if seconds}


def _attempts_by_enrollment(scope: Scope) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(
        select(Attempt.enrollment_id, func.count(), func.sum(case((Grade.passed, 1), else_=0)))
        .join(Grade, (Grade.attempt_id == Attempt.id) & (Grade.number == latest_grade()))
        .where(Attempt.enrollment_id.in_(scope.enrollment_ids), Attempt.submitted_at < scope.as_of)
        .group_by(Attempt.enrollment_id)
    )
    return {of: (submitted, int(passed)) for of, submitted, passed in rows}


def _evaluations(found: Iterable[course_conduct.EditionResults]) -> list[dict[str, Any]]:
    return [
        {
            "edition": edition,
            "period": results.period,
            "evaluations": results.count,
            "means": {
                field.field.name: round(field.mean, 4)
                for field in results.fields
                if field.mean is not None
            },
        }
        for edition, results in found
        if results.fields is not None
    ]
