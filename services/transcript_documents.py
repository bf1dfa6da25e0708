"""The transcript as files: rows for CSV, and a PDF drawn apart like every document."""

from typing import Any

from domain.refusals import Conflict
from domain.verification_code import shown_code
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from services.provider import get_provider
from services.transcripts import Transcript

NOT_NOW = (
    "The PDF of the transcript could not be made just now. Please try again, or print the page."
)
LONGEST_DRAWING_S = 15.0
_process = DrawingProcess(LONGEST_DRAWING_S)


def csv_rows(transcript: Transcript, body: str = "") -> list[list[object]]:
    """One row for each credit of each certificate; one without credit has a row too."""
    rows: list[list[object]] = []
    for certificate, state in transcript.lines:
        facts = certificate.facts
        course = facts["course"]
        head = [certificate.number, state.kind, facts["name"], course["title"], course["code"]]
        head += [course["edition"], certificate.completed_on.isoformat()]
        code = shown_code(certificate.verification_code)
        credits = [one for one in facts["credits"] if not body or one["body"] == body]
        for one in credits:
            credit = [one["body"], one["number"], one["hours"], one["unit_word"]]
            rows.append([*head, *credit, code])
        if not credits:
            rows.append([*head, "", "", "0", "", code])
    return rows


def draw_pdf(
    transcript: Transcript, *, name: str, period: str, license: str, body: str, on: str
) -> bytes:
    """The transcript as PDF. Raises Conflict if it cannot be drawn now."""
    provider = get_provider()
    facts: dict[str, Any] = {
        "name": name,
        "period": period,
        "license": license,
        "body": body,
        "on": on,
        "provider": provider.legal_name,
        "contact": [*provider.facts.get("address", []), provider.email],
        "demonstration": provider.demonstration,
        "lines": [_line(certificate, state.kind, body) for certificate, state in transcript.lines],
        "totals": [
            {
                "body": total.body,
                "hours": f"{total.hours} {total.unit_word}",
                "certificates": total.certificates,
            }
            for total in transcript.totals
        ],
    }
    try:
        return _process.draw("transcript", facts)
    except DrawingFailed as failure:
        raise Conflict(NOT_NOW) from failure


def _line(certificate: Any, state: str, body: str) -> dict[str, Any]:
    facts = certificate.facts
    return {
        "title": facts["course"]["title"],
        "code": facts["course"]["code"],
        "completed_on": facts["completed_on"],
        "number": certificate.number,
        "state": state,
        "credits": [
            f"{one['hours']} {one['unit_word']}, {one['body']}"
            for one in facts["credits"]
            if not body or one["body"] == body
        ],
    }
