"""Agencies in the panel: the list, one agency with its contracts, its managers."""

from uuid import uuid4

from flask import flash, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.agency_forms import AgencyForm, ManagerForm
from blueprints.admin.agency_rows import agency_rows, contract_rows
from blueprints.admin.list_start import start_of
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other
from domain.refusals import Invalid
from services import agencies, agency_contracts
from services.agencies import NewAgency


@bp.get("/admin/agencies")
def list_agencies() -> ResponseReturnValue:
    return _agencies_page(AgencyForm(formdata=None, intent=uuid4().hex))


@bp.post("/admin/agencies")
@commits
def create_agency() -> ResponseReturnValue:
    form = AgencyForm()
    if not form.validate_on_submit():
        return _agencies_page(form, 422)
    asked = NewAgency(form.name.data, form.note.data or "", form.intent.data or "")
    agency = agencies.make_agency(asked, actor(), clock.now())
    flash(f"{agency.name} is added. Next comes its contract.", "success")
    return see_other(url_for("admin.show_agency", agency_id=agency.id))


@bp.get("/admin/agencies/<int:agency_id>")
def show_agency(agency_id: int) -> ResponseReturnValue:
    return _agency_page(agency_id, ManagerForm(formdata=None))


@bp.post("/admin/agencies/<int:agency_id>/managers")
@commits
def create_agency_manager(agency_id: int) -> ResponseReturnValue:
    form = ManagerForm()
    if not form.validate_on_submit():
        return _agency_page(agency_id, form, 422)
    try:
        person = agencies.add_manager(agency_id, form.email.data, actor(), clock.now())
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _agency_page(agency_id, form, 422)
    flash(f"{person.name_on_license} now sees the progress of the agency’s people.", "success")
    return see_other(url_for("admin.show_agency", agency_id=agency_id))


@bp.post("/admin/agencies/<int:agency_id>/managers/<int:manager_id>/ended")
@commits
def end_agency_manager(agency_id: int, manager_id: int) -> ResponseReturnValue:
    person = agencies.end_manager(agency_id, manager_id, actor(), clock.now())
    flash(f"{person.name_on_license} no longer sees anything of the agency.")
    return see_other(url_for("admin.show_agency", agency_id=agency_id))


def _agencies_page(form: AgencyForm, status: int = 200) -> ResponseReturnValue:
    lines, older_than = agencies.list_agencies(start_of("before"))
    return page(
        "admin/agencies.html",
        status,
        form=form,
        rows=agency_rows(lines),
        older_than=older_than,
    )


def _agency_page(agency_id: int, form: ManagerForm, status: int = 200) -> ResponseReturnValue:
    agency = agencies.get_agency(agency_id)
    return page(
        "admin/agency.html",
        status,
        agency=agency,
        form=form,
        contracts=contract_rows(agency_contracts.list_contracts(agency_id), clock.now()),
        managers=agencies.list_managers(agency_id),
    )
