"""The transcript: filtered, with totals and license periods, as a page, CSV and PDF."""

from datetime import date
from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.certificates.views import bp
from blueprints.csv_file import csv_file
from blueprints.http import identity
from domain.licenses import in_words
from domain.numerals import read_whole_number
from domain.plain_days import read_day
from domain.transcript import Period
from domain.wording import day
from models import License
from services import catalogue, transcript_documents, transcripts
from services.licenses import list_licenses
from services.transcripts import Asked

HEADS = (
    "Certificate", "State", "Name", "Course", "Course code", "Edition", "Completed", "Body",
    "Approval number", "Credit", "Unit", "Verification code",
)  # fmt: skip


@bp.get("/certificates")
def list_certificates() -> ResponseReturnValue:
    who = identity().person_id
    asked = _asked(who)
    found = transcripts.get_transcript(who, asked)
    today = catalogue.provider_day(clock.now())
    return render_template(
        "certificates/transcript.html",
        transcript=found,
        asked=asked,
        chosen=_chosen(),
        license_choices=[(str(row.id), _license(row)) for row in found.licenses],
        license_words=_license(asked.license) if asked.license else "",
        period_words=_period(asked.period),
        cycles=[
            (_license(one.license), _period(one.period), one)
            for one in transcripts.list_cycles(who, today)
        ],
        csv_href=url_for("certificates.download_transcript", kind="csv", **_given()),
        pdf_href=url_for("certificates.download_transcript", kind="pdf", **_given()),
    )


@bp.get("/certificates/transcript.<any(csv, pdf):kind>")
def download_transcript(kind: str) -> ResponseReturnValue:
    """The same part of the transcript as a file."""
    who = identity()
    asked = _asked(who.person_id)
    found = transcripts.get_transcript(who.person_id, asked)
    if kind == "csv":
        return csv_file("transcript", HEADS, transcript_documents.csv_rows(found, asked.body))
    content = transcript_documents.draw_pdf(
        found,
        name=who.name,
        period=_period(asked.period),
        license=_license(asked.license) if asked.license else "",
        body=asked.body,
        on=day(catalogue.provider_day(clock.now())),
    )
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="transcript.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(person_id: int) -> Asked:
    """What the address asks for; what it does not understand is as if it were not there."""
    year = read_whole_number(request.args.get("year", ""))
    first, last = _day("from"), _day("to")
    if year is not None and date.min.year <= year <= date.max.year:
        first = max(first or date.min, date(year, 1, 1))
        last = min(last or date.max, date(year, 12, 31))
    wanted = read_whole_number(request.args.get("license", ""))
    license = next((row for row in list_licenses(person_id) if row.id == wanted), None)
    return Asked(Period(first, last), license, request.args.get("body", "")[:200])


def _chosen() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("year", "from", "to", "license", "body")}


def _given() -> dict[str, Any]:
    return {name: value for name, value in _chosen().items() if value}


def _day(name: str) -> date | None:
    return read_day(request.args.get(name, ""))


def _license(row: License) -> str:
    return in_words(row.profession, row.jurisdiction, row.number)


def _period(period: Period) -> str:
    """'from January 1, 2026 to December 31, 2026', or '' for all time."""
    words = []
    if period.first:
        words.append(f"from {day(period.first)}")
    if period.last:
        words.append(f"to {day(period.last)}")
    return " ".join(words)
