"""Contracts of agencies in the panel: making, changing, ending, and one with all it holds."""

from datetime import datetime
from uuid import uuid4

from flask import flash, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.agency_forms import ContractForm
from blueprints.admin.agency_rows import (
    contract_state,
    contract_url,
    event_rows,
    invitation_rows,
    key_last_day,
    seat_rows,
)
from blueprints.admin.list_start import start_of
from blueprints.admin.rows import STATES
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other
from domain.agency import last_day_of
from domain.completion import printed_date
from domain.enrollment_key import shown_code
from domain.refusals import Invalid
from domain.wording import day, local_date
from models import Agency
from services import agencies, agency_contracts, agency_keys, agency_moves
from services.agency_contracts import Contract, ContractTerms
from services.provider import get_provider


@bp.get("/admin/agencies/<int:agency_id>/contracts/new")
def show_new_contract(agency_id: int) -> ResponseReturnValue:
    agency = agencies.get_agency(agency_id)
    form = ContractForm(formdata=None, scope="all", intent=uuid4().hex)
    form.first_day.data = printed_date(clock.now(), get_provider().time_zone)
    return _form_page(agency, form, None)


@bp.post("/admin/agencies/<int:agency_id>/contracts")
@commits
def create_contract(agency_id: int) -> ResponseReturnValue:
    agency = agencies.get_agency(agency_id)
    form = _with_courses(ContractForm())
    if not form.validate_on_submit():
        return _form_page(agency, form, None, 422)
    try:
        contract = agency_contracts.make_contract(
            agency_id, _terms(form), form.intent.data or "", actor(), clock.now()
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _form_page(agency, form, None, 422)
    flash(f"The contract {contract.name} is saved. Now invite people, or make a key.", "success")
    return see_other(contract_url(contract))


@bp.get("/admin/agencies/<int:agency_id>/contracts/<int:contract_id>")
def show_contract(agency_id: int, contract_id: int) -> ResponseReturnValue:
    now = clock.now()
    contract = agency_contracts.get_contract(agency_id, contract_id, now)
    seats, more_seats = agency_moves.list_seats(contract_id, start_of("seats_after") or 0)
    invitations, older_invitations = agency_keys.list_keys(
        contract_id, invitations=True, before=start_of("invitations_before")
    )
    keys, older_keys = agency_keys.list_keys(
        contract_id, invitations=False, before=start_of("keys_before")
    )
    events, older_events = agency_moves.list_events(contract_id, start_of("events_before"))
    return page(
        "admin/contract.html",
        contract=contract,
        facts=_facts(contract, now),
        gives_seats=contract.gives_seats(now),
        seats=seat_rows(contract.row, seats),
        more_seats=more_seats,
        invitations=invitation_rows(invitations, now),
        older_invitations=older_invitations,
        keys=[
            (line, shown_code(line.key.code), STATES[line.state(now)], key_last_day(line))
            for line in keys
        ],
        older_keys=older_keys,
        events=event_rows(events),
        older_events=older_events,
        key_last_day=key_last_day,
    )


@bp.get("/admin/agencies/<int:agency_id>/contracts/<int:contract_id>/terms")
def show_contract_terms(agency_id: int, contract_id: int) -> ResponseReturnValue:
    contract = agency_contracts.get_contract(agency_id, contract_id, clock.now())
    row, zone = contract.row, get_provider().time_zone
    form = ContractForm(
        formdata=None,
        name=row.name,
        seats=row.seats,
        first_day=printed_date(row.valid_from, zone),
        last_day=last_day_of(row.valid_until, zone),
        scope="all" if row.all_courses else "some",
        courses=[] if row.all_courses else [o.slug for o in contract.courses],
    )
    return _form_page(contract.agency, form, contract)


@bp.post("/admin/agencies/<int:agency_id>/contracts/<int:contract_id>/terms")
@commits
def save_contract_terms(agency_id: int, contract_id: int) -> ResponseReturnValue:
    now = clock.now()
    contract = agency_contracts.get_contract(agency_id, contract_id, now)
    form = _with_courses(ContractForm())
    if not form.validate_on_submit():
        return _form_page(contract.agency, form, contract, 422)
    try:
        agency_contracts.change_terms(agency_id, contract_id, _terms(form), actor(), now)
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _form_page(contract.agency, form, contract, 422)
    flash("The contract is changed.", "success")
    return see_other(contract_url(contract.row))


@bp.post("/admin/agencies/<int:agency_id>/contracts/<int:contract_id>/ended")
@commits
def end_contract(agency_id: int, contract_id: int) -> ResponseReturnValue:
    contract = agency_contracts.end_contract(agency_id, contract_id, actor(), clock.now())
    flash(f"The contract {contract.name} has ended. Who has enrolled stays enrolled.")
    return see_other(contract_url(contract))


def _terms(form: ContractForm) -> ContractTerms:
    return ContractTerms(
        name=form.name.data,
        seats=form.seats.data,
        first_day=form.first_day.data,
        last_day=form.last_day.data,
        courses=form.slugs,
    )


def _with_courses(form: ContractForm) -> ContractForm:
    form.courses.flags.required = True
    form.courses.choices = [(o.slug, o.title) for o in agency_contracts.list_key_courses()]
    return form


def _form_page(
    agency: Agency, form: ContractForm, contract: Contract | None, status: int = 200
) -> ResponseReturnValue:
    """The form of a new contract, or of one there is."""
    here = (
        url_for("admin.create_contract", agency_id=agency.id)
        if contract is None
        else contract_url(contract.row, "save_contract_terms")
    )
    return page(
        "admin/contract_form.html",
        status,
        agency=agency,
        contract=contract,
        form=_with_courses(form),
        action=here,
    )


def _facts(contract: Contract, now: datetime) -> list[tuple[str, str]]:
    row, zone = contract.row, get_provider().time_zone
    courses = ", ".join(outline.title for outline in contract.courses) or "None on offer"
    return [
        ("State", contract_state(row, now)),
        ("Seats held", f"{row.used} of {row.seats}"),
        ("Promised to open invitations", str(contract.open_invitations)),
        ("Free", str(contract.free)),
        ("First day", local_date(row.valid_from, zone)),
        ("Last day", day(last_day_of(row.valid_until, zone))),
        ("Courses", f"All: {courses}" if row.all_courses else courses),
    ]
