"""Confirming an enrollment, and the list of one's courses with what to do next."""

from datetime import timedelta

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length, Optional

import clock
from blueprints.accounts.forms import refuse, stripped
from blueprints.http import commit_before_slow_work, commits, identity, page, see_other
from blueprints.steps import step_url
from domain import credit
from domain.enrollment_key import shown_code
from domain.enrollment_ways import ways_into
from domain.outline import Outline
from domain.refusals import Invalid
from services import (
    access,
    approval_ends,
    catalogue,
    certification,
    editions,
    enrollments,
    key_offers,
    my_courses,
    orders,
    reviewers,
    throttle,
    transcripts,
)
from services.enrollments import normal_key
from services.my_courses import MyCourse

bp = Blueprint("enrollment", __name__)
TRIES_AN_HOUR = 20


class EnrollmentForm(FlaskForm):  # type: ignore[misc]
    """The enrollment key; the course decides whether it is needed."""

    key = StringField(
        "Enrollment key",
        [Optional(), Length(max=60, message="An enrollment key has at most 60 characters.")],
        filters=[stripped],
    )


@bp.get("/courses/<slug>/enrollment")
def show_enrollment(slug: str) -> ResponseReturnValue:
    outline = editions.get_current_outline(slug)
    if enrollments.find_open(identity().person_id, outline.course_id) is not None:
        return see_other(url_for("player.show_course_home", slug=slug))
    catalogue.refuse_closed(outline, clock.now())
    return _enrollment_page(outline, EnrollmentForm(formdata=None))


@bp.post("/courses/<slug>/enrollment")
@commits
def create_enrollment(slug: str) -> ResponseReturnValue:
    now = clock.now()
    who = identity().person_id
    throttle.count("enroll", str(who), TRIES_AN_HOUR, timedelta(hours=1), now)
    commit_before_slow_work()
    outline = editions.get_current_outline(slug)
    catalogue.refuse_closed(outline, now)
    form = EnrollmentForm()
    if not form.validate_on_submit():
        return _enrollment_page(outline, form, 422)
    code = form.key.data or ""
    if key_offers.names_agency(code, outline.course_id, who, now):
        return see_other(url_for("enrollment.show_key", code=shown_code(normal_key(code))))
    try:
        enrollments.enroll(who, outline, code, now)
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _enrollment_page(outline, form, 422)
    flash(f"You are enrolled in {outline.title}.", "success")
    return see_other(url_for("player.show_course_home", slug=slug))


@bp.get("/learn")
def list_my_courses() -> ResponseReturnValue:
    now = clock.now()
    found = my_courses.list_my_courses(identity().person_id, now)
    extensions = access.list_offers((course.enrollment for course in found), now)
    rows = [(course, _href(course), extensions.get(course.enrollment.id)) for course in found]
    return render_template(
        "enrollment/my_courses.html",
        orders=orders.list_open_orders(identity().person_id),
        rows=rows,
        reviews=reviewers.list_outlines_for(identity(), now),
    )


def _href(course: MyCourse) -> str:
    """Where Continue leads: to the next step itself; without one, to the course home."""
    slug = course.outline.slug
    if course.step is None:
        return url_for("player.show_course_home", slug=slug)
    return step_url(slug, course.step, course.certificate)


def _enrollment_page(
    outline: Outline, form: EnrollmentForm, status: int = 200
) -> ResponseReturnValue:
    now = clock.now()
    return page(
        "enrollment/confirm.html",
        status,
        outline=outline,
        form=form,
        ways=ways_into(outline),
        hours=credit.in_words(credit.hours(outline.minutes)),
        credits=certification.list_credits(outline, catalogue.provider_day(now)),
        approval_ends=approval_ends.list_ends(outline, catalogue.provider_day(now)),
        access_until=now + timedelta(days=outline.access_days),
        completed=enrollments.find_last_completed(identity().person_id, outline.course_id),
        repeat=transcripts.find_repeat(
            identity().person_id, outline.course_id, catalogue.provider_day(now)
        ),
    )
