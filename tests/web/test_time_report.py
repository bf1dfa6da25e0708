"""The administrator's report of study time, and the median for the credit worksheet."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex

import pytest
from flask import Flask

import clock
from extensions import db
from models import TimeAdjustment
from services import open_finish, page_views
from services.enrollments import Study
from services.page_views import Place
from services.time_reports import measured_minutes
from tests.factories import SLUG, make_administrator, make_enrollment, make_person
from tests.site import Site
from tests.web.test_time_record import rows_of, text_of

START = datetime(2026, 11, 2, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPORT = f"/admin/study-time?course={SLUG}&first=2026-11-01&last=2026-11-23"


def study_for(study: Study, unit: int, minutes: float, at: datetime = START) -> None:
    item = study.outline.units[unit - 1].items[0]
    person_id = study.enrollment.person_id
    view = page_views.ensure_view(
        person_id, study.enrollment.id, Place("item", unit, item.id), token_hex(8), at
    )
    end = at + timedelta(minutes=minutes)
    open_finish.finish_view(person_id, view, timedelta(hours=99), end)


def learner(name: str, first: float, second: float, day: int = 20) -> Study:
    """Somebody who studied so many minutes of the two units and completed the course on a day."""
    study = make_enrollment(make_person(f"{name}@example.org", name), enrolled_at=START)
    study_for(study, 1, first)
    study_for(study, 2, second, START + timedelta(days=1))
    study.enrollment.completed_at = datetime(2026, 11, day, 12, tzinfo=UTC)
    db.session.flush()
    return study


@pytest.fixture
def carol(app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with app.app_context():
        make_administrator()
        learner("Ann", 20, 10)
        learner("Ben", 30, 20)
        late = learner("Cem", 46, 30)
        learner("Too late", 500, 500, day=24)
        make_enrollment(make_person("open@example.org", "Still studying"))
        db.session.add(
            TimeAdjustment(
                enrollment_id=late.enrollment.id,
                evidence="adjusted",
                unit_number=1,
                began_at=START,
                seconds=-360,
                reason="Away.",
                by_id=late.enrollment.person_id,
                recorded_at=NOW,
            )
        )
        db.session.commit()
    site.log_in("carol@example.org")
    return site


def test_the_report_has_median_and_spread_against_the_declared_minutes(carol: Site) -> None:
    page = text_of(carol, REPORT)
    assert "<strong>3 learners</strong> completed it" in page
    one, two, other, whole = rows_of(page, "spread")
    assert one == ["Unit 1: First Things", "30 min", "0:20:00", "0:25:00", "0:30:00", "0:35:00", "0:40:00"]  # fmt: skip  # noqa: E501
    assert two[4] == "0:20:00"
    assert other[2:] == ["0:00:00"] * 5
    assert whole[1:5] == ["60 min", "0:30:00", "0:40:00", "0:50:00"]
    assert "Median 30 min of 30 min declared; the middle half took 25 min to 35 min" in page
    assert page.count('<svg class="spread-line"') == 3


def test_kinds_of_evidence_stand_apart(carol: Site) -> None:
    page = text_of(carol, REPORT)
    one = rows_of(page, "evidence")[0]
    assert one == ["Unit 1: First Things", "0:00:00", "0:00:00", "1:36:00", "0:00:00", "−0:06:00"]


def test_the_csv_says_the_same(carol: Site) -> None:
    address = REPORT.replace("study-time", "study-time.csv")
    response = carol.get(address)
    lines = response.get_data(as_text=True).splitlines()
    assert response.mimetype == "text/csv"
    assert (
        "study-time-small-course-2026-11-01-2026-11-23.csv"
        in response.headers["Content-Disposition"]
    )
    assert lines[1].startswith("Unit 1: First Things,30,3,20.0,25.0,30.0,35.0,40.0")


def test_long_days_are_flagged_with_a_link_and_nothing_is_cut(app: Flask, carol: Site) -> None:
    page = text_of(carol, REPORT)
    assert "Too late</a>: November 2, 2026: 8 h 20 min without a break" in page
    assert "Ann</a>" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("first=soon", "Enter the day as a date"),
        ("first=2026-11-20&last=2026-11-01", "The last day comes before the first."),
        ("last=9999-01-01", "Enter a day of this century."),
        ("course=nothing", "completed it from"),
        ("first=2020-01-01&last=2020-02-01", "Nobody completed it in this period"),
    ],
)
def test_odd_questions_are_answered_in_words(carol: Site, query: str, words: str) -> None:
    assert words in text_of(carol, f"/admin/study-time?{query}")


def test_the_median_feeds_the_credit_worksheet(app: Flask, carol: Site) -> None:
    with app.app_context():
        study = make_enrollment(make_person("another@example.org", "Another"))
        edition = study.outline.edition_id
        assert measured_minutes(edition) == (60, 4), "30, 50, 70 and 1,000 minutes"
        assert measured_minutes(edition + 1000) == (None, 0)


def test_the_report_is_for_administrators(app: Flask, carol: Site) -> None:
    alice = Site(app)
    with app.app_context():
        make_person()
        db.session.commit()
    alice.log_in("alice@example.org")
    for path in ("/admin/study-time", "/admin/study-time.csv"):
        assert alice.get(path, may_write=True).status_code == 403
        assert Site(app).get(path).status_code == 303
