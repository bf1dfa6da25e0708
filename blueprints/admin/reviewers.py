"""Reviewers in the panel: who may walk through which course, until when."""

from datetime import timedelta
from uuid import uuid4

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

import clock
from blueprints.accounts.forms import ADDRESS_RULES, stripped
from blueprints.admin.views import bp
from blueprints.day_fields import DayField
from blueprints.http import actor, commits, page, see_other, settings
from services import editions, reviewers
from services.provider_days import last_second_of
from services.reviewers import NewReviewer

STATES = {"open": "Open", "withdrawn": "Withdrawn", "over": "Over"}
LONGEST = timedelta(days=366)


class ReviewerForm(FlaskForm):  # type: ignore[misc]
    """A new reviewer of one course."""

    email = EmailField("E-mail address", ADDRESS_RULES, filters=[stripped])
    course = SelectField("Course", [InputRequired("Choose the course to review.")])
    body = StringField(
        "Approving body",
        [
            InputRequired("Enter the approving body the reviewer comes from."),
            Length(max=200, message="A name has at most 200 characters."),
        ],
        filters=[stripped],
    )
    last_day = DayField(
        "Last day",
        [InputRequired("Choose the last day of the review.")],
        invalid_value_message="Enter the last day as a date, such as 2027-06-30.",
    )
    intent = HiddenField()

    def validate_last_day(self, field: DayField) -> None:
        if field.data is None:
            return
        end = last_second_of(field.data)
        if not clock.now() < end <= clock.now() + LONGEST:
            raise ValidationError("Choose a day within the next year.")


@bp.get("/admin/reviewers")
def list_reviewers() -> ResponseReturnValue:
    return _page(_form(uuid4().hex))


@bp.post("/admin/reviewers")
@commits
def create_reviewer() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 422)
    asked = NewReviewer(
        email=form.email.data,
        slug=form.course.data,
        body=form.body.data,
        until=last_second_of(form.last_day.data),
        intent=form.intent.data or "",
    )
    reviewers.add_reviewer(asked, actor(), settings().base_url, clock.now())
    flash("The reviewer is told by mail how to begin.", "success")
    return see_other(url_for("admin.list_reviewers"))


@bp.post("/admin/reviewers/<int:grant_id>/revoked")
@commits
def revoke_reviewer(grant_id: int) -> ResponseReturnValue:
    reviewers.revoke(grant_id, actor(), clock.now())
    flash("The reviewer can no longer open the course.")
    return see_other(url_for("admin.list_reviewers"))


def _form(intent: str | None = None) -> ReviewerForm:
    form = ReviewerForm() if intent is None else ReviewerForm(formdata=None, intent=intent)
    offered = editions.list_current_outlines()
    form.course.choices = [
        SelectChoice("", "Choose a course"),
        *(SelectChoice(outline.slug, outline.title) for outline in offered),
    ]
    return form


def _page(form: ReviewerForm, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    lines = [(line, STATES[line.state(now)]) for line in reviewers.list_grants()]
    return page("admin/reviewers.html", status, form=form, lines=lines)
