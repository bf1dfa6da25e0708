"""Mail and jobs that failed or are late, in the panel."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.admin.views import bp
from blueprints.http import actor, commits, identity, see_other
from domain.wording import local
from services import stuck_jobs
from services.stuck_jobs import StuckJob

KINDS = {"mail": "Mail", "certificate": "Certificate PDF", "regrade": "Grading again"}


@bp.get("/admin/jobs")
def list_stuck_jobs() -> ResponseReturnValue:
    return render_template(
        "admin/stuck_jobs.html",
        failed=[(one.job.id, _row(one)) for one in stuck_jobs.list_failed()],
        late=[_row(one) for one in stuck_jobs.list_late(clock.now())],
    )


@bp.post("/admin/jobs/<int:job_id>/again")
@commits
def try_job_again(job_id: int) -> ResponseReturnValue:
    stuck_jobs.try_again(job_id, actor(), clock.now())
    flash("It is tried again now.", "success")
    return see_other(url_for("admin.list_stuck_jobs"))


def _row(one: StuckJob) -> list[str | Markup]:
    kind = KINDS.get(one.job.kind, one.job.kind.capitalize())
    return [
        f"{kind} to {one.recipient}" if one.recipient else kind,
        local(one.job.run_at, identity().time_zone),
        str(one.job.tries),
        one.job.error or "–",
    ]
