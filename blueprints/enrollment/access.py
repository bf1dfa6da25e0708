"""Extending the access to a course: one click, once, free of charge."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.enrollment.views import bp
from blueprints.http import commits, identity, see_other
from domain.wording import local_date
from services import access
from services.enrollments import get_study_for


@bp.post("/learn/<slug>/extension")
@commits
def create_extension(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    until = access.extend(study, clock.now())
    day = local_date(until, identity().time_zone)
    flash(f"Your access to {study.outline.title} now ends on {day}.", "success")
    return see_other(url_for("player.show_course_home", slug=slug))
