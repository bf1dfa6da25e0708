"""The forms of the management panel."""

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from blueprints.accounts.forms import stripped
from blueprints.day_fields import DayField

MOST_SEATS = 10_000


class KeyForm(FlaskForm):  # type: ignore[misc]
    """A new enrollment key. The choices of `course` are the courses that keys open."""

    course = SelectField("Course", [InputRequired("Choose the course that the key opens.")])
    seats = IntegerField(
        "Seats",
        [InputRequired("Enter how many learners may enroll with the key.")],
        invalid_value_message="Enter the number of seats as a whole number, such as 12.",
    )
    last_day = DayField(
        "Last day",
        [Optional()],
        invalid_value_message="Enter the last day as a date, such as 2027-06-30.",
    )
    note = StringField(
        "Note",
        [Optional(), Length(max=200, message="A note has at most 200 characters.")],
        filters=[stripped],
    )
    intent = HiddenField()

    def validate_seats(self, field: IntegerField) -> None:
        if field.data is not None and not 1 <= field.data <= MOST_SEATS:
            raise ValidationError(f"Enter a number of seats from 1 to {MOST_SEATS:,}.")
