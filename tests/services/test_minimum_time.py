"""A required minimum time keeps a post-test closed, for the learner it is asked of."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex

import pytest
from flask import Flask

import clock
from domain.refusals import Conflict
from extensions import db
from models import Accommodation, TimeAdjustment
from services import attempts, open_finish, page_views
from services.enrollments import Study
from services.minimum_time import get_progress_for
from services.my_courses import list_my_courses
from services.page_views import Place
from tests.factories import complete_items, make_enrollment, make_person

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def study(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Alice has read unit 1 (30 minutes) of a course that requires half of its minutes."""
    monkeypatch.setattr(clock, "now", lambda: START)
    found = make_enrollment(make_person())
    monkeypatch.setitem(found.outline.facts["completion"], "minimum_percent", 50)
    complete_items(found, unit=1)
    return found


def record(study: Study, minutes: float, *, unit: int = 1) -> None:
    item = study.outline.units[unit - 1].items[0]
    person_id, end = study.enrollment.person_id, START + timedelta(minutes=minutes)
    view = page_views.ensure_view(
        person_id, study.enrollment.id, Place("item", unit, item.id), token_hex(8), START
    )
    open_finish.finish_view(person_id, view, timedelta(hours=9), end)


def test_the_test_opens_when_enough_is_recorded_in_its_own_unit(study: Study) -> None:
    record(study, 14)
    with pytest.raises(Conflict, match="14 min recorded of 15 min required"):
        attempts.open_attempt(study, 1, START)
    record(study, 15.5)
    assert attempts.open_attempt(study, 1, START).number == 1


def test_a_time_factor_shortens_what_is_required(study: Study) -> None:
    record(study, 8)
    with pytest.raises(Conflict):
        attempts.open_attempt(study, 1, START)
    db.session.add(
        Accommodation(person_id=study.enrollment.person_id, time_percent=200, granted_at=START)
    )
    db.session.flush()
    assert attempts.open_attempt(study, 1, START).number == 1


@pytest.mark.parametrize(("counts", "opens"), [(False, False), (True, True)])
def test_declared_time_counts_where_the_course_says_so(
    study: Study, monkeypatch: pytest.MonkeyPatch, counts: bool, opens: bool
) -> None:
    monkeypatch.setitem(study.outline.facts["completion"], "counts_declared", counts)
    db.session.add(
        TimeAdjustment(
            enrollment_id=study.enrollment.id,
            evidence="declared",
            unit_number=1,
            began_at=START,
            seconds=900,
            reason="I read the printed text.",
            by_id=study.enrollment.person_id,
            recorded_at=START,
        )
    )
    db.session.flush()
    progress = get_progress_for(study, START)
    assert (not progress.time.missing(1)) is opens


def test_the_list_of_courses_gives_the_same_next_step(study: Study) -> None:
    [line] = list_my_courses(study.enrollment.person_id, START)
    assert line.step is not None
    assert line.step.label == "Study unit 1 for another 15 min, then take its post-test"
