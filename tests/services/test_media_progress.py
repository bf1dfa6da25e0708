"""What has been played of a recording: kept as a union, refused when it grows too fast."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain.outline import ItemOutline
from domain.refusals import Invalid
from extensions import db
from models import ItemCompletion
from services import study as studying
from services.enrollments import Study
from tests.factories import make_enrollment, make_person

OPENED = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def study(context: Flask) -> Study:
    return make_enrollment(make_person())


@pytest.fixture
def film(study: Study) -> ItemOutline:
    """The first item as if it were a film of an hour."""
    item = study.outline.units[0].items[0]
    return replace(item, kind="video", details={"media": {"duration": 3600}})


def report(study: Study, film: ItemOutline, at: float, ranges: str, opened: float = 0) -> list:  # type: ignore[type-arg]
    studying.save_media_progress(
        study,
        film,
        "30",
        ranges,
        OPENED + timedelta(seconds=opened),
        OPENED + timedelta(seconds=at),
    )
    kept = studying.find_media_progress(study.enrollment.id, film.id)
    assert kept is not None
    return kept.played


def test_honest_playing_at_twice_the_speed_is_never_refused(
    study: Study, film: ItemOutline
) -> None:
    """Reports come every ten seconds or so, a little late now and then, for half an hour."""
    for number in range(1, 180):
        played = 20 * number - 1.3
        report(study, film, 10 * number + 0.37 * (number % 3), f"0-{played}")
    assert report(study, film, 1801, "0-3598") == [[0, 3598]]


def test_what_was_dragged_over_is_refused_and_earns_nothing(
    study: Study, film: ItemOutline
) -> None:
    report(study, film, 10, "0-10")
    for ranges in ("0-3600", "0-10,60-120", "10-100"):
        with pytest.raises(Invalid), db.session.begin_nested():
            report(study, film, 12, ranges)


def test_two_devices_join_what_they_played(study: Study, film: ItemOutline) -> None:
    report(study, film, 20, "0-20")
    report(study, film, 4000, "300-310", opened=3990)
    assert report(study, film, 4010, "15-20,20-40", opened=3990) == [[0, 40], [300, 310]]


def test_a_day_away_is_no_allowance_for_a_page_just_opened(study: Study, film: ItemOutline) -> None:
    report(study, film, 20, "0-20")
    with pytest.raises(Invalid):
        report(study, film, 90_010, "0-3600", opened=90_000)


@pytest.mark.parametrize(
    ("ranges", "route"), [("", "stated"), ("0-3300", "played"), ("0-1000", "stated")]
)
def test_playing_and_the_transcript_are_equal_ways(
    study: Study, film: ItemOutline, ranges: str, route: str
) -> None:
    """The route is noted as evidence; both complete the item."""
    if ranges:
        report(study, film, 3000, ranges)
    studying.complete_item(study, film, OPENED + timedelta(hours=1))
    row = db.session.scalars(select(ItemCompletion)).one()
    assert (row.item_id, row.route) == (film.id, route)
