"""The forms of accounts. Each says at the field what is wrong, in words that help."""

from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length

from domain import names
from domain.identity import normal_email, tidy_name
from domain.licenses import JURISDICTIONS, PROFESSIONS
from services import passwords

COMMON_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
ADDRESS_RULES = (
    DataRequired("Enter your e-mail address."),
    Length(max=254, message="An e-mail address has at most 254 characters."),
    Email("Enter an e-mail address such as name@example.org."),
)


def _zones() -> list[SelectChoice]:
    others = sorted(zone for zone in available_timezones() if "/" in zone)
    ordered = [*COMMON_ZONES, *(zone for zone in others if zone not in COMMON_ZONES)]
    return [
        SelectChoice(zone, zone.replace("_", " "))
        for zone in ordered
        if not zone.startswith("Etc/")
    ]


ZONES = _zones()


def stripped(text: str | None) -> str | None:
    """A filter of fields: without space around; nothing stays nothing."""
    return text.strip() if text else text


def normalized(address: str | None) -> str | None:
    """A filter of fields: the form an address is stored in, so that this form is what is judged."""
    return normal_email(address) if address else address


def _tidied(text: str | None) -> str | None:
    return tidy_name(text) if text else text


def printable(form: FlaskForm, field: StringField) -> None:
    """A validator: nothing that reverses the writing, or that no font has."""
    fault = names.find_fault(field.data or "")
    if fault:
        raise ValidationError(fault)


def printable_name(form: FlaskForm, field: StringField) -> None:
    """A validator of names: printable, and with a letter to be seen."""
    printable(form, field)
    if not names.has_letter(field.data or ""):
        raise ValidationError("Enter a name with at least one letter.")


NAME_RULES = (
    DataRequired("Enter your name as it is printed on your license."),
    Length(max=120, message="A name has at most 120 characters."),
    printable_name,
)


class NewPassword(FlaskForm):  # type: ignore[misc]
    """Choosing a password. Paste and password managers are welcome."""

    password = PasswordField("Password", [DataRequired("Choose a password.")])

    def validate_password(self, field: PasswordField) -> None:
        fault = passwords.find_fault(field.data or "")
        if fault:
            raise ValidationError(fault)


class RegistrationForm(NewPassword):
    """Making an account."""

    name_on_license = StringField("Your name as on your license", NAME_RULES, filters=[_tidied])
    email = EmailField("E-mail address", ADDRESS_RULES, filters=[normalized])
    password = PasswordField("Password", [DataRequired("Choose a password.")])
    time_zone = SelectField("Time zone", choices=ZONES, default=COMMON_ZONES[0])
    intent = HiddenField()


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Logging in."""

    email = EmailField(
        "E-mail address", [DataRequired("Enter your e-mail address.")], filters=[normalized]
    )
    password = PasswordField("Password", [DataRequired("Enter your password.")])


class ResetForm(NewPassword):
    """A new password by a mailed link, and for which account where the address has several."""

    account = RadioField(
        "Which account is yours?",
        [InputRequired("Choose the account that gets the new password.")],
        coerce=int,
    )
    password = PasswordField("Password", [DataRequired("Choose a password.")])


class PresentPasswordForm(FlaskForm):  # type: ignore[misc]
    """Showing that an account is one's own."""

    present_password = PasswordField(
        "Password of the account", [DataRequired("Enter the password of the account.")]
    )


class ResetRequestForm(FlaskForm):  # type: ignore[misc]
    """Asking for a link to choose a new password."""

    email = EmailField("E-mail address", ADDRESS_RULES, filters=[normalized])


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """The name as on the license and the time zone."""

    name_on_license = StringField("Your name as on your license", NAME_RULES, filters=[_tidied])
    latin_name = StringField(
        "Your name in Latin letters",
        [Length(max=120, message="A name has at most 120 characters.")],
        filters=[_tidied],
    )
    time_zone = SelectField("Time zone", choices=ZONES)


class ChangePasswordForm(NewPassword):
    """A new password, with the present one."""

    present_password = PasswordField(
        "Present password", [DataRequired("Enter your present password.")]
    )
    password = PasswordField("New password", [DataRequired("Choose a password.")])


class LicenseForm(FlaskForm):  # type: ignore[misc]
    """One license to practice."""

    profession = SelectField(
        "Profession",
        [DataRequired("Choose your profession.")],
        choices=[SelectChoice("", "Choose a profession"), *map(SelectChoice, PROFESSIONS)],
    )
    jurisdiction = SelectField(
        "State or jurisdiction",
        [DataRequired("Choose the state that issued the license.")],
        choices=[SelectChoice("", "Choose a state"), *map(SelectChoice, JURISDICTIONS)],
    )
    number = StringField(
        "License number",
        [
            DataRequired("Enter the number as it is printed on your license."),
            Length(max=40, message="A license number has at most 40 characters."),
            printable,
        ],
        filters=[_tidied],
    )


def refuse(form: FlaskForm, field: str, message: str) -> None:
    """Put a refusal of the service at the field it concerns."""
    target: Any = form[field]
    target.errors = [*target.errors, message]
