"""Keys and invitations of a contract in the panel, and the list a supervisor hands out."""

from uuid import uuid4

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.agency_forms import ContractKeyForm, InvitationForm
from blueprints.admin.agency_rows import contract_url, slip
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other, settings
from domain.enrollment_key import shown_code
from domain.numerals import read_whole_number
from domain.refusals import Invalid
from services import agency_contracts, agency_invitations, agency_keys
from services.agency_contracts import Contract
from services.agency_keys import NewKeys

CONTRACT = "/admin/agencies/<int:agency_id>/contracts/<int:contract_id>"


@bp.get(f"{CONTRACT}/keys/new")
def show_new_contract_key(agency_id: int, contract_id: int) -> ResponseReturnValue:
    form = ContractKeyForm(formdata=None, intent=uuid4().hex)
    return _page("admin/contract_key.html", _contract(agency_id, contract_id), form)


@bp.post(f"{CONTRACT}/keys")
@commits
def create_contract_key(agency_id: int, contract_id: int) -> ResponseReturnValue:
    contract = _contract(agency_id, contract_id)
    form = _with_courses(ContractKeyForm(), contract)
    if not form.validate_on_submit():
        return _page("admin/contract_key.html", contract, form, 422)
    try:
        key = agency_keys.make_shared_key(
            agency_id, contract_id, _asked(form), form.seats.data, actor(), clock.now()
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _page("admin/contract_key.html", contract, form, 422)
    flash(f"The key {shown_code(key.code)} is made. Give it to the agency.", "success")
    return see_other(contract_url(contract.row))


@bp.get(f"{CONTRACT}/invitations/new")
def show_new_invitations(agency_id: int, contract_id: int) -> ResponseReturnValue:
    form = InvitationForm(formdata=None, by="mail", intent=uuid4().hex)
    return _page("admin/invite.html", _contract(agency_id, contract_id), form)


@bp.post(f"{CONTRACT}/invitations")
@commits
def create_invitations(agency_id: int, contract_id: int) -> ResponseReturnValue:
    contract = _contract(agency_id, contract_id)
    form = _with_courses(InvitationForm(), contract)
    if not form.validate_on_submit():
        return _page("admin/invite.html", contract, form, 422)
    try:
        made = agency_invitations.make_invitations(
            agency_id,
            contract_id,
            _asked(form),
            form.invitees,
            settings().base_url,
            actor(),
            clock.now(),
        )
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _page("admin/invite.html", contract, form, 422)
    flash(_invited(len(made), by_mail=form.by.data == "mail"), "success")
    if form.by.data == "list":
        return see_other(contract_url(contract.row, "show_invitation_list"))
    return see_other(contract_url(contract.row))


@bp.get(f"{CONTRACT}/invitations")
def show_invitation_list(agency_id: int, contract_id: int) -> ResponseReturnValue:
    """The open invitations as slips to print and hand out."""
    contract = _contract(agency_id, contract_id)
    lines = agency_invitations.list_open_invitations(contract_id, clock.now())
    slips = [slip(line, settings().base_url) for line in lines]
    return render_template("admin/invitation_list.html", contract=contract, slips=slips)


@bp.post(f"{CONTRACT}/invitations/<int:key_id>/mails")
@commits
def create_invitation_mail(agency_id: int, contract_id: int, key_id: int) -> ResponseReturnValue:
    times_sent = read_whole_number(request.form.get("times_sent", "")) or 0
    line = agency_invitations.send_again(
        agency_id, contract_id, key_id, times_sent, settings().base_url, clock.now()
    )
    flash(f"The invitation is sent again to {line.own.invited_email}.", "success")
    return see_other(contract_url(_contract(agency_id, contract_id).row))


@bp.post(f"{CONTRACT}/keys/<int:key_id>/revoked")
@commits
def revoke_contract_key(agency_id: int, contract_id: int, key_id: int) -> ResponseReturnValue:
    line = agency_keys.revoke(agency_id, contract_id, key_id, actor(), clock.now())
    what = f"invitation of {line.own.invited_name}" if line.own.is_invitation else "key"
    flash(f"The {what} is withdrawn. Who has enrolled with it stays enrolled.")
    return see_other(contract_url(_contract(agency_id, contract_id).row))


def _contract(agency_id: int, contract_id: int) -> Contract:
    return agency_contracts.get_contract(agency_id, contract_id, clock.now())


def _asked(form: ContractKeyForm | InvitationForm) -> NewKeys:
    return NewKeys(form.course.data, form.last_day.data, form.intent.data or "")


def _with_courses(form, contract: Contract):  # type: ignore[no-untyped-def]
    courses = [(outline.slug, outline.title) for outline in contract.courses]
    form.course.choices = [("", "Choose a course"), *courses]
    return form


def _page(template: str, contract: Contract, form, status: int = 200) -> ResponseReturnValue:  # type: ignore[no-untyped-def]
    return page(template, status, contract=contract, form=_with_courses(form, contract))


def _invited(number: int, *, by_mail: bool) -> str:
    people = "1 person is" if number == 1 else f"{number} people are"
    return f"{people} invited by mail." if by_mail else f"{people} on the list below. Print it."
