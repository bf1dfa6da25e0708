"""The pages of the time record: the learner's own, corrections, and the administrator's."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from extensions import db
from models import AuditEvent, Enrollment, StudyInterval, TimeAdjustment, TimeCorrection
from tests.factories import SLUG, make_administrator, make_enrollment, make_person
from tests.site import Site

START = datetime(2026, 11, 24, 15, tzinfo=UTC)
HOME = f"/learn/{SLUG}"
FIRST = f"{HOME}/units/1/the-first-reading"
TIME = f"{HOME}/time"
FORM = {
    "kind": "correction",
    "item": "the-first-reading",
    "day": "2026-11-24",
    "clock": "10:05",
    "minutes": "20",
    "reason": "My connection failed.",
    "intent": "one form",
}


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def set_clock(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + timedelta(seconds=seconds))

    set_clock(0)
    return set_clock


@pytest.fixture
def alice(app: Flask, site: Site, later) -> Site:  # type: ignore[no-untyped-def]
    with app.app_context():
        make_enrollment(make_person())
        make_administrator()
        db.session.commit()
    site.log_in("alice@example.org")
    return site


@pytest.fixture
def carol(app: Flask, alice: Site) -> Site:
    other = Site(app)
    other.log_in("carol@example.org")
    return other


def study(site: Site, later, seconds: list[int], path: str = FIRST) -> str:  # type: ignore[no-untyped-def]
    """Open a page and send signs at these seconds; the page's token."""
    later(seconds[0])
    page = site.get(path).get_data(as_text=True)
    token = page.split('name="token" value="')[1].split('"')[0]
    for seq, second in enumerate(seconds, start=1):
        later(second)
        assert site.post("/beats", {"token": token, "seq": str(seq)}, htmx=True).status_code == 200
    return token


def text_of(site: Site, path: str = TIME) -> str:
    response = site.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def seconds_in(cell: str) -> int:
    hours, minutes, seconds = (int(part) for part in cell.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def rows_of(page: str, table: str) -> list[list[str]]:
    body = page.split(f'<table class="table" id="{table}">')[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)[1:]
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_totals_equal_their_parts_to_the_second(alice: Site, later) -> None:  # type: ignore[no-untyped-def]
    study(alice, later, [0, 14, 29, 31])
    study(alice, later, [400, 414, 423], f"{HOME}/units/1/the-second-reading")
    page = text_of(alice)
    *units, foot = rows_of(page, "units")
    parts = [seconds_in(row[4]) for row in rows_of(page, "day-1")[:-1]]
    assert sum(parts) == 31 + 23
    assert seconds_in(foot[4]) == sum(seconds_in(row[4]) for row in units) == sum(parts)
    assert seconds_in(foot[1]) == sum(parts)
    assert "54 s recorded in all (0:00:54)" in page
    assert '<svg class="day-line"' in page and "54 s recorded between 10:00 AM and 10:07 AM" in page


def test_an_interval_over_midnight_stands_in_both_days(alice: Site, later) -> None:  # type: ignore[no-untyped-def]
    midnight = 14 * 3600
    study(alice, later, [midnight - 20, midnight - 6, midnight + 9])
    page = text_of(alice)
    assert [rows_of(page, f"day-{n}")[-1][4] for n in (1, 2)] == ["0:00:09", "0:00:20"]
    assert rows_of(page, "units")[-1][4] == "0:00:29"


def test_after_a_gap_the_next_page_says_so_and_leads_to_a_form_that_is_filled_in(
    alice: Site,
    later,  # type: ignore[no-untyped-def]
) -> None:
    study(alice, later, [0, 15, 30])
    later(3600)
    page = text_of(alice, FIRST)
    assert "Time was recorded until November 24, 2026, 10:00 AM EST" in page
    link = re.search(r'href="([^"]+\?since=\d+)#ask"', page)[1]  # type: ignore[index]
    asked = text_of(alice, link)
    assert 'value="2026-11-24"' in asked and 'value="10:00"' in asked
    study(alice, later, [3700, 3715])
    later(3730)
    again = text_of(alice, FIRST)
    assert "and again from 11:01 AM on" in again, "the page that woke up is followed by the word"


def test_after_leaving_a_page_nothing_is_said(alice: Site, later) -> None:  # type: ignore[no-untyped-def]
    later(0)
    page = text_of(alice, FIRST)
    token = page.split('name="token" value="')[1].split('"')[0]
    alice.post("/beats", {"token": token, "seq": "1"}, htmx=True)
    later(20)
    alice.post("/beats", {"token": token, "seq": "2", "final": "1"}, htmx=True)
    later(3600)
    assert "Time was recorded until" not in text_of(alice, FIRST)


def test_a_correction_is_asked_for_decided_and_shown(
    app: Flask, alice: Site, carol: Site, later
) -> None:  # type: ignore[no-untyped-def]
    later(9000)
    text_of(alice)
    for _ in range(2):
        sent = alice.post(f"{TIME}/corrections", FORM)
        assert sent.status_code == 303
    assert "Waiting for a decision" in text_of(alice)
    page = text_of(carol, "/admin/corrections")
    link = re.search(r'href="(/admin/corrections/\d+)"', page)[1]  # type: ignore[index]
    assert "My connection failed." in text_of(carol, link)
    assert carol.post(f"{link}/granted", {"minutes": "18", "reason": ""}).status_code == 422
    empty = carol.post(f"{link}/granted", {"minutes": "", "reason": "You were here."})
    assert empty.status_code == 422
    assert "Enter how many minutes" in empty.get_data(as_text=True)
    done = carol.post(f"{link}/granted", {"minutes": "18", "reason": "You were here."})
    assert done.status_code == 303
    assert carol.post(f"{link}/refused", {"reason": "No."}).status_code == 409
    page = text_of(alice)
    assert "You were here." in page and "Granted" in page
    assert rows_of(page, "units")[0][2] == "0:18:00"
    assert rows_of(page, "stated")[0][4] == "0:18:00"
    with app.app_context():
        assert db.session.scalar(select(func.count(TimeCorrection.id))) == 1
        kinds = set(db.session.scalars(select(AuditEvent.kind)))
    assert {"time.correction-requested", "time.correction-decided"} <= kinds


def test_what_is_not_granted_has_a_reason_and_changes_nothing(
    app: Flask, alice: Site, carol: Site, later
) -> None:  # type: ignore[no-untyped-def]
    later(9000)
    alice.post(f"{TIME}/corrections", FORM)
    link = re.search(r'"(/admin/corrections/\d+)"', text_of(carol, "/admin/corrections"))[1]  # type: ignore[index]
    refused = carol.post(f"{link}/refused", {"minutes": "", "reason": "It is all recorded."})
    assert refused.status_code == 303
    page = text_of(alice)
    assert "Not granted" in page and "It is all recorded." in page
    with app.app_context():
        assert db.session.scalar(select(func.count(TimeAdjustment.id))) == 0


def test_reading_away_from_the_screen_is_declared_and_shown_apart(
    alice: Site,
    later,  # type: ignore[no-untyped-def]
) -> None:
    later(9000)
    assert alice.post(f"{TIME}/corrections", {**FORM, "kind": "declared"}).status_code == 303
    page = text_of(alice)
    assert rows_of(page, "units")[0][1:5] == ["0:00:00", "0:00:00", "0:20:00", "0:00:00"]
    assert "declared time is shown apart and is not counted" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "Choose what happened."),
        ({"day": "tomorrow"}, "Enter the day as a date"),
        ({"clock": "noon"}, "Enter a time of day"),
        ({"minutes": "many"}, "Enter the minutes as a whole number"),
        ({"minutes": "0"}, "Enter from 1 to 720 minutes."),
        ({"reason": "  "}, "Write what happened"),
        ({"day": "2026-11-23"}, "This is before you enrolled"),
        ({"item": "elsewhere"}, "Not a valid choice"),
        ({"kind": "declared", "item": ""}, "Choose what you read"),
        ({"kind": "declared", "minutes": "21"}, "Of this item, 20 more minutes"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    alice: Site,
    later,  # type: ignore[no-untyped-def]
    changed: dict[str, str],
    words: str,
) -> None:
    later(9000)
    response = alice.post(f"{TIME}/corrections", {**FORM, **changed})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert words in page and "There is a problem" in page
    if "reason" not in changed:
        assert "My connection failed.</textarea>" in page


def test_who_may_come_where(app: Flask, alice: Site, carol: Site) -> None:
    with app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        enrollment_id = db.session.scalars(select(Enrollment.id)).one()
        db.session.commit()
    dave = Site(app)
    dave.log_in("dave@example.org")
    assert dave.get(TIME).status_code == 404
    assert dave.post(f"{TIME}/corrections", FORM).status_code == 404
    for path in ("/admin/corrections", f"/admin/enrollments/{enrollment_id}/time"):
        assert alice.get(path, may_write=True).status_code == 403
        assert carol.get(path).status_code == 200
        assert Site(app).get(path).status_code == 303
    assert carol.get("/admin/enrollments/999999/time").status_code == 404
    assert carol.get("/admin/corrections/999999").status_code == 404


def test_the_administrator_sees_the_same_record(
    app: Flask, alice: Site, carol: Site, later
) -> None:  # type: ignore[no-untyped-def]
    study(alice, later, [0, 14, 29, 31])
    with app.app_context():
        enrollment_id = db.session.scalars(select(Enrollment.id)).one()
    theirs = text_of(carol, f"/admin/enrollments/{enrollment_id}/time")
    own = text_of(alice)
    for table in ("units", "day-1"):
        assert rows_of(theirs, table) == rows_of(own, table)


def test_signs_that_are_no_signs_change_nothing(app: Flask, alice: Site, later) -> None:  # type: ignore[no-untyped-def]
    study(alice, later, [0, 15])
    page = text_of(alice, FIRST)
    token = page.split('name="token" value="')[1].split('"')[0]
    for data in ({"token": "x", "seq": "9"}, {"token": token, "seq": "-1"}, {"seq": "1"}):
        assert alice.post("/beats", data, htmx=True).status_code in (404, 422)
    later(20)
    alice.post("/beats", {"token": token, "seq": "1"}, htmx=True)
    for seq in range(2, 12):
        answer = alice.post("/beats", {"token": token, "seq": str(seq)}, htmx=True)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "1"
    with app.app_context():
        total = sum(
            (row.ended_at - row.started_at).total_seconds()
            for row in db.session.scalars(select(StudyInterval))
        )
    assert total == 20


@pytest.mark.parametrize("field", ["completed_at", "ended_at"])
def test_after_the_enrollment_a_sign_is_refused(
    app: Flask,
    alice: Site,
    later,  # type: ignore[no-untyped-def]
    field: str,
) -> None:
    later(0)
    token = text_of(alice, FIRST).split('name="token" value="')[1].split('"')[0]
    with app.app_context():
        setattr(db.session.scalars(select(Enrollment)).one(), field, START)
        db.session.commit()
    assert alice.post("/beats", {"token": token, "seq": "1"}, htmx=True).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count(StudyInterval.id))) == 0


def test_a_page_left_open_stops_recording_when_access_ends(
    app: Flask,
    alice: Site,
    later,  # type: ignore[no-untyped-def]
) -> None:
    with app.app_context():
        enrollment = db.session.scalars(select(Enrollment)).one()
        enrollment.access_until = START + timedelta(seconds=20)
        db.session.commit()
    token = study(alice, later, [0, 15])
    later(30)
    refused = alice.post("/beats", {"token": token, "seq": "9"}, htmx=True)
    assert refused.status_code == 409
    with app.app_context():
        row = db.session.scalars(select(StudyInterval)).one()
        assert row.ended_at == START + timedelta(seconds=15)
