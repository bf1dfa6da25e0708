"""The course page: credit for one's own license, the order, what is known; the free preview."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

import clock
from extensions import db
from models import AcceptanceRule, Approval, Enrollment, PageView, StudyInterval
from tests.factories import SLUG, make_enrollment, make_license, make_person
from tests.ordering import give_price, place
from tests.site import Site

COURSE = f"/courses/{SLUG}"
PREVIEW = f"{COURSE}/preview"


@pytest.fixture
def alice(site: Site) -> Site:
    """Alice's browser; she is a social worker in Pennsylvania."""
    with site.app.app_context():
        make_license(make_person())
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def test_a_visitor_chooses_profession_and_state(site: Site) -> None:
    page = site.get(COURSE).text
    assert "Choose your profession and the state" in page
    _know(site)
    asked = site.get(f"{COURSE}?profession=Social+worker&state=Pennsylvania").text
    assert "Accepted" in asked
    assert "under the approval of Test Board of Social Work" in asked
    assert "Source: board.example. Last checked on November 1, 2026." in asked
    assert '<option value="Pennsylvania" selected>' in asked


def test_what_is_not_known_is_said(site: Site) -> None:
    asked = site.get(f"{COURSE}?profession=Social+worker&state=Ohio").text
    assert "Ask your board" in asked
    assert "We do not know whether your board accepts it." in asked
    other = site.get(f"{COURSE}?profession=Physician&state=Ohio").text
    assert "is meant for your profession" in other


@pytest.mark.parametrize("query", ["profession=Wizard&state=Ohio", "state=Ohio", "profession=%00"])
def test_odd_choices_answer_nothing(site: Site, query: str) -> None:
    answer = site.client.get(f"{COURSE}?{query}")
    assert answer.status_code in (200, 400)
    assert "Ask your board" not in answer.text


def test_a_rule_that_is_old_is_told_and_not_relied_upon(site: Site) -> None:
    _know(site, checked_on=date(2020, 1, 1))
    asked = site.get(f"{COURSE}?profession=Social+worker&state=Pennsylvania").text
    assert "Ask your board" in asked
    assert "your board accepted it, but that is more than a year ago" in asked
    assert "January 1, 2020" in asked


def test_a_learners_own_licenses_are_answered(alice: Site) -> None:
    page = alice.get(COURSE).text
    assert "Social worker, Pennsylvania" in page
    assert "Ask your board" in page
    _know(alice, accepts=False)
    assert "Your board does not count credit" in alice.get(COURSE).text
    other = alice.get(f"{COURSE}?profession=Psychologist&state=Ohio").text
    assert "Psychologist, Ohio" in other


def test_a_learner_without_a_license_is_told_where_to_add_one(site: Site) -> None:
    with site.app.app_context():
        make_person()
        db.session.commit()
    site.log_in("alice@example.org")
    assert 'href="/account/licenses">add your license' in site.get(COURSE).text


def test_each_way_of_counting_has_its_sum(site: Site) -> None:
    page = site.get(COURSE).text
    assert page.count("How the hours are counted") == 2
    assert "at 50 minutes an hour" in page
    with site.app.app_context():
        for approval in db.session.scalars(select(Approval)):
            approval.hour_minutes, approval.increment = 60, Decimal("0.25")
            approval.minimum = Decimal("1.0")
        db.session.commit()
    assert site.get(COURSE).text.count("How the hours are counted") == 1


def test_who_has_completed_the_course_is_warned(alice: Site) -> None:
    with alice.app.app_context():
        person = db.session.scalars(select(Enrollment.person_id)).first()
        assert person is None
        from models import Person

        make_enrollment(db.session.scalars(select(Person)).one(), completed_at=clock.now())
        db.session.commit()
    assert "You have completed this course before" in alice.get(COURSE).text


def test_who_has_ordered_sees_how_to_pay(alice: Site) -> None:
    with alice.app.app_context():
        from models import Person

        give_price()
        place(db.session.scalars(select(Person)).one())
        db.session.commit()
    page = alice.get(COURSE).text
    assert "You have ordered this course" in page
    assert 'href="/orders/1"' in page
    assert "by invoice" in page


def test_the_first_item_is_free_to_read_and_records_nothing(site: Site) -> None:
    assert f'href="{PREVIEW}"' in site.get(COURSE).text
    page = site.get(PREVIEW)
    assert page.status_code == 200
    assert "Free preview" in page.text
    assert "Read this <em>carefully</em>" in page.text
    with site.app.app_context():
        for model in (PageView, StudyInterval, Enrollment):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_the_preview_opens_no_other_file(site: Site) -> None:
    for name in ("recording.mp4", "captions.vtt", "poster", "other.pdf"):
        assert site.get(f"{PREVIEW}/files/{name}").status_code == 404
    assert site.get("/courses/none-such/preview").status_code == 404


def _know(site: Site, **fields: object) -> None:
    given = {
        "profession": "Social worker",
        "jurisdiction": "Pennsylvania",
        "line": "test-sw",
        "accepts": True,
        "note": "",
        "source": "board.example",
        "checked_on": date(2026, 11, 1),
        **fields,
    }
    with site.app.app_context():
        db.session.add(AcceptanceRule(**given))
        db.session.commit()
