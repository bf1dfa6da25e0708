"""A learner's accommodations: what they ask for, what is granted."""

from datetime import timedelta
from uuid import uuid4

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

import clock
from blueprints.accommodation_words import granted_in_words
from blueprints.accounts.forms import stripped
from blueprints.accounts.views import bp
from blueprints.http import commit_before_slow_work, commits, identity, page, see_other, settings
from services import accommodation_requests, throttle
from services.accommodation_requests import Wish

REQUESTS_A_DAY = 10
LONGEST = 2000


class AccommodationForm(FlaskForm):  # type: ignore[misc]
    """What would help, for which course, and why, if the learner wants to say."""

    wish = TextAreaField(
        "What would help you?",
        [
            DataRequired("Say what would help you, in whatever words you like."),
            Length(max=LONGEST, message=f"Write at most {LONGEST:,} characters."),
        ],
        filters=[stripped],
    )
    course = SelectField("For which course?")
    why = TextAreaField(
        "Why",
        [Optional(), Length(max=LONGEST, message=f"Write at most {LONGEST:,} characters.")],
        filters=[stripped],
    )
    intent = HiddenField()


@bp.get("/account/accommodations")
def show_accommodations() -> ResponseReturnValue:
    return _page(_form(intent=uuid4().hex))


@bp.post("/account/accommodations")
@commits
def create_accommodation_request() -> ResponseReturnValue:
    who, now = identity(), clock.now()
    throttle.count("accommodation", str(who.person_id), REQUESTS_A_DAY, timedelta(days=1), now)
    commit_before_slow_work()
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 422)
    wished = Wish(form.course.data, form.wish.data, form.why.data or "", form.intent.data or "")
    accommodation_requests.ask(who.person_id, wished, settings().base_url, now)
    flash("Your request is sent. We will mail you when it is answered.", "success")
    return see_other(url_for("accounts.show_accommodations"))


def _form(intent: str | None = None) -> AccommodationForm:
    form = AccommodationForm() if intent is None else AccommodationForm(None, intent=intent)
    courses = accommodation_requests.list_courses_for(identity().person_id)
    form.course.choices = [("", "All courses"), *courses]
    return form


def _page(form: AccommodationForm, status: int = 200) -> ResponseReturnValue:
    who = identity()
    granted = accommodation_requests.list_in_force(clock.now(), who.person_id)
    return page(
        "accounts/accommodations.html",
        status,
        form=form,
        granted=[(line, granted_in_words(line.accommodation)) for line in granted],
        requests=accommodation_requests.list_own(who.person_id),
    )
