"""What is printed on a certificate, as `certificate_documents.printed_facts` gives it."""

from typing import Any

BASE_URL = "https://learn.example.org"
LONG_NAME = "María-Fernanda Constantinopoulos-Featherstonehaugh de la Vega y Montenegro, PsyD, LMFT"
LICENSES = (
    ("Social worker", "Pennsylvania", "CW-014522"),
    ("Marriage and family therapist", "New Jersey", "37FI00184200"),
    ("Professional counselor", "District of Columbia", "PRC200001234"),
    ("Other behavioral health professional", "Outside the United States", "ICADC-99-104422"),
)
STATEMENT = (
    "The Test Training Center, Inc. is approved by the Board of {} to offer continuing education "
    "(provider number B-{}, valid from January 1, 2026 to December 31, 2029). It remains "
    "responsible for this course and its content. This course grants 4.75 contact hours."
)


def facts(name: str = "Alice Learner", licenses: int = 1, bodies: int = 2, **changes: Any) -> Any:
    """What is printed, as `printed_facts` gives it."""
    return {
        "name": name,
        "licenses": [
            {"profession": p, "jurisdiction": j, "number": n} for p, j, n in LICENSES[:licenses]
        ],
        "course": {
            "title": "Cultivating a Therapeutic Alliance",
            "code": "CTA-101",
            "edition": 1,
            "categories": [],
            "format": "Self-paced, asynchronous, non-interactive: recorded webinars and readings",
        },
        "completed_on": "November 24, 2026",
        "issued_on": "November 24, 2026",
        "statement": "completed in full, all post-tests passed",
        "credits": [
            {
                "body": f"Board of Discipline {number}",
                "hours": "4.75",
                "unit_word": "contact hours",
                "course_number": "",
                "statement": STATEMENT.format(f"Discipline {number}", number),
            }
            for number in range(1, bodies + 1)
        ],
        "instructors": [{"printed": "Bob Instructor, PhD"}],
        "provider": {
            "name": "Test Training Center",
            "legal_name": "Test Training Center, Inc.",
            "address": ["1 Test Street", "Philadelphia, PA 19000"],
            "email": "help@example.org",
            "phone": "555-0100",
            "website": "https://example.org",
        },
        "signatory": {"name": "Carol Director", "title": "CE Director"},
        "demonstration": True,
        "pdf_name": "",
        "replaces": "",
        "look": {"accent": "#0b4f3b", "tint": "#6f9a88"},
        "images": {"logo": "", "seal": "", "signature": ""},
        "paper": "letter",
        "number": "2026-K7WPM3XQ",
        "shown_code": "ABCDEFG-HJKLMNP-QRSTUVW",
        "verify_url": f"{BASE_URL}/v/ABCDEFGHJKLMNPQRSTUVW",
        "verify_page": "learn.example.org/verify",
        "issued_at": "2026-11-24T17:05:00+00:00",
        **changes,
    }
