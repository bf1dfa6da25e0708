"""The evaluation: a form built from the edition's own questions."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import commits, identity, page, see_other
from blueprints.player import signs
from domain.evaluation import Field, accepted_answers, find_problems, list_fields, list_groups
from services import evaluations
from services.enrollments import Study, get_study_for
from services.progress import get_progress

bp = Blueprint("evaluation", __name__)


@bp.get("/learn/<slug>/evaluation")
def show_evaluation(slug: str) -> ResponseReturnValue:
    """The form; its token says when it was opened, for the time that it takes."""
    study = get_study_for(identity().person_id, slug)
    progress = get_progress(study.enrollment.id)
    if progress.evaluated_at is not None:
        return see_other(url_for("certificates.show_completion", slug=slug))
    evaluations.refuse_closed(study, progress)
    time_signs = signs.open_evaluation(study, clock.now())
    return _evaluation_page(study, {}, [], time_signs=time_signs, token=time_signs.token)


@bp.post("/learn/<slug>/evaluation")
@commits
def submit_evaluation(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    progress = get_progress(study.enrollment.id)
    evaluations.refuse_closed(study, progress)
    fields = list_fields(study.outline)
    typed = {field.name: request.form.get(field.name, "") for field in fields}
    token = request.form.get("token", "")
    problems = find_problems(fields, typed)
    if problems:
        return _evaluation_page(study, typed, problems, 422, time_signs=None, token=token)
    if token:
        view = signs.with_view(signs.unseal(token, study.enrollment.person_id))
        evaluations.finish_view(study, view.page_view_id, clock.now())
    answers = accepted_answers(fields, typed)
    evaluations.submit_evaluation(study, progress, answers, clock.now())
    return see_other(url_for("certificates.show_completion", slug=slug))


def _evaluation_page(
    study: Study,
    typed: dict[str, str],
    problems: list[tuple[Field, str]],
    status: int = 200,
    **more: Any,
) -> ResponseReturnValue:
    evaluation = study.outline.evaluation
    return page(
        "evaluation/evaluation.html",
        status,
        study=study,
        title=evaluation["title"],
        intro=Markup(evaluation["intro_html"]),  # noqa: S704 - sanitized at publishing
        groups=list_groups(study.outline),
        typed=typed,
        problems=[(_target(field), words) for field, words in problems],
        faults={field.name: words for field, words in problems},
        **more,
    )


def _target(field: Field) -> str:
    """The id of the control that a problem is about: the text, or the first radio button."""
    return field.name if field.kind == "text" else f"{field.name}-1"
