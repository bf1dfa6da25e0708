"""Moving a seat of a contract, when a person has left the agency."""

from uuid import uuid4

from flask import flash
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.agency_forms import MoveForm
from blueprints.admin.agency_rows import contract_url
from blueprints.admin.contract_keys import CONTRACT
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other, settings
from domain.agency import Invitee
from domain.refusals import Invalid
from services import agency_contracts, agency_moves
from services.agency_moves import Following


@bp.get(f"{CONTRACT}/seats/<int:enrollment_id>")
def show_seat(agency_id: int, contract_id: int, enrollment_id: int) -> ResponseReturnValue:
    form = MoveForm(formdata=None, intent=uuid4().hex)
    return _page(agency_id, contract_id, enrollment_id, form)


@bp.post(f"{CONTRACT}/seats/<int:enrollment_id>/freed")
@commits
def free_seat(agency_id: int, contract_id: int, enrollment_id: int) -> ResponseReturnValue:
    """End the access of who leaves and free the seat; invite the next person to it, if named."""
    now = clock.now()
    contract = agency_contracts.get_contract(agency_id, contract_id, now)
    form = MoveForm()
    if not form.validate_on_submit():
        return _page(agency_id, contract_id, enrollment_id, form, 422)
    try:
        is_done = agency_moves.move_seat(
            agency_id,
            contract_id,
            enrollment_id,
            _following(form),
            settings().base_url,
            actor(),
            now,
        )
    except Invalid as refusal:
        refuse(form, "name", refusal.message)
        return _page(agency_id, contract_id, enrollment_id, form, 422)
    if is_done:
        invited = f" {form.name.data} is invited." if form.name.data else ""
        flash(f"The seat is free.{invited} What was earned stays with who earned it.", "success")
    else:
        flash(
            f"The seat was free already, from another window. {form.name.data} is not invited: "
            "if a seat is left, invite them here.",
            "warning",
        )
    return see_other(contract_url(contract.row))


def _following(form: MoveForm) -> Following | None:
    """Who is invited next, if a name was typed."""
    if not form.name.data:
        return None
    invitee = Invitee(form.name.data, form.email.data or "")
    return Following(invitee, form.intent.data or "")


def _page(
    agency_id: int, contract_id: int, enrollment_id: int, form: MoveForm, status: int = 200
) -> ResponseReturnValue:
    line = agency_moves.get_seat(agency_id, contract_id, enrollment_id)
    contract = agency_contracts.get_contract(agency_id, contract_id, clock.now())
    held = agency_moves.count_seats_of(contract_id, line.person.id)
    return page(
        "admin/move_seat.html",
        status,
        contract=contract,
        line=line,
        others=held - 1,
        gives_seats=contract.gives_seats(clock.now()),
        form=form,
    )
