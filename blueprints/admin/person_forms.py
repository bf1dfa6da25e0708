"""The forms of what administrators do for a person or an enrollment."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from blueprints.accounts.forms import stripped
from blueprints.admin.accommodations import DecisionForm
from blueprints.day_fields import DayField
from blueprints.seen import EditForm

LONGEST_REASON = 300


def reason_field(label: str = "Reason") -> TextAreaField:
    """Why it is done: kept in the audit log."""
    return TextAreaField(
        label,
        [
            DataRequired("Write why: it is kept in the audit log."),
            Length(max=LONGEST_REASON, message=f"Write at most {LONGEST_REASON} characters."),
        ],
        filters=[stripped],
    )


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Something that needs a reason and nothing else."""

    reason = reason_field()


class RolesForm(EditForm):
    """What a person may do. The choices of `courses` are all courses."""

    administrator = BooleanField("Administrator: may do everything in the panel")
    courses = SelectMultipleField(
        "Instructor of",
        [Optional()],
        coerce=int,
        option_widget=CheckboxInput(),
        validate_choice=True,
    )


class EnrollForm(FlaskForm):  # type: ignore[misc]
    """Enrolling somebody by hand. The choices are the courses on offer."""

    course = SelectField("Course", [InputRequired("Choose the course.")])
    reason = reason_field()

    def offer(self, courses: list[tuple[str, str]]) -> None:
        self.course.choices = [SelectChoice("", "Choose a course")] + [
            SelectChoice(slug, title) for slug, title in courses
        ]


class ExtendForm(FlaskForm):  # type: ignore[misc]
    """A later end of access."""

    last_day = DayField(
        "Last day of access",
        [InputRequired("Enter the last day.")],
        invalid_value_message="Enter the last day as a date, such as 2027-06-30.",
    )
    reason = reason_field()


class GrantForm(DecisionForm):
    """An accommodation that nobody asked for in writing. `course`: '' for all courses."""

    course = SelectField("Course")
    why = TextAreaField(
        "Why (private)",
        [Optional(), Length(max=2000, message="Write at most 2,000 characters.")],
        filters=[stripped],
    )
