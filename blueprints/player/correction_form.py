"""The form about study that is not in the record: ask for a correction, or declare reading."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from blueprints.accounts.forms import stripped
from blueprints.day_fields import DayField
from domain.outline import Outline
from services.time_corrections import Stated

CLOCKS = ["%H:%M", "%I:%M %p", "%I:%M%p"]
CORRECTION, DECLARED = "correction", "declared"
KINDS = [
    SelectChoice(CORRECTION, "I studied here, and the time was not recorded. Please correct it."),
    SelectChoice(DECLARED, "I read away from the screen, such as a printed handout."),
]


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """What was studied when, for how long, and why it is not in the record."""

    kind = RadioField("What happened", [InputRequired("Choose what happened.")], choices=KINDS)
    item = SelectField("What you studied")
    day = DayField(
        "Day",
        [InputRequired("Enter the day.")],
        invalid_value_message="Enter the day as a date, such as 2026-11-24.",
    )
    clock = TimeField(
        "You began at",
        [InputRequired("Enter when you began.")],
        format=CLOCKS,
        invalid_value_message="Enter a time of day, such as 14:05 or 2:05 PM.",
    )
    minutes = IntegerField(
        "Minutes",
        [
            InputRequired("Enter how many minutes you studied."),
            NumberRange(1, 720, "Enter from 1 to 720 minutes."),
        ],
        invalid_value_message="Enter the minutes as a whole number, such as 25.",
    )
    reason = TextAreaField(
        "What happened, in your words",
        [
            DataRequired("Write what happened, in a sentence or two."),
            Length(max=2000, message="Write at most 2,000 characters."),
        ],
        filters=[stripped],
    )
    intent = HiddenField()

    def stated(self, zone: str) -> Stated:
        """What was typed, as the service takes it; the day and time are in the learner's zone."""
        local = datetime.combine(self.day.data, self.clock.data, ZoneInfo(zone))
        return Stated(
            item_slug=self.item.data or "",
            began_at=local.astimezone(UTC),
            length=timedelta(minutes=self.minutes.data),
            reason=self.reason.data,
            intent=self.intent.data or "",
        )


def sent_form(outline: Outline) -> CorrectionForm:
    return _with_items(CorrectionForm(), outline)


def empty_form(outline: Outline, zone: str, since: datetime | None, item: str) -> CorrectionForm:
    """A form with a mark of its own, filled in from the gap after `since` where there is one."""
    values: dict[str, object] = {"intent": uuid4().hex, "item": item}
    if since is not None:
        local = since.astimezone(ZoneInfo(zone))
        values |= {"kind": CORRECTION, "day": local.date(), "clock": local.time()}
    return _with_items(CorrectionForm(formdata=None, data=values), outline)


def _with_items(form: CorrectionForm, outline: Outline) -> CorrectionForm:
    items = [(item.slug, f"Unit {item.unit_number}: {item.title}") for item in outline.items()]
    form.item.choices = [("", "The course as a whole"), *items]
    return form
