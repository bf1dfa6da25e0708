"""The provider's settings in the panel: legal facts, contact, signatory, defaults."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

import clock
from blueprints.accounts.forms import ADDRESS_RULES, ZONES, normalized, printable, stripped
from blueprints.admin.views import bp
from blueprints.http import actor, commits, page, see_other
from blueprints.seen import EditForm, is_stale, remember
from services import provider_settings
from services.provider import list_policies
from services.provider_settings import ProviderSettings


def _text(label: str, most: int, needed: str = "") -> StringField:
    rules = [InputRequired(needed) if needed else Optional()]
    long = Length(max=most, message=f"At most {most} characters, please.")
    return StringField(label, [*rules, long, printable], filters=[stripped])


def _days(label: str, least: int, most: int) -> IntegerField:
    rules = [
        InputRequired("Enter a number of days."),
        NumberRange(least, most, f"Enter a number of days from {least} to {most}."),
    ]
    told = "Enter the days as a whole number, such as 30."
    return IntegerField(label, rules, invalid_value_message=told)


class ProviderForm(EditForm):
    """Everything about the provider that is set by hand."""

    name = _text("Name of the center", 200, "Enter the name of the center.")
    legal_name = _text("Legal name", 200, "Enter the legal name.")
    address = TextAreaField(
        "Postal address",
        [Optional(), Length(max=500, message="At most 500 characters, please."), printable],
        filters=[stripped],
    )
    email = EmailField("E-mail address", ADDRESS_RULES, filters=[normalized])
    phone = _text("Telephone", 40)
    website = _text("Website", 200)
    time_zone = SelectField("Time zone", choices=ZONES)
    signatory_name = _text("Who signs certificates", 120, "Enter who signs certificates.")
    signatory_title = _text("Title of who signs", 120)
    reply_hours = IntegerField(
        "Hours within which instructors answer",
        [
            InputRequired("Enter a number of hours."),
            NumberRange(1, 240, "Enter a number of hours from 1 to 240."),
        ],
        invalid_value_message="Enter the hours as a whole number, such as 48.",
    )
    retention_years = IntegerField(
        "Years that records are kept",
        [
            InputRequired("Enter a number of years."),
            NumberRange(1, 50, "Enter a number of years from 1 to 50."),
        ],
        invalid_value_message="Enter the years as a whole number, such as 7.",
    )
    extension_days = _days("Days of the free extension of access", 0, 365)
    first_reminder_days = _days("First reminder, days before access ends", 2, 180)
    last_reminder_days = _days("Last reminder, days before access ends", 1, 179)
    demonstration = BooleanField("Demonstration: every page and certificate says “not for credit”")

    def validate_website(self, field: StringField) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError("Enter the whole address, such as https://center.example.")

    def validate_last_reminder_days(self, field: IntegerField) -> None:
        first = self.first_reminder_days.data
        if field.data and first and field.data >= first:
            raise ValidationError("Enter fewer days than for the first reminder.")

    def read(self) -> ProviderSettings:
        values = {name: self[name].data for name in ProviderSettings.__annotations__}
        empty = {name: "" if value is None else value for name, value in values.items()}
        return ProviderSettings(**empty)


@bp.get("/admin/provider")
def show_provider_settings() -> ResponseReturnValue:
    return _page(remember(_present()))


@bp.post("/admin/provider")
@commits
def save_provider_settings() -> ResponseReturnValue:
    form = ProviderForm()
    if not form.validate_on_submit() or is_stale(form, _present()):
        return _page(form, 422)
    changed = provider_settings.save_settings(form.read(), actor(), clock.now())
    if changed:
        flash("Saved. Pages show it within ten seconds.", "success")
    else:
        flash("Nothing was changed: what you sent is what is set.")
    return see_other(url_for("admin.show_provider_settings"))


def _present() -> ProviderForm:
    return ProviderForm(formdata=None, **vars(provider_settings.get_settings()))


def _page(form: ProviderForm, status: int = 200) -> ResponseReturnValue:
    return page("admin/provider.html", status, form=form, policies=list_policies())
