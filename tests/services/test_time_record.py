"""The time record in the database: what the rows say after signs, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import pytest
from flask import Flask
from sqlalchemy import select

from domain.refusals import Conflict, NotFound, TooMany
from domain.time_record import Evidence
from extensions import db
from models import StudyInterval
from services import open_finish, page_views, recorded_time, time_record
from services.growing import Sent
from services.page_views import Place
from tests.factories import make_enrollment, make_person

T0 = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


class Tab:
    """A page of the player that sends signs."""

    def __init__(self, study, opened_s: int = 0) -> None:  # type: ignore[no-untyped-def]
        self.study = study
        self.person_id = study.enrollment.person_id
        item = next(iter(study.outline.items()))
        self.item = item
        place = Place("item", 1, item.id)
        self.view = page_views.ensure_view(
            self.person_id, study.enrollment.id, place, token_hex(12), at(opened_s)
        )
        self.seq = 0

    def sign(self, second: float, seq: int | None = None, evidence=Evidence.ACTIVE, **last: bool):  # type: ignore[no-untyped-def]
        self.seq = seq if seq is not None else self.seq + 1
        sent = Sent(self.view, evidence, self.seq, **last)
        return time_record.record_sign(self.person_id, sent, lambda: at(second))


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


def test_a_window_that_is_silent_hands_over_to_the_other(study) -> None:  # type: ignore[no-untyped-def]
    one, two = Tab(study), Tab(study)
    one.sign(0)
    one.sign(15)
    two.sign(16)
    one.sign(30)
    one.sign(60)
    assert intervals(study) == [(0, 16, False), (16, 60, False), (60, 60, True)]


def test_evidence_of_another_kind_stands_in_an_interval_of_its_own(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(0)
    tab.sign(15)
    tab.sign(30, evidence=Evidence.PAGE)
    assert intervals(study) == [(0, 30, False), (30, 30, True)]


def test_a_number_credited_before_the_page_was_left_counts_for_nothing(study) -> None:  # type: ignore[no-untyped-def]
    one, two = Tab(study), Tab(study)
    for second in (0, 15, 30):
        one.sign(second)
    two.sign(40)
    one.sign(70, seq=3)
    assert intervals(study) == [(0, 40, False), (40, 40, True)]


def test_nothing_starts_before_what_has_ended(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(0)
    tab.sign(15)
    tab.sign(20, stops=True)
    tab.sign(10)
    assert intervals(study) == [(0, 20, False)], "the clock went back"


def test_after_access_has_ended_no_page_begins(study) -> None:  # type: ignore[no-untyped-def]
    study.enrollment.access_until = at(20)
    tab = Tab(study)
    tab.sign(19)
    with pytest.raises(Conflict):
        Tab(study).sign(20)
    assert intervals(study) == [(19, 19, True)]


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
    other = Tab(study)
    other.sign(15.6)
    with pytest.raises(TooMany):
        other.sign(15.8)
    assert intervals(study) == [(0, 15, False), (15, 15, True)], "a page's first sign is let in"


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
    open_finish.finish_view(tab.person_id, tab.view, allowed, at(300))
    open_finish.finish_view(tab.person_id, tab.view, allowed, at(400))
    assert intervals(study) == [(0, 300, False)]
    again = Tab(study, opened_s=1000)
    open_finish.finish_view(again.person_id, again.view, allowed, at(5000))
    assert intervals(study)[1] == (1000, 1900, False)


def test_pages_opened_together_are_not_credited_one_after_the_other(study) -> None:  # type: ignore[no-untyped-def]
    tabs = [Tab(study), Tab(study), Tab(study)]
    for tab in tabs:
        open_finish.finish_view(tab.person_id, tab.view, timedelta(minutes=5), at(3600))
    assert intervals(study) == [(0, 300, False)]


def test_a_page_that_sent_signs_never_falls_back_to_open_finish(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(5)
    open_finish.finish_view(tab.person_id, tab.view, timedelta(minutes=20), at(600))
    assert intervals(study) == [(5, 5, True)]


def test_totals_equal_the_sum_of_the_parts(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    for second in (0, 14, 29, 500, 515, 516.9):
        tab.sign(second)
    by_place = recorded_time.seconds_by_place(study.enrollment.id, with_declared=False)
    lines = recorded_time.list_lines(study.enrollment.id)
    assert sum(by_place.values()) == sum(line.seconds for line in lines) == 29 + 16


def test_pausing_ends_the_interval_so_that_the_pause_earns_nothing(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    for second in (0, 15):
        tab.sign(second)
    tab.sign(20, stops=True)
    tab.sign(40)
    tab.sign(55)
    assert intervals(study) == [(0, 20, False), (40, 55, True)]


def test_leaving_for_the_next_page_loses_nothing(study) -> None:  # type: ignore[no-untyped-def]
    tab, following = Tab(study), Tab(study)
    tab.sign(0)
    tab.sign(15)
    tab.sign(20, final=True)
    following.sign(22)
    following.sign(37)
    assert intervals(study) == [(0, 22, False), (22, 37, True)]


def test_a_button_is_the_last_sign_of_the_panel(study) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(study)
    tab.sign(0, evidence=Evidence.PAGE)
    tab.sign(60, evidence=Evidence.PAGE)
    open_finish.finish_view(tab.person_id, tab.view, timedelta(minutes=20), at(100))
    assert intervals(study) == [(0, 100, True)]


def test_a_sign_that_changed_nothing_is_heard_all_the_same(study) -> None:  # type: ignore[no-untyped-def]
    """A clock that went back; the number must not count when it is sent again."""
    tab = Tab(study)
    tab.sign(10)
    tab.sign(25)
    other = Tab(study)
    other.sign(20)
    assert intervals(study) == [(10, 25, True)]
    other.sign(40, seq=1)
    assert intervals(study) == [(10, 25, True)]
    open_finish.finish_view(other.person_id, other.view, timedelta(minutes=20), at(60))
    assert intervals(study) == [(10, 25, True)], "it sent a sign: no falling back"
