"""A sample certificate, to see the provider's look before anybody gets one."""

from datetime import date
from typing import Any

from domain.verification_code import shown_code
from domain.wording import day
from services import provider_look
from services.certificate_variants import paper_of
from services.provider import get_provider

CODE = "2" * 21
DAY = date(2026, 1, 31)


def sample_facts(base_url: str, document: str = "standard") -> dict[str, Any]:
    """What the sample prints: the provider's own facts, an invented learner and course."""
    provider = get_provider()
    look = provider_look.look_of(provider.facts)
    return {
        "name": "Sample Learner",
        "pdf_name": "",
        "licenses": [{"profession": "Psychologist", "jurisdiction": "Ohio", "number": "SAMPLE-1"}],
        "course": {
            "title": "Sample, not a certificate",
            "code": "SAMPLE",
            "edition": 1,
            "categories": [],
            "format": "Self-paced, asynchronous, non-interactive: recorded webinars and readings",
        },
        "completed_on": day(DAY),
        "issued_on": day(DAY),
        "replaces": "",
        "statement": "completed in full, all post-tests passed",
        "credits": [
            {
                "body": "Board of Samples",
                "hours": "4.0",
                "unit_word": "CE credits",
                "course_number": "",
                "statement": f"{provider.legal_name} shows here how a statement will look.",
            }
        ],
        "instructors": [{"printed": "Sample Instructor, PhD"}],
        "provider": {
            "name": provider.name,
            "legal_name": provider.legal_name,
            "address": list(provider.facts.get("address", [])),
            "email": provider.email,
            "phone": provider.phone,
            "website": provider.facts.get("website", ""),
        },
        "signatory": provider.facts.get("signatory") or {"name": "", "title": ""},
        "demonstration": True,
        "look": look,
        "images": provider_look.list_data_urls(look),
        "paper": look["paper"] if document == "standard" else paper_of(document),
        "number": "SAMPLE",
        "shown_code": shown_code(CODE),
        "verify_url": f"{base_url}/verify",
        "verify_page": "SAMPLE",
        "issued_at": f"{DAY.isoformat()}T12:00:00+00:00",
    }
