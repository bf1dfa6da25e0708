"""When a license renews: the period that the transcript counts in."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import Optional

import clock
from blueprints.accounts.views import bp
from blueprints.day_fields import DayField
from blueprints.http import commits, identity, page, see_other
from domain.transcript import LONGEST_CYCLE_YEARS
from models import License
from services import licenses
from services.catalogue import provider_day

NO_DAY = "Enter the day your license renews, such as 2027-06-30."
LONGEST_AWAY_YEARS = 20


class RenewalForm(FlaskForm):  # type: ignore[misc]
    """The last day of the present license period, and how long one lasts."""

    renews_on = DayField("Renews on", [Optional()], invalid_value_message=NO_DAY)
    cycle_years = SelectField("Length of a license period", coerce=int)

    def validate_renews_on(self, field: DayField) -> None:
        today = provider_day(clock.now())
        if field.data and abs(field.data.year - today.year) > LONGEST_AWAY_YEARS:
            field.errors = [*field.errors, NO_DAY]


@bp.get("/account/licenses/<int:license_id>/renewal")
def show_renewal(license_id: int) -> ResponseReturnValue:
    row = licenses.get_license_for(identity().person_id, license_id)
    form = RenewalForm(formdata=None, renews_on=row.renews_on, cycle_years=row.cycle_years or 2)
    return _renewal_page(row, form)


@bp.post("/account/licenses/<int:license_id>/renewal")
@commits
def save_renewal(license_id: int) -> ResponseReturnValue:
    row = licenses.get_license_for(identity().person_id, license_id)
    form = _offer_years(RenewalForm())
    if not form.validate_on_submit() or form.renews_on.errors:
        return _renewal_page(row, form, 422)
    years = form.cycle_years.data if form.renews_on.data else None
    licenses.set_renewal(row, form.renews_on.data, years)
    flash("Saved. Your transcript shows what counts in the present period.")
    return see_other(url_for("accounts.show_licenses"))


def _renewal_page(row: License, form: RenewalForm, status: int = 200) -> ResponseReturnValue:
    return page("accounts/renewal.html", status, license=row, form=_offer_years(form))


def _offer_years(form: RenewalForm) -> RenewalForm:
    form.cycle_years.choices = [
        (years, "1 year" if years == 1 else f"{years} years")
        for years in range(1, LONGEST_CYCLE_YEARS + 1)
    ]
    return form
