"""Reporting a problem, or a grievance: for everybody, with an address to answer to."""

from datetime import timedelta
from uuid import uuid4

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

import clock
from blueprints.accounts.forms import ADDRESS_RULES, normalized, printable, stripped
from blueprints.catalog.views import bp
from blueprints.http import (
    client_address,
    commit_before_slow_work,
    commits,
    find_identity,
    page,
    person_id,
    see_other,
    settings,
)
from domain.problems import LONGEST_TEXT
from services import problems, throttle
from services.problems import Typed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class ProblemForm(FlaskForm):  # type: ignore[misc]
    """What happened, and where an answer goes."""

    kind = RadioField(
        "What is it?",
        [InputRequired("Choose what it is.")],
        invalid_choice_message="Choose what it is.",
        choices=[
            SelectChoice("problem", "A problem: something does not work, or is wrong"),
            SelectChoice("grievance", "A grievance: I am dissatisfied, and want a decision"),
        ],
        default="problem",
    )
    text = TextAreaField(
        "What happened",
        [
            InputRequired("Write what happened."),
            Length(max=LONGEST_TEXT, message=f"Write at most {LONGEST_TEXT:,} characters."),
            printable,
        ],
        filters=[stripped],
    )
    email = EmailField("Your e-mail address", ADDRESS_RULES, filters=[normalized])
    page = HiddenField()
    intent = HiddenField()


@bp.get("/report-a-problem")
def show_problem_form() -> ResponseReturnValue:
    who = find_identity()
    asked = request.args.get("kind", "")
    form = ProblemForm(
        formdata=None,
        kind="grievance" if asked == "grievance" else "problem",
        email=who.email if who else "",
        page=request.args.get("page", "")[:200],
        intent=uuid4().hex,
    )
    return render_template("catalog/report_problem.html", form=form)


@bp.post("/report-a-problem")
@commits
def create_problem_report() -> ResponseReturnValue:
    form = ProblemForm()
    if not form.validate_on_submit():
        return page("catalog/report_problem.html", 422, form=form)
    now = clock.now()
    throttle.count("report-from", client_address(), 10, HOUR, now)
    throttle.count("report", form.email.data, 10, DAY, now)
    commit_before_slow_work()
    typed = Typed(
        kind=form.kind.data,
        text=form.text.data,
        page=form.page.data or "",
        email=form.email.data,
        intent=form.intent.data or "",
    )
    problems.report(typed, person_id(), settings().base_url, now)
    return see_other(url_for("catalog.show_problem_sent"))


@bp.get("/report-a-problem/sent")
def show_problem_sent() -> ResponseReturnValue:
    return render_template("catalog/problem_sent.html")
