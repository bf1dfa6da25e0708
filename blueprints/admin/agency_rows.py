"""The rows of the panel's tables about agencies."""

from datetime import datetime

from flask import url_for
from markupsafe import Markup

from domain.agency import last_day_of
from domain.enrollment_key import shown_code
from domain.wording import day, local, local_date
from models import AgencyContract
from services.agencies import AgencyLine
from services.agency_keys import KeyOfContract
from services.agency_moves import SeatEventLine, SeatLine
from services.agency_seats import term_of
from services.provider import get_provider

CONTRACT_STATES = {
    "open": "In force",
    "used up": "In force, all seats held",
    "not begun": "Not begun",
    "over": "Out of date",
    "ended": "Ended",
}
INVITATION_STATES = {
    "open": "Open",
    "withdrawn": "Withdrawn",
    "out of date": "Out of date",
    "used up": "Accepted",
}
EVENTS = {"taken": "Taken by", "freed": "Freed of"}


def agency_rows(lines: list[AgencyLine]) -> list[list[str]]:
    """Agencies with their seats; the name leads to the agency."""
    return [
        [
            _link(
                url_for("admin.show_agency", agency_id=line.agency.id),
                line.agency.name,
            ),
            str(line.contracts),
            f"{line.used} of {line.seats}",
            line.agency.note or "None",
        ]
        for line in lines
    ]


def contract_rows(contracts: list[AgencyContract], now: datetime) -> list[list[str]]:
    """Contracts with their state; the name leads to the contract."""
    zone = get_provider().time_zone
    return [
        [
            _link(contract_url(contract), contract.name),
            contract_state(contract, now),
            f"{contract.used} of {contract.seats}",
            local_date(contract.valid_from, zone),
            day(last_day_of(contract.valid_until, zone)),
        ]
        for contract in contracts
    ]


def contract_state(contract: AgencyContract, now: datetime) -> str:
    return CONTRACT_STATES[term_of(contract).state(now)]


def contract_url(contract: AgencyContract, endpoint: str = "show_contract", **given: int) -> str:
    """The address of a contract, or of something below it."""
    return url_for(
        f"admin.{endpoint}", agency_id=contract.agency_id, contract_id=contract.id, **given
    )


def seat_rows(contract: AgencyContract, lines: list[SeatLine]) -> list[list[str]]:
    """Who holds which seat; a seat that can move leads to where it is moved."""
    zone = get_provider().time_zone
    return [
        [
            str(line.seat.number),
            line.person.name_on_license,
            line.person.email,
            line.outline.title,
            local_date(line.enrollment.enrolled_at, zone),
            _standing(line, zone),
            _move(contract, line),
        ]
        for line in lines
    ]


def event_rows(lines: list[SeatEventLine]) -> list[list[str]]:
    """The history of seats."""
    zone = get_provider().time_zone
    return [
        [
            local(line.event.happened_at, zone),
            str(line.number),
            f"{EVENTS[line.event.kind]} {line.person.name_on_license}",
            line.outline.title,
        ]
        for line in lines
    ]


def invitation_rows(lines: list[KeyOfContract], now: datetime) -> list[tuple[KeyOfContract, str]]:
    """Invitations with their state in words."""
    return [(line, INVITATION_STATES[line.state(now)]) for line in lines]


def key_last_day(line: KeyOfContract) -> str:
    """The last day of a key, in the provider's time zone."""
    until = line.key.valid_until
    return day(last_day_of(until, get_provider().time_zone)) if until else "No end"


def slip(line: KeyOfContract, base_url: str) -> dict[str, str]:
    """What the supervisor hands to one person."""
    code = shown_code(line.key.code)
    return {
        "name": line.own.invited_name,
        "course": line.outline.title,
        "code": code,
        "address": f"{base_url}/keys/{code}",
        "last_day": key_last_day(line),
    }


def _standing(line: SeatLine, zone: str) -> str:
    if line.enrollment.completed_at is not None:
        return f"Complete since {local_date(line.enrollment.completed_at, zone)}"
    return "Withdrawn" if line.enrollment.ended_at is not None else "Studying"


def _move(contract: AgencyContract, line: SeatLine) -> str:
    if not line.can_move:
        return "Spent"
    href = contract_url(contract, "show_seat", enrollment_id=line.enrollment.id)
    return Markup('<a href="{}">Move<span class="visually-hidden"> seat {}</span></a>').format(
        href, line.seat.number
    )


def _link(href: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text)
