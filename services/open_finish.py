"""Open–finish time: what the POST of a page's own form credits where no sign was ever sent."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from domain.time_record import Evidence, open_finish_credit, whole_second
from extensions import db
from models import PageView, StudyInterval
from models.sql import seconds_between
from services import page_views, time_record


def finish_view(person_id: int, page_view_id: int, allowed: timedelta, now: datetime) -> None:
    """Credit open–finish time for a view that never sent a sign; once per view.

    `allowed` is the place's minutes times the learner's time factor: the most that this kind of
    evidence may credit for the place in the whole enrollment. Where the scripts-off panel was
    sending signs, the button is the last of them.
    """
    high_water = time_record.lock_timeline(person_id)
    instant = whole_second(now)
    view = page_views.spend_view(person_id, page_view_id, instant)
    if view is None:
        time_record.end_page_evidence(person_id, page_view_id, instant)
        return
    if not time_record.is_recorded(view.enrollment_id, now):
        return
    time_record.close_open_interval(person_id, instant)
    left = allowed - _used(view.enrollment_id, view.item_id)
    credit = open_finish_credit(view.opened_at, high_water, instant, left)
    if credit is None:
        return
    time_record.add_interval(view, Evidence.OPEN_FINISH, credit, seq=0, closed_at=instant)
    time_record.raise_high_water(person_id, instant)


def _used(enrollment_id: int, item_id: int | None) -> timedelta:
    seconds = db.session.scalar(
        select(
            func.coalesce(
                func.sum(seconds_between(StudyInterval.started_at, StudyInterval.ended_at)), 0
            )
        )
        .join(PageView, PageView.id == StudyInterval.page_view_id)
        .where(
            StudyInterval.enrollment_id == enrollment_id,
            StudyInterval.evidence == Evidence.OPEN_FINISH.value,
            PageView.item_id == item_id,
        )
    )
    return timedelta(seconds=int(seconds or 0))
