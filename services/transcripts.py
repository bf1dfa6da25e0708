"""A learner's transcript: certificates by period and license with totals, and license periods."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.transcript import EVER, Period, Total, cycle, is_printed_on, list_years, totals
from models import Certificate, License
from services import certificate_credit, certification
from services.certificate_facts import license_facts
from services.certification import State
from services.licenses import list_licenses


@dataclass(frozen=True)
class Asked:
    """What part of the transcript is asked for; without a license, of all of them."""

    period: Period = EVER
    license: License | None = None
    body: str = ""


@dataclass(frozen=True)
class Transcript:
    """The part asked for, and what there is to choose from. Totals are of valid ones only."""

    lines: list[tuple[Certificate, State]]
    totals: list[Total]
    years: list[int]
    bodies: list[str]
    licenses: list[License]
    has_any: bool


@dataclass(frozen=True)
class Cycle:
    """A license with its present period, and what counts in it so far."""

    license: License
    period: Period
    totals: list[Total]
    courses: list[str]


def get_transcript(person_id: int, asked: Asked) -> Transcript:
    """The person's transcript. Superseded and revoked certificates are listed, never counted."""
    everything = certification.list_certificates_for(person_id)
    lines = [(c, state) for c, state in everything if _is_asked_for(c, asked)]
    counted = [_credits(c, asked.body) for c, state in lines if state.kind == "valid"]
    return Transcript(
        lines=lines,
        totals=totals(counted),
        years=list_years(c.completed_on for c, _ in everything),
        bodies=sorted({one["body"] for c, _ in everything for one in c.facts["credits"]}),
        licenses=list_licenses(person_id),
        has_any=bool(everything),
    )


def list_cycles(person_id: int, today: date) -> list[Cycle]:
    """The present period of every license whose renewal is recorded, with its totals."""
    valid = certificate_credit.list_valid(person_id)
    found = []
    for row in list_licenses(person_id):
        if row.renews_on is None or row.cycle_years is None:
            continue
        period = cycle(row.renews_on, row.cycle_years, today)
        counted = [c for c in valid if period.holds(c.completed_on) and _is_for(c, row)]
        found.append(
            Cycle(
                license=row,
                period=period,
                totals=totals(c.facts["credits"] for c in counted),
                courses=[c.facts["course"]["title"] for c in counted],
            )
        )
    return found


@dataclass(frozen=True)
class Repeat:
    """A course credited before; `license` and `period` where it is in a license's period."""

    completed_on: date
    license: License | None
    period: Period | None


def find_repeat(person_id: int, course_id: int, today: date) -> Repeat | None:
    """The latest credit of the same course, which boards may refuse to count again.

    The present period of a license, where one is recorded and holds it, is named.
    """
    earlier = certificate_credit.list_valid_of_course(person_id, course_id)
    if not earlier:
        return None
    latest = earlier[-1]
    for row in list_licenses(person_id):
        if row.renews_on is not None and row.cycle_years is not None:
            period = cycle(row.renews_on, row.cycle_years, today)
            if period.holds(latest.completed_on):
                return Repeat(latest.completed_on, row, period)
    return Repeat(latest.completed_on, None, None)


def _is_asked_for(certificate: Certificate, asked: Asked) -> bool:
    return (
        asked.period.holds(certificate.completed_on)
        and (asked.license is None or _is_for(certificate, asked.license))
        and (not asked.body or bool(_credits(certificate, asked.body)))
    )


def _is_for(certificate: Certificate, row: License) -> bool:
    (one,) = license_facts([row])
    return is_printed_on(one, certificate.facts)


def _credits(certificate: Certificate, body: str) -> list[dict[str, Any]]:
    granted: list[dict[str, Any]] = certificate.facts["credits"]
    return [one for one in granted if not body or one["body"] == body]
