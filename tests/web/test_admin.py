"""The management panel: today, enrollments with progress, enrollment keys."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

import clock
from domain.wording import day
from extensions import db
from models import (
    AccommodationRequest,
    Approval,
    AuditEvent,
    EnrollmentKey,
    Job,
    LearnerQuestion,
    TimeCorrection,
)
from services import provider_days
from tests.factories import (
    SLUG,
    make_enrollment,
    make_instructor,
    make_key,
    make_person,
)
from tests.site import Site

ENROLLMENTS = f"/admin/enrollments?course={SLUG}"
PAGES = (
    "/admin",
    "/admin/enrollments",
    "/admin/people",
    "/admin/keys",
    "/admin/courses",
    "/admin/jobs",
)
TYPED = {"course": SLUG, "seats": "12", "last_day": "", "note": "Harbor Agency", "intent": "one"}


def test_today_is_calm_and_courses_have_a_page(carol: Site) -> None:
    with carol.app.app_context():
        make_enrollment(make_person())
        db.session.commit()
    page = carol.get("/admin").text
    assert "Nothing waits for you" in page
    assert re.search(r"Enrollments</dt><dd>1<", page)
    assert (
        f'href="/admin/courses/{SLUG}/versions">A Small Course</a>'
        in carol.get("/admin/courses").text
    )


def test_today_counts_what_waits_with_links(carol: Site) -> None:
    with carol.app.app_context():
        person = make_person()
        study = make_enrollment(person)
        now = clock.now()
        db.session.add(
            AccommodationRequest(person_id=person.id, wish="More time", asked_at=now, intent="i")
        )
        db.session.add(
            TimeCorrection(
                enrollment_id=study.enrollment.id,
                began_at=now,
                seconds=60,
                reason="Read on paper",
                requested_at=now,
            )
        )
        db.session.add(
            LearnerQuestion(
                enrollment_id=study.enrollment.id,
                course_id=study.outline.course_id,
                asked_at=now - timedelta(hours=49),
                due_at=now - timedelta(hours=1),
            )
        )
        ends = provider_days.today_is(now) + timedelta(days=20)
        db.session.get_one(Approval, "test-sw").valid_until = ends
        db.session.commit()
    page = carol.get("/admin").text
    for words, href in (
        ("question waits for an answer", "/instructor"),
        ("correction of time asked", "/admin/corrections"),
        ("accommodation asked", "/admin/accommodations"),
    ):
        assert re.search(
            rf'>1</span>\s*<span class="waiting-words"><a href="{href}[^"]*">{words}', page
        )
    assert "1 overdue" in page
    assert "in 20 days (within 30)" in page
    assert "refund" not in page, "what does not wait is not named"


def test_today_tells_when_the_worker_stands_still(carol: Site) -> None:
    with carol.app.app_context():
        due = clock.now() - timedelta(minutes=11)
        db.session.add(Job(kind="mail", subject_id=1, state="queued", run_at=due))
        db.session.add(Job(kind="mail", subject_id=2, state="failed", run_at=due, error="refused"))
        db.session.commit()
        failed = db.session.scalars(select(Job.id).where(Job.state == "failed")).one()
    page = carol.get("/admin").text
    assert "the worker may not be running" in page
    assert "job was given up" in page
    assert "1 of them mail" in page
    assert "refused" in carol.get("/admin/jobs").text
    for _ in range(2):
        assert carol.post(f"/admin/jobs/{failed}/again").status_code == 303
    assert "job was given up" not in carol.get("/admin").text
    assert _events(carol, "job.tried-again") == 1
    assert carol.post("/admin/jobs/999999/again").status_code == 404


def test_the_panel_shows_where_one_is(carol: Site) -> None:
    page = carol.get("/admin/coupons").text
    assert '<a href="/admin/orders" aria-current="true">Money</a>' in page
    assert '<a href="/admin/coupons" aria-current="page">Coupons</a>' in page
    assert ">Rosters</a>" not in page, "only the sections of the group are listed"


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_come_in(site: Site, path: str) -> None:
    with site.app.app_context():
        make_person()
        make_instructor()
        db.session.commit()
    assert site.get(path).headers["Location"] == f"/login?next={path}"
    for email in ("alice@example.org", "bob@example.org"):
        browser = Site(site.app)
        browser.log_in(email)
        assert browser.get(path, may_write=True).status_code == 403, "and it is logged"
    assert browser.post("/admin/keys", TYPED).status_code == 403
    assert browser.post("/admin/keys/1/revoked").status_code == 403
    assert _count(site, EnrollmentKey) == 0


def test_a_key_is_made_and_shown_in_fours(carol: Site) -> None:
    assert "No key yet" in carol.get("/admin/keys").text
    assert carol.post("/admin/keys", TYPED).status_code == 303
    page = carol.get("/admin/keys").text
    shown = re.findall(r"<code[^>]*>([2-9A-HJ-NP-Y]{4}(?:-[2-9A-HJ-NP-Y]{4}){2})</code>", page)
    assert len(shown) == 1
    assert f"The key {shown[0]} is made." in page
    for words in ("0 of 12", "No end", "Harbor Agency", "Open"):
        assert words in page
    assert _events(carol, "key.created") == 1


def test_a_second_click_makes_one_key(carol: Site) -> None:
    for _ in range(2):
        assert carol.post("/admin/keys", TYPED).status_code == 303
    assert _count(carol, EnrollmentKey) == 1
    assert _events(carol, "key.created") == 1


def test_the_last_day_is_a_day_of_the_provider(carol: Site) -> None:
    last_day = (clock.now() + timedelta(days=30)).date()
    for typed in (f"{last_day:%Y-%m-%d}", f"{last_day:%m/%d/%Y}"):
        carol.post("/admin/keys", {**TYPED, "last_day": typed, "intent": typed})
    assert carol.get("/admin/keys").text.count(f"<dd>{day(last_day)}</dd>") == 2
    with carol.app.app_context():
        ends = set(db.session.scalars(select(EnrollmentKey.valid_until)))
    midnight = datetime.combine(
        last_day + timedelta(days=1), time.min, ZoneInfo("America/New_York")
    )
    assert ends == {midnight}


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"course": ""}, "course", "Choose the course"),
        ({"course": "none-such"}, "course", "Not a valid choice"),
        ({"seats": ""}, "seats", "Enter how many learners"),
        ({"seats": "many"}, "seats", "as a whole number"),
        ({"seats": "0"}, "seats", "from 1 to 10,000"),
        ({"seats": "10001"}, "seats", "from 1 to 10,000"),
        ({"seats": "9" * 30}, "seats", "from 1 to 10,000"),
        ({"last_day": "soon"}, "last_day", "as a date"),
        ({"last_day": "2020-01-01"}, "last_day", "This day has passed."),
        ({"last_day": "2199-12-31"}, "last_day", "within the next ten years"),
        ({"last_day": "9999-12-31"}, "last_day", "Enter a day of the years 1900 to 2199."),
        ({"note": "x" * 201}, "note", "at most 200 characters"),
    ],
)
def test_bad_keys_are_told_at_the_field(
    carol: Site, typed: dict[str, object], field: str, words: str
) -> None:
    refused = carol.post("/admin/keys", {**TYPED, **typed})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert f'<a href="#{field}">' in refused.text
    told = refused.text.split(f'id="{field}-error"')[1].split("</div>")[0]
    assert words in told
    assert told.count("<p>") == 1, "one problem is told once"
    assert "note" in typed or 'value="Harbor Agency"' in refused.text
    assert _count(carol, EnrollmentKey) == 0


def test_a_key_is_withdrawn_once(carol: Site) -> None:
    with carol.app.app_context():
        key_id = make_key("ABCDEFGHJKLM").id
        db.session.commit()
    for _ in range(2):
        assert carol.post(f"/admin/keys/{key_id}/revoked").status_code == 303
    page = carol.get("/admin/keys").text
    assert "Withdrawn" in page
    assert f"/admin/keys/{key_id}/revoked" not in page
    assert _events(carol, "key.revoked") == 1
    assert carol.post("/admin/keys/999999/revoked").status_code == 404


def test_keys_go_on_on_further_pages(carol: Site) -> None:
    with carol.app.app_context():
        for number in range(51):
            make_key(f"KEY{number:09d}")
        db.session.commit()
    first = carol.get("/admin/keys").text
    further = first.split('href="/admin/keys?before=')[1].split('"')[0]
    second = carol.get(f"/admin/keys?before={further}").text
    assert "KEY0-0000-0000" in second
    assert "KEY0-0000-0000" not in first


def _events(site: Site, kind: str) -> int:
    with site.app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind)).all()
        assert all(event.actor_id and event.request_id for event in found)
        return len(found)


def _count(site: Site, model: type) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
