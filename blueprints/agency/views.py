"""My agency: the progress of its own people, as a page and as a file. Read-only."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.csv_file import csv_file
from blueprints.http import identity, see_other
from domain.agency import NOT_SEEN_BY_AGENCY, SEEN_BY_AGENCY, last_day_of
from domain.numerals import read_whole_number
from domain.wording import day, local_date
from models import Agency
from services import agency_contracts, agency_progress
from services.agency_progress import PersonLine, Waiting
from services.agency_seats import term_of
from services.provider import get_provider

bp = Blueprint("agency", __name__)
HEADS = (
    "Name",
    "Course",
    "Enrolled",
    "Items complete",
    "Items",
    "Post-tests passed",
    "Post-tests",
    "Completed",
    "CE hours",
    "Certificate",
)
STATES = {
    "open": "In force",
    "used up": "In force, all seats held",
    "not begun": "Not begun",
    "over": "Out of date",
    "ended": "Ended",
}


@bp.get("/agency")
def list_agencies() -> ResponseReturnValue:
    """The agencies one manages; who manages one is led to it."""
    found = agency_progress.list_agencies_for(identity().person_id)
    if len(found) == 1:
        return see_other(url_for("agency.show_progress", agency_id=found[0].id))
    return render_template("agency/agencies.html", agencies=found)


@bp.get("/agency/<int:agency_id>")
def show_progress(agency_id: int) -> ResponseReturnValue:
    agency = _own(agency_id)
    words = _words()
    before = read_whole_number(request.args.get("before", ""))
    people = agency_progress.list_people(agency.id, words, before)
    zone = identity().time_zone
    return render_template(
        "agency/progress.html",
        agency=agency,
        words=words,
        people=people,
        rows=[_row(line, zone) for line in people.lines],
        waiting=_waiting_rows(agency_progress.list_waiting(agency.id, clock.now())),
        contracts=_contract_rows(agency.id),
        sees=SEEN_BY_AGENCY,
        sees_not=NOT_SEEN_BY_AGENCY,
    )


@bp.get("/agency/<int:agency_id>/progress.csv")
def download_progress(agency_id: int) -> ResponseReturnValue:
    agency = _own(agency_id)
    lines = agency_progress.every_person(agency.id, _words())
    zone = identity().time_zone
    return csv_file("agency-progress", HEADS, [_cells(line, zone) for line in lines])


def _own(agency_id: int) -> Agency:
    return agency_progress.get_agency_for(identity().person_id, agency_id)


def _words() -> str:
    return " ".join(request.args.get("q", "").split())[:100]


def _row(line: PersonLine, zone: str) -> list[str]:
    return [
        line.name,
        line.course,
        local_date(line.enrolled_at, zone),
        f"{line.items_done} of {line.items_total}",
        f"{line.tests_passed} of {line.tests_total}",
        local_date(line.completed_at, zone) if line.completed_at else "Not yet",
        line.hours or "None yet",
        line.certificate or "Not yet",
    ]


def _cells(line: PersonLine, zone: str) -> list[object]:
    return [
        line.name,
        line.course,
        local_date(line.enrolled_at, zone),
        line.items_done,
        line.items_total,
        line.tests_passed,
        line.tests_total,
        local_date(line.completed_at, zone) if line.completed_at else "",
        line.hours,
        line.certificate,
    ]


def _waiting_rows(waiting: list[Waiting]) -> list[list[str]]:
    zone = get_provider().time_zone
    return [
        [w.name, w.course, day(last_day_of(w.valid_until, zone)) if w.valid_until else "No end"]
        for w in waiting
    ]


def _contract_rows(agency_id: int) -> list[list[str]]:
    zone, now = get_provider().time_zone, clock.now()
    return [
        [
            contract.name,
            STATES[term_of(contract).state(now)],
            f"{contract.used} of {contract.seats}",
            day(last_day_of(contract.valid_until, zone)),
        ]
        for contract in agency_contracts.list_contracts(agency_id)
    ]
