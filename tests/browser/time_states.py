"""The time record in its states: studied, asked for, corrected, over several days."""

from datetime import datetime, timedelta
from secrets import token_hex

import clock
from extensions import db
from models import Enrollment, StudyInterval, TimeAdjustment, TimeCorrection
from services import page_views
from services.enrollments import Study
from services.page_views import Place


def add_time(study: Study) -> list[str]:
    """Give an enrollment a record of two days; returns the administrator's pages about it."""
    now = clock.now().replace(microsecond=0)
    enrollment = db.session.get_one(Enrollment, study.enrollment.id)
    enrollment.enrolled_at = now - timedelta(days=9)
    items = [item for item in study.outline.items() if item.unit_number == 1]
    for days, minutes, evidence, item in (
        (3, 31, "active", items[0]),
        (2, 24, "page", items[1]),
        (2, 9, "open-finish", items[0]),
    ):
        start = now - timedelta(days=days, minutes=10 * minutes)
        _add_interval(study, item.id, evidence, start, start + timedelta(minutes=minutes))
    waiting = _ask(study, now, None)
    decided = _ask(study, now - timedelta(days=1), "granted")
    for kind, seconds, correction_id in (("adjusted", 900, decided.id), ("declared", 600, None)):
        db.session.add(
            TimeAdjustment(
                enrollment_id=study.enrollment.id,
                evidence=kind,
                unit_number=1,
                item_id=items[0].id,
                began_at=now - timedelta(days=2),
                seconds=seconds,
                reason="You were on the page while the server was down.",
                by_id=study.enrollment.person_id,
                recorded_at=now,
                correction_id=correction_id,
            )
        )
    db.session.commit()
    return [
        "/admin/corrections",
        f"/admin/corrections/{waiting.id}",
        f"/admin/corrections/{decided.id}",
        f"/admin/enrollments/{study.enrollment.id}/time",
        "/admin/study-time",
        "/admin/study-time?first=soon",
    ]


def _add_interval(
    study: Study, item_id: int, evidence: str, start: datetime, end: datetime
) -> None:
    person_id, enrollment_id = study.enrollment.person_id, study.enrollment.id
    place = Place("item", 1, item_id)
    view = page_views.ensure_view(person_id, enrollment_id, place, token_hex(8), start)
    db.session.add(
        StudyInterval(
            person_id=person_id,
            enrollment_id=enrollment_id,
            page_view_id=view,
            evidence=evidence,
            started_at=start,
            ended_at=end,
            closed_at=end,
            left=False,
            last_seq=9,
            beats=9,
            policy=1,
        )
    )
    db.session.flush()


def _ask(study: Study, now: datetime, decision: str | None) -> TimeCorrection:
    asked = TimeCorrection(
        enrollment_id=study.enrollment.id,
        unit_number=1,
        item_id=next(iter(study.outline.items())).id,
        began_at=now - timedelta(days=2),
        seconds=1200,
        reason="My connection failed, and I went on reading.",
        requested_at=now,
        decision=decision,
        decision_reason="The server was down then." if decision else "",
        decided_at=now if decision else None,
    )
    db.session.add(asked)
    db.session.flush()
    return asked
