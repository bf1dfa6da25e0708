"""Wording that differs by license is another document of the same certificate."""

import pytest
from flask import Flask

from extensions import db
from models import Approval, Certificate
from services.certificate_documents import list_stored, printed_facts, render_certificate
from services.certificate_variants import list_documents
from tests.completed import BASE_URL, complete_all, issue
from tests.factories import make_enrollment, make_license, make_person

WORDING = {"profession": "Social worker", "statement": "{provider} grants {hours} for social work."}


@pytest.fixture
def certificate(context: Flask) -> Certificate:
    """Of a psychologist who is a social worker in two states; one board words it its own way."""
    approval = db.session.get_one(Approval, "test-sw")
    approval.wordings = [
        {**WORDING, "jurisdiction": "New Jersey", "statement": "In New Jersey: {hours} hours."},
        {**WORDING, "jurisdiction": ""},
    ]
    alice = make_person()
    make_license(alice, profession="Psychologist", jurisdiction="Ohio", number="P-1")
    make_license(alice, jurisdiction="New Jersey", number="SW-2")
    make_license(alice)
    return issue(complete_all(make_enrollment(alice)))


def statements(facts) -> list[str]:  # type: ignore[no-untyped-def]
    return [credit["statement"] for credit in facts["credits"]]


def test_each_license_with_its_own_wording_has_documents(certificate: Certificate) -> None:
    assert list_documents(certificate.facts) == [
        "standard", "standard-a4", "license-2", "license-2-a4", "license-3", "license-3-a4",
    ]  # fmt: skip


def test_a_variant_names_its_license_alone_and_its_wording(certificate: Certificate) -> None:
    standard = printed_facts(certificate, BASE_URL)
    jersey = printed_facts(certificate, BASE_URL, "license-2-a4")
    pennsylvania = printed_facts(certificate, BASE_URL, "license-3")
    assert [one["number"] for one in jersey["licenses"]] == ["SW-2"]
    assert statements(jersey)[1].startswith("In New Jersey: 1.0 hours.")
    assert "grants 1.0 for social work." in statements(pennsylvania)[1]
    assert statements(jersey)[0] == statements(standard)[0], "other bodies say the same"
    assert (jersey["number"], jersey["paper"]) == (standard["number"], "a4")


def test_all_documents_are_drawn_and_kept(certificate: Certificate) -> None:
    certificate_id, expected = certificate.id, set(list_documents(certificate.facts))
    db.session.commit()
    render_certificate(certificate_id, BASE_URL, lambda facts: facts["paper"].encode())
    assert list_stored(certificate_id) == expected
