"""The forms about agencies: each says at the field what is wrong, in words that help."""

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.accounts.forms import ADDRESS_RULES, stripped
from blueprints.admin.forms import MOST_SEATS
from blueprints.day_fields import DayField
from domain.agency import LONGEST_NAME, Invitee, UnreadableLine, read_invitees

LONGEST_LIST = 40_000
NAME_RULE = Length(max=LONGEST_NAME, message=f"A name has at most {LONGEST_NAME} characters.")


def _seats(label: str, missing: str) -> IntegerField:
    return IntegerField(
        label,
        [InputRequired(missing)],
        invalid_value_message="Enter the number of seats as a whole number, such as 12.",
    )


def _check_seats(_form: FlaskForm, field: IntegerField) -> None:
    if field.data is not None and not 1 <= field.data <= MOST_SEATS:
        raise ValidationError(f"Enter a number of seats from 1 to {MOST_SEATS:,}.")


def _day(label: str, rule: InputRequired | Optional) -> DayField:
    return DayField(
        label,
        [rule],
        invalid_value_message=f"Enter the {label.lower()} as a date, such as 2027-06-30.",
    )


class AgencyForm(FlaskForm):  # type: ignore[misc]
    """A new agency."""

    name = StringField(
        "Name", [DataRequired("Enter the name of the agency."), NAME_RULE], filters=[stripped]
    )
    note = StringField(
        "Note",
        [Optional(), Length(max=200, message="A note has at most 200 characters.")],
        filters=[stripped],
    )
    intent = HiddenField()


class ManagerForm(FlaskForm):  # type: ignore[misc]
    """A person who may see the progress of an agency's people."""

    email = EmailField("E-mail address", ADDRESS_RULES, filters=[stripped])


class ContractForm(FlaskForm):  # type: ignore[misc]
    """A contract. The choices of `courses` are the courses that keys open."""

    name = StringField(
        "Name or number",
        [DataRequired("Enter a name or number for the contract."), NAME_RULE],
        filters=[stripped],
    )
    seats = _seats("Seats", "Enter how many seats the contract has.")
    first_day = _day("First day", InputRequired("Enter the first day of the contract."))
    last_day = _day("Last day", InputRequired("Enter the last day of the contract."))
    scope = RadioField(
        "Courses",
        [InputRequired("Choose which courses the contract covers.")],
        choices=[
            SelectChoice("all", "All courses, also later ones"),
            SelectChoice("some", "Only the courses below"),
        ],
    )
    courses = SelectMultipleField(
        "Courses it covers",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    intent = HiddenField()

    validate_seats = _check_seats

    def validate_courses(self, field: SelectMultipleField) -> None:
        if self.scope.data == "some" and not field.data:
            raise ValidationError("Choose at least one course, or choose all courses.")

    @property
    def slugs(self) -> tuple[str, ...]:
        """The chosen courses; none means all."""
        return tuple(self.courses.data or ()) if self.scope.data == "some" else ()


class ContractKeyForm(FlaskForm):  # type: ignore[misc]
    """A shared key of a contract. The choices of `course` are the contract's courses."""

    course = SelectField("Course", [InputRequired("Choose the course that the key opens.")])
    seats = _seats("Seats", "Enter how many people may enroll with the key.")
    last_day = _day("Last day", Optional())
    intent = HiddenField()

    validate_seats = _check_seats


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """People to invite to one course of a contract. After validation, `invitees` holds them."""

    course = SelectField("Course", [InputRequired("Choose the course.")])
    by = RadioField(
        "How the invitations go out",
        [InputRequired("Choose how the invitations go out.")],
        choices=[
            SelectChoice("mail", "By mail, to each person"),
            SelectChoice("list", "On a list that the supervisor hands out"),
        ],
    )
    people = TextAreaField(
        "People",
        [
            DataRequired("Enter at least one person."),
            Length(max=LONGEST_LIST, message="This is too much text. Invite fewer at a time."),
        ],
    )
    last_day = _day("Last day", Optional())
    intent = HiddenField()
    invitees: list[Invitee]

    def validate_people(self, field: TextAreaField) -> None:
        try:
            self.invitees = read_invitees(field.data or "", by_mail=self.by.data == "mail")
        except UnreadableLine as fault:
            raise ValidationError(str(fault)) from fault


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Freeing a seat, and who is invited to it next, if anybody."""

    name = StringField("Name of the next person", [Optional(), NAME_RULE], filters=[stripped])
    email = EmailField(
        "Their e-mail address",
        [
            Optional(),
            Length(max=254, message="An e-mail address has at most 254 characters."),
            Email("Enter an e-mail address such as name@example.org."),
        ],
        filters=[stripped],
    )
    intent = HiddenField()

    def validate_email(self, field: EmailField) -> None:
        if field.data and not self.name.data:
            raise ValidationError("Enter the name of the next person as well.")
