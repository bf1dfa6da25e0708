"""The forms that record and edit approvals and profiles of bodies."""

from decimal import Decimal
from typing import Any

from wtforms import (
    DecimalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

import clock
from blueprints.accounts.forms import stripped
from blueprints.day_fields import DayField
from blueprints.seen import NOT_EDITED, EditForm
from course_format.bodies import LONGEST_HOUR_MINUTES, MAY_BE_UNCONFIRMED
from course_format.statement_patterns import find_fault
from domain.licenses import PROFESSIONS
from domain.wordings import read_wordings, write_wordings
from models import Approval, ApprovingBody
from services import approvals, editions
from services.provider_days import today_is

NO_DAY = "Enter a day, such as 2027-06-30."
NO_HOURS = "Enter hours as a number, such as 0.25."
FIELD_NAMES = {
    "unit_word": "Name of a unit",
    "hour_minutes": "Minutes of an hour",
    "increment": "Step of rounding",
    "minimum": "Least credit",
    "maximum": "Most credit for a course",
    "daily_maximum": "Most credit in 24 hours",
    "statement": "Statement",
}


def _hours(label: str, *rules: Any) -> DecimalField:
    rules = rules or (Optional(),)
    return DecimalField(label, rules, places=2, invalid_value_message=NO_HOURS)


def _checkboxes(label: str, choices: list[tuple[str, str]]) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=[SelectChoice(value, words) for value, words in choices],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class RuleForm(EditForm):
    """How a body counts, and what it says: what approvals and profiles have in common."""

    unit_word = StringField(
        "Name of a unit",
        [InputRequired("Enter what the body calls a unit, such as contact hours."), Length(max=60)],
        filters=[stripped],
    )
    hour_minutes = IntegerField(
        "Minutes of an hour",
        [InputRequired("Enter how many minutes make an hour, such as 60.")],
        invalid_value_message="Enter whole minutes, such as 60.",
    )
    increment = _hours("Step of rounding, always down", InputRequired(NO_HOURS))
    minimum = _hours("Least credit", InputRequired(NO_HOURS))
    maximum = _hours("Most credit for a course")
    daily_maximum = _hours("Most credit in 24 hours")
    statement = TextAreaField(
        "Statement",
        [InputRequired("Enter the body's statement."), Length(max=2_000)],
        filters=[stripped],
    )
    source = StringField("Source", [Optional(), Length(max=300)], filters=[stripped])
    checked_on = DayField("Last checked", [Optional()], invalid_value_message=NO_DAY)
    unconfirmed = _checkboxes(
        "Not confirmed at the source", [(name, FIELD_NAMES[name]) for name in MAY_BE_UNCONFIRMED]
    )
    reason = StringField(
        "Why you record or change this",
        [InputRequired("Say why: it is kept in the history."), Length(max=300)],
        filters=[stripped],
    )

    def validate_hour_minutes(self, field: IntegerField) -> None:
        if field.data is not None and not 30 <= field.data <= LONGEST_HOUR_MINUTES:
            raise ValidationError(f"Enter 30 to {LONGEST_HOUR_MINUTES} minutes.")

    def validate_increment(self, field: DecimalField) -> None:
        if field.data is not None and not 0 < field.data <= 1:
            raise ValidationError("A step is more than 0 and at most 1 hour.")

    def validate_minimum(self, field: DecimalField) -> None:
        _refuse_wild(field)

    def validate_maximum(self, field: DecimalField) -> None:
        _refuse_wild(field)
        least = self.minimum.data
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError("This is less than the least credit: no course could be granted.")

    def validate_checked_on(self, field: DayField) -> None:
        if field.data is not None and field.data > today_is(clock.now()):
            raise ValidationError("This day has not come yet. When did you look at the source?")

    def validate_daily_maximum(self, field: DecimalField) -> None:
        _refuse_wild(field)

    def validate_statement(self, field: TextAreaField) -> None:
        fault = find_fault(field.data or "")
        if fault:
            raise ValidationError(fault)

    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the row's columns."""
        return {
            "unit_word": self.unit_word.data,
            "hour_minutes": self.hour_minutes.data,
            "increment": self.increment.data,
            "minimum": self.minimum.data,
            "maximum": self.maximum.data,
            "daily_maximum": self.daily_maximum.data,
            "statement": self.statement.data,
            "source": self.source.data or "",
            "checked_on": self.checked_on.data,
            "unconfirmed": list(self.unconfirmed.data or ()),
        }


class BodyForm(RuleForm):
    """The profile of a body."""

    name = StringField(
        "Name", [InputRequired("Enter the body's name."), Length(max=200)], filters=[stripped]
    )

    source = StringField(
        "Source",
        [InputRequired("Enter where this was read."), Length(max=300)],
        filters=[stripped],
    )
    checked_on = DayField("Last checked", [InputRequired(NO_DAY)], invalid_value_message=NO_DAY)

    def values(self) -> dict[str, Any]:
        return {"name": self.name.data, **super().values()}


class ApprovalForm(RuleForm):
    """One approval. The choices of `body_id` and `course_id` are what there is."""

    body = StringField(
        "Name of the body, as printed",
        [InputRequired("Enter the body's name."), Length(max=200)],
        filters=[stripped],
    )
    body_id = SelectField("Profile it follows")
    number = StringField(
        "Approval or provider number",
        [InputRequired("Enter the number that the body gave."), Length(max=60)],
        filters=[stripped],
    )
    valid_from = DayField("First day", [InputRequired(NO_DAY)], invalid_value_message=NO_DAY)
    valid_until = DayField("Last day", [InputRequired(NO_DAY)], invalid_value_message=NO_DAY)
    professions = _checkboxes("Professions it is for", [(name, name) for name in PROFESSIONS])
    course_id = SelectField("Course")
    course_number = StringField(
        "The body's number of the course", [Optional(), Length(max=60)], filters=[stripped]
    )
    wordings = TextAreaField("Other wording for some licenses", [Optional(), Length(max=8_000)])
    renews = HiddenField()

    def validate_wordings(self, field: TextAreaField) -> None:
        wordings, fault = read_wordings(field.data or "")
        faults = [fault, *(find_fault(wording["statement"]) for wording in wordings)]
        if any(faults):
            raise ValidationError(next(filter(None, faults)))

    def validate_course_number(self, field: StringField) -> None:
        if field.data and not self.course_id.data:
            raise ValidationError("Choose the course that has this number.")

    def values(self) -> dict[str, Any]:
        course = self.course_id.data or ""
        return {
            **super().values(),
            "body": self.body.data,
            "body_id": self.body_id.data or None,
            "number": self.number.data,
            "valid_from": self.valid_from.data,
            "valid_until": self.valid_until.data,
            "professions": list(self.professions.data or ()),
            "course_id": int(course) if course else None,
            "course_number": self.course_number.data or "",
            "wordings": read_wordings(self.wordings.data or "")[0],
        }


def offer_choices(form: ApprovalForm) -> ApprovalForm:
    """The form with the profiles and courses there are."""
    bodies = [(body.id, body.name) for body in approvals.list_bodies()]
    form.body_id.choices = [("", "None"), *bodies]
    courses = [(str(o.course_id), f"Only {o.title}") for o in editions.list_current_outlines()]
    form.course_id.choices = [("", "Every course that names it"), *courses]
    kept = [name for name in form.professions.data or () if name not in PROFESSIONS]
    form.professions.choices = [(name, name) for name in (*PROFESSIONS, *kept)]
    return form


def form_of(row: Approval | ApprovingBody | None, kind: type[RuleForm], **more: Any) -> RuleForm:
    """A form filled from a row; `more` wins over it."""
    names = kind().data.keys() - NOT_EDITED
    given = {name: getattr(row, name) for name in names if row is not None and hasattr(row, name)}
    if given.get("course_id") is not None:
        given["course_id"] = str(given["course_id"])
    if isinstance(row, Approval):
        given["wordings"] = write_wordings(row.wordings or [])
    return kind(formdata=None, data={**given, **more})


def _refuse_wild(field: DecimalField) -> None:
    if field.data is not None and not Decimal(0) <= field.data < Decimal(1000):
        raise ValidationError("Enter hours from 0 to 999.")
