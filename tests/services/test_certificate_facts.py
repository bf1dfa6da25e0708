"""What a certificate says: gathered once from data, with the date of the provider's day."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from extensions import db
from models import Approval, Person, Provider
from services import certification, completion, provider
from services.enrollments import Study, get_study_for
from tests.completed import complete_all, evaluate, issue, pass_tests
from tests.factories import complete_items, make_enrollment, make_license, make_person

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.fixture
def study(context: Flask) -> Study:
    """Alice, enrolled, with one license."""
    alice = make_person()
    make_license(alice)
    return make_enrollment(alice)


def read_again(study: Study) -> Study:
    db.session.expire_all()
    return get_study_for(study.enrollment.person_id, study.outline.slug)


def test_completion_is_fixed_at_the_last_requirement_and_attesting_later_does_not_move_it(
    study: Study,
) -> None:
    complete_items(study, at=NOON)
    pass_tests(study, NOON + timedelta(hours=1))
    evaluate(study, NOON + timedelta(hours=2))
    certificate = issue(study, at=NOON + timedelta(days=3))
    assert certificate.completed_at == NOON + timedelta(hours=2)
    assert certificate.facts["completed_on"] == "November 24, 2026"
    assert certificate.facts["issued_on"] == "November 27, 2026"
    completion.complete_if_ready(study, NOON + timedelta(days=9))
    assert read_again(study).enrollment.completed_at == NOON + timedelta(hours=2)


@pytest.mark.parametrize(
    ("instant", "printed", "why"),
    [
        (datetime(2026, 11, 25, 4, 59, tzinfo=UTC), "November 24, 2026", "23:59 at the provider"),
        (datetime(2026, 11, 25, 5, 1, tzinfo=UTC), "November 25, 2026", "00:01 at the provider"),
        (datetime(2026, 7, 2, 3, 59, tzinfo=UTC), "July 1, 2026", "23:59 in summer time"),
        (datetime(2026, 7, 2, 4, 1, tzinfo=UTC), "July 2, 2026", "00:01 in summer time"),
    ],
)
def test_the_printed_date_is_the_providers_whatever_the_learners_zone(
    study: Study, instant: datetime, printed: str, why: str
) -> None:
    db.session.get_one(Person, study.enrollment.person_id).time_zone = "Asia/Tokyo"
    certificate = issue(complete_all(study, instant), at=instant + timedelta(days=1))
    assert certificate.facts["completed_on"] == printed, why


def test_the_facts_are_whole(study: Study) -> None:
    facts = issue(complete_all(study)).facts
    assert facts["name"] == "Alice Learner"
    assert facts["licenses"] == [
        {"profession": "Social worker", "jurisdiction": "Pennsylvania", "number": "SW-1001"}
    ]
    assert facts["course"]["title"] == "A Small Course"
    assert (facts["course"]["code"], facts["course"]["edition"]) == ("SML-101", 1)
    assert facts["course"]["content_hash"] == study.outline.content_hash
    assert facts["course"]["format"] == (
        "Self-paced, asynchronous, non-interactive: selected readings, with post-tests"
    )
    assert facts["instructors"][0]["printed"] == "Bob Instructor, PhD"
    assert facts["provider"]["legal_name"] == "Test Training Center, Inc."
    assert facts["provider"]["address"] == ["1 Test Street", "Philadelphia, PA 19000"]
    assert facts["signatory"] == {"name": "Carol Director", "title": "CE Director"}
    assert facts["demonstration"] is True


def test_each_body_counts_its_own_hour_and_says_it_in_its_own_statement(study: Study) -> None:
    granted = issue(complete_all(study)).facts["credits"]
    assert [(c["hours"], c["unit_word"]) for c in granted] == [
        ("1.0", "CE credits"),
        ("1.0", "contact hours"),
    ]
    assert granted[0]["statement"] == (
        "Test Training Center, Inc. is approved by Test Board of Psychology (TEST-PSY-1) for 1.0 "
        "CE credits. Approved from January 1, 2020 to December 31, 2099."
    )


def test_an_approval_must_be_valid_on_the_day_of_completion(study: Study) -> None:
    approval = db.session.get_one(Approval, "test-psych")
    approval.valid_until = NOON.date() - timedelta(days=1)
    granted = issue(complete_all(study, NOON)).facts["credits"]
    assert [c["number"] for c in granted] == ["TEST-SW-1"]


def test_an_approval_that_grants_nothing_is_not_printed(study: Study) -> None:
    db.session.get_one(Approval, "test-sw").minimum = 2
    granted = issue(complete_all(study)).facts["credits"]
    assert [c["number"] for c in granted] == ["TEST-PSY-1"]


def test_a_learner_without_a_license_may_complete(context: Flask) -> None:
    bare = complete_all(make_enrollment(make_person()))
    assert issue(bare).facts["licenses"] == []


def test_nothing_is_read_live_after_issue(study: Study) -> None:
    certificate = issue(complete_all(study))
    before = dict(certificate.facts)
    person = db.session.get_one(Person, study.enrollment.person_id)
    person.name_on_license = "Alice Renamed"
    person.licenses.clear()
    db.session.get_one(Provider, 1).legal_name = "Another Center"
    approval = db.session.get_one(Approval, "test-psych")
    approval.statement, approval.number = "Changed {hours}", "OTHER"
    db.session.flush()
    provider.forget()
    db.session.expire_all()
    again = certification.get_certificate_for(person.id, certificate.number)
    assert again.facts == before
