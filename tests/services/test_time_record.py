"""The time record in the database: what the rows say after signs, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain.refusals import Conflict, NotFound, TooMany
from domain.time_record import Evidence
from extensions import db
from models import StudyInterval
from services import recorded_time, time_record
from services.time_record import Place
from tests.factories import make_enrollment, make_person

T0 = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


class Tab:
    """A page of the player that sends signs."""

    def __init__(self, study, opened_s: int = 0) -> None:  # type: ignore[no-untyped-def]
        self.study = study
        self.person_id = study.enrollment.person_id
        item = next(iter(study.outline.items()))
        self.item = item
        self.view = time_record.open_view(
            self.person_id, study.enrollment.id, Place("item", 1, item.id), at(opened_s)
        )
        self.seq = 0

    def sign(self, second: float, seq: int | None = None, final: bool = False):  # type: ignore[no-untyped-def]
        self.seq = seq if seq is not None else self.seq + 1
        return time_record.record_sign(
            self.person_id,
            self.view,
            Evidence.ACTIVE,
            self.seq,
            final=final,
            read_clock=lambda: at(second),
        )


def at(second: float) -> datetime:
    return T0 + timedelta(seconds=second)


def intervals(study) -> list[tuple[int, int, bool]]:  # type: ignore[no-untyped-def]
    rows = db.session.scalars(
        select(StudyInterval)
        .where(StudyInterval.enrollment_id == study.enrollment.id)
        .order_by(StudyInterval.started_at, StudyInterval.id)
        .execution_options(populate_existing=True)
    )
    return [
        (
            int((row.started_at - T0).total_seconds()),
            int((row.ended_at - T0).total_seconds()),
            row.closed_at is None,
        )
        for row in rows
    ]


@pytest.fixture
def study(context: Flask):  # type: ignore[no-untyped-def]
    return make_enrollment(make_person())


def test_signs_in_time_grow_one_interval(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    for second in (2, 17, 32, 47):
        tab.sign(second)
    assert intervals(study) == [(2, 47, True)]


def test_the_hot_path_is_one_statement(study, count_statements: Callable) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(2)
    db.session.flush()
    with count_statements() as statements:
        recorded = tab.sign(17)
    assert recorded.growing.seconds == 15
    assert len(statements) == 1, statements


def test_sleep_earns_nothing(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    for second in (0, 15, 8000, 8015):
        tab.sign(second)
    assert intervals(study) == [(0, 15, False), (8000, 8015, True)]


def test_two_windows_count_once(study) -> None:  # type: ignore[no-untyped-def]
    one, two = Tab(study), Tab(study)
    for second in range(0, 121, 15):
        one.sign(second)
        two.sign(second + 3)
    assert sum(end - start for start, end, _ in intervals(study)) <= 123
    assert len(intervals(study)) <= 3


def test_a_replay_changes_nothing(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    for second in (0, 15, 30):
        tab.sign(second)
    before = intervals(study)
    for seq in (1, 2, 3):
        tab.sign(40, seq=seq)
    assert intervals(study) == before


def test_more_than_one_sign_a_second_is_refused(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(0)
    tab.sign(15)
    with pytest.raises(TooMany):
        tab.sign(15.4)


def test_a_stranger_cannot_record_on_my_page(study) -> None:  # type: ignore[no-untyped-def]
    dave = make_person("dave@example.org", "Dave Stranger")
    tab = Tab(study)
    tab.person_id = dave.id
    with pytest.raises(NotFound):
        tab.sign(1)
    assert intervals(study) == []


def test_after_the_end_nothing_is_recorded(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(0)
    tab.sign(15)
    study.enrollment.completed_at = at(16)
    time_record.stop_recording(tab.person_id, study.enrollment.id, at(16))
    with pytest.raises(Conflict):
        tab.sign(30)
    assert intervals(study) == [(0, 15, False)]


def test_open_finish_credits_once_up_to_the_minutes_of_the_item(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    allowed = timedelta(minutes=20)
    time_record.finish_view(tab.person_id, tab.view, allowed, at(300))
    time_record.finish_view(tab.person_id, tab.view, allowed, at(400))
    assert intervals(study) == [(0, 300, False)]
    again = Tab(study, opened_s=1000)
    time_record.finish_view(again.person_id, again.view, allowed, at(5000))
    assert intervals(study)[1] == (1000, 1900, False)


def test_pages_opened_together_are_not_credited_one_after_the_other(study) -> None:  # type: ignore[no-untyped-def]
    tabs = [Tab(study), Tab(study), Tab(study)]
    for tab in tabs:
        time_record.finish_view(tab.person_id, tab.view, timedelta(minutes=5), at(3600))
    assert intervals(study) == [(0, 300, False)]


def test_a_page_that_sent_signs_never_falls_back_to_open_finish(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(5)
    time_record.finish_view(tab.person_id, tab.view, timedelta(minutes=20), at(600))
    assert intervals(study) == [(5, 5, True)]


def test_totals_equal_the_sum_of_the_parts(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    for second in (0, 14, 29, 500, 515, 516.9):
        tab.sign(second)
    by_place = recorded_time.seconds_by_place(study.enrollment.id)
    lines = recorded_time.list_intervals(study.enrollment.id)
    assert sum(by_place.values()) == sum(line.seconds for line in lines) == 29 + 16
