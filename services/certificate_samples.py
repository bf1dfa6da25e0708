"""A sample certificate, to see the provider's look before anybody gets one. Writes nothing."""

import logging
from datetime import date
from typing import Any

from domain.refusals import Conflict
from domain.verification_code import shown_code
from domain.wording import day
from services import provider_look
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from services.provider import get_provider

LOG = logging.getLogger("contact_hour.certificates")
NOT_DRAWN = "A certificate with this look could not be drawn. Nothing was changed."
CODE = "2" * 21
DAY = date(2026, 1, 31)
LONGEST_DRAWING_S = 15.0
_process = DrawingProcess(LONGEST_DRAWING_S)


def draw_sample(facts: dict[str, Any]) -> bytes:
    """The sample as PDF, drawn in a process apart. Raises Conflict if it cannot be drawn."""
    try:
        return _process.draw("certificate", facts)
    except DrawingFailed as failure:
        LOG.warning("the sample certificate could not be drawn: %s", failure)
        raise Conflict(NOT_DRAWN) from failure


def sample_facts(
    base_url: str,
    paper: str = "",
    look: dict[str, str] | None = None,
    images: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What the sample prints: the provider's own facts, an invented learner and course.

    `look` and the addresses of its `images` are the provider's, or others to be tried; `paper` is
    the look's, or another.
    """
    provider = get_provider()
    look = look or provider_look.look_of(provider.facts)
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
        "images": provider_look.list_data_urls(look) if images is None else images,
        "paper": paper or look["paper"],
        "number": "SAMPLE",
        "shown_code": shown_code(CODE),
        "verify_url": f"{base_url}/verify",
        "verify_page": "SAMPLE",
        "issued_at": f"{DAY.isoformat()}T12:00:00+00:00",
    }
