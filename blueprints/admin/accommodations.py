"""Accommodations in the panel: requests that wait, what is granted, and deciding."""

from datetime import datetime

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

import clock
from blueprints.accommodation_words import granted_in_words
from blueprints.accounts.forms import stripped
from blueprints.admin.views import bp
from blueprints.day_fields import DayField
from blueprints.http import actor, commits, page, see_other, settings
from domain.accommodation import Granted
from services import accommodation_requests
from services.accommodation_requests import Line
from services.provider_days import last_second_of

FACTORS = [
    SelectChoice("100", "No more time"),
    SelectChoice("125", "1.25 times"),
    SelectChoice("150", "1.5 times"),
    SelectChoice("200", "2 times"),
    SelectChoice("300", "3 times"),
    SelectChoice("400", "4 times"),
]
MOST_ATTEMPTS = 20


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What is granted, until when, and the answer to the learner."""

    time = SelectField("Time", choices=FACTORS, default="100")
    attempts = IntegerField(
        "More attempts at each post-test",
        [
            InputRequired("Enter how many more attempts, 0 for none."),
            NumberRange(0, MOST_ATTEMPTS, f"Enter a number from 0 to {MOST_ATTEMPTS}."),
        ],
        default=0,
        invalid_value_message="Enter the number of attempts as a whole number, such as 1.",
    )
    quiet = BooleanField("Do not ask whether the learner is still reading")
    format = TextAreaField(
        "Alternative format, or anything else",
        [Optional(), Length(max=500, message="Write at most 500 characters.")],
        filters=[stripped],
    )
    last_day = DayField(
        "Last day",
        [Optional()],
        invalid_value_message="Enter the last day as a date, such as 2027-06-30.",
    )
    answer = TextAreaField(
        "Answer to the learner",
        [
            InputRequired("Write an answer: the learner is mailed that there is one."),
            Length(max=2000, message="Write at most 2,000 characters."),
        ],
        filters=[stripped],
    )

    def validate_last_day(self, field: DayField) -> None:
        if field.data is not None and last_second_of(field.data) <= clock.now():
            raise ValidationError("This day has passed. Choose today or a later day.")

    def until(self) -> datetime | None:
        """The last second of the last day; None: no end."""
        return last_second_of(self.last_day.data) if self.last_day.data else None

    def granted(self) -> Granted:
        return Granted(
            time_percent=int(self.time.data),
            extra_attempts=self.attempts.data,
            asks_presence=not self.quiet.data,
            alternative_format=self.format.data or "",
        )


@bp.get("/admin/accommodations")
def list_accommodations() -> ResponseReturnValue:
    granted = accommodation_requests.list_in_force(clock.now())
    return render_template(
        "admin/accommodations.html",
        waiting=accommodation_requests.list_waiting(),
        granted=[(line, granted_in_words(line.accommodation)) for line in granted],
    )


@bp.get("/admin/accommodations/<int:asked_id>")
def show_accommodation_request(asked_id: int) -> ResponseReturnValue:
    return _request_page(accommodation_requests.get_request(asked_id), DecisionForm(None))


@bp.post("/admin/accommodations/<int:asked_id>/granted")
@commits
def grant_accommodation(asked_id: int) -> ResponseReturnValue:
    line = accommodation_requests.get_request(asked_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _request_page(line, form, 422)
    if form.granted() == Granted():
        form.form_errors.append("Choose at least one thing to grant, or decline.")
        return _request_page(line, form, 422)
    accommodation_requests.grant_request(
        line,
        form.granted(),
        form.until(),
        form.answer.data,
        actor(),
        settings().base_url,
        clock.now(),
    )
    flash(f"Granted. It acts from {line.learner.name_on_license}'s next page on.", "success")
    return see_other(url_for("admin.list_accommodations"))


@bp.post("/admin/accommodations/<int:asked_id>/declined")
@commits
def decline_accommodation(asked_id: int) -> ResponseReturnValue:
    line = accommodation_requests.get_request(asked_id)
    form = DecisionForm()
    form.validate()
    if form.answer.errors:
        for field in (form.attempts, form.last_day, form.format):
            field.errors = []
        return _request_page(line, form, 422)
    accommodation_requests.decline_request(
        line, form.answer.data, actor(), settings().base_url, clock.now()
    )
    flash("Declined. The learner is mailed that there is an answer.")
    return see_other(url_for("admin.list_accommodations"))


@bp.post("/admin/accommodations/granted/<int:accommodation_id>/ended")
@commits
def end_accommodation(accommodation_id: int) -> ResponseReturnValue:
    accommodation_requests.end_accommodation(accommodation_id, actor(), clock.now())
    flash("The accommodation has ended.")
    return see_other(url_for("admin.list_accommodations"))


def _request_page(line: Line, form: DecisionForm, status: int = 200) -> ResponseReturnValue:
    return page("admin/accommodation_request.html", status, line=line, form=form)
